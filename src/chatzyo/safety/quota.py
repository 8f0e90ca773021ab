"""Token buckets: how much one connection may send."""

from chatzyo.protocol.limits import BYTES_PER_SECOND, MESSAGE_BURST, MESSAGES_PER_SECOND


class Bucket:
    """A token bucket: holds `burst` tokens, refilled at `rate` tokens a second."""

    __slots__ = ("_burst", "_rate", "_tokens", "_updated")

    def __init__(self, *, rate: float, burst: float, now: float) -> None:
        """Start full."""
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._updated = now

    def take(self, amount: float, now: float) -> bool:
        """Take tokens if there are enough; a refused request takes nothing."""
        tokens = min(self._burst, self._tokens + (now - self._updated) * self._rate)
        self._updated = now
        if tokens < amount:
            self._tokens = tokens
            return False
        self._tokens = tokens - amount
        return True


class Quota:
    """Messages and bytes a connection may send."""

    __slots__ = ("_bytes", "_messages")

    def __init__(
        self,
        *,
        now: float,
        messages_per_second: float = MESSAGES_PER_SECOND,
        bytes_per_second: float = BYTES_PER_SECOND,
    ) -> None:
        """Allow a burst of twice a second's messages and of one second's bytes."""
        burst = messages_per_second * MESSAGE_BURST / MESSAGES_PER_SECOND
        self._messages = Bucket(rate=messages_per_second, burst=burst, now=now)
        self._bytes = Bucket(rate=bytes_per_second, burst=bytes_per_second, now=now)

    def take(self, size: int, now: float) -> bool:
        """Account for one message of `size` bytes; False means that the limit is exceeded."""
        return self._messages.take(1, now) and self._bytes.take(size, now)
