"""Messages in a TCP or TLS stream: their own lengths separate them (RFC 8656 section 3.1).

ChannelData is padded to four bytes there, and the padding is not part of its length. What cannot
be a message ends the stream: searching for the next one would let an attacker choose where.
"""

from collections.abc import Iterator
from typing import Final

from chatzyo.traversal.stun.attributes import MAGIC_COOKIE
from chatzyo.traversal.stun.errors import Malformed
from chatzyo.traversal.stun.message import HEADER_BYTES
from chatzyo.traversal.turn import channel

CHANNEL_HEADER_BYTES: Final = 4

FIRST_CHANNEL_BYTE: Final = channel.LOWEST >> 8
LAST_CHANNEL_BYTE: Final = channel.HIGHEST >> 8

LARGEST_FRAME: Final = 16 * 1024
"""Media and data channels send what fits one packet of a network; this leaves ample room."""


def padding(length: int) -> bytes:
    """What follows a ChannelData message of `length` bytes in a stream."""
    return bytes(-length % 4)


class Deframer:
    """Cuts a stream into messages."""

    def __init__(self) -> None:
        """Expect a STUN request first, whatever else speaks on this port."""
        self._waiting = bytearray()
        self._greeted = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the messages that are complete now. Raises Malformed: then close the stream."""
        self._waiting += data
        while size := self._next_size():
            message = bytes(self._waiting[:size])
            del self._waiting[: size + -size % 4]
            yield message

    def _next_size(self) -> int:
        """Bytes of the first message, or 0 while it, or its padding, is incomplete."""
        waiting = self._waiting
        if not self._greeted and not self._greets():
            return 0
        if len(waiting) < CHANNEL_HEADER_BYTES:
            return 0
        body = int.from_bytes(waiting[2:4], "big")
        if waiting[0] < 0x04 and not body % 4:
            size = HEADER_BYTES + body
        elif FIRST_CHANNEL_BYTE <= waiting[0] <= LAST_CHANNEL_BYTE:
            size = CHANNEL_HEADER_BYTES + body
        else:
            raise Malformed
        if size > LARGEST_FRAME:
            raise Malformed
        return size if len(waiting) >= size + -size % 4 else 0

    def _greets(self) -> bool:
        """Whether the stream begins as a STUN request does, as far as one can tell."""
        waiting = self._waiting
        if waiting and waiting[0] != 0x00:
            raise Malformed
        cookie = waiting[4:8]
        if not MAGIC_COOKIE.startswith(cookie):
            raise Malformed
        self._greeted = len(cookie) == len(MAGIC_COOKIE)
        return self._greeted
