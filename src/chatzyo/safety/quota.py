"""Token buckets: how much one connection may send."""

from typing import Final

from chatzyo.protocol.limits import BYTES_PER_SECOND, MESSAGE_BURST, MESSAGES_PER_SECOND

_BURST_SECONDS: Final = MESSAGE_BURST / MESSAGES_PER_SECOND


class Quota:
    """Two token buckets, for messages and for bytes, refilled together as time passes.

    Both are checked for every frame that arrives, so they share one clock and one object.
    """

    __slots__ = ("_byte_rate", "_bytes", "_message_rate", "_messages", "_updated")

    def __init__(
        self,
        *,
        now: float,
        messages_per_second: float = MESSAGES_PER_SECOND,
        bytes_per_second: float = BYTES_PER_SECOND,
    ) -> None:
        """Start full: a burst of twice a second's messages and of one second's bytes."""
        self._message_rate = messages_per_second
        self._byte_rate = bytes_per_second
        self._messages = messages_per_second * _BURST_SECONDS
        self._bytes = bytes_per_second
        self._updated = now

    def take(self, size: int, now: float) -> bool:
        """Account for one message of `size` bytes; False means that a limit is exceeded."""
        passed = now - self._updated
        self._updated = now
        rate = self._message_rate
        messages = self._messages + passed * rate
        if messages > rate * _BURST_SECONDS:  # noqa: PLR1730 - every frame pays, min() costs twice
            messages = rate * _BURST_SECONDS
        self._messages = messages = messages - 1.0
        rate = self._byte_rate
        size_left = self._bytes + passed * rate
        if size_left > rate:  # noqa: PLR1730 - as above
            size_left = rate
        self._bytes = size_left = size_left - size
        return messages >= 0.0 and size_left >= 0.0
