"""WebSocket frames (RFC 6455) as a client builds and reads them; no input or output."""

import os
import struct
from typing import Final, NamedTuple

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

_FINAL: Final = 0x80
_MASKED: Final = 0x80


class Frame(NamedTuple):
    """One complete frame from the server."""

    opcode: int
    payload: bytes
    size: int
    """Bytes on the wire, header included."""


class FrameError(Exception):
    """The server sent something that this benchmark does not expect."""


def masked(opcode: int, payload: bytes) -> bytes:
    """Build one client frame, masked with a random key as a browser does."""
    size = len(payload)
    if size < 126:
        header = struct.pack(">BB", _FINAL | opcode, _MASKED | size)
    else:
        header = struct.pack(">BBH", _FINAL | opcode, _MASKED | 126, size)
    key = os.urandom(4)
    stream = (key * (size // 4 + 1))[:size]
    body = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return header + key + body.to_bytes(size, "big")


def take_frame(buffer: bytearray) -> Frame | None:
    """Remove the first complete frame from `buffer`; None when it is not complete yet."""
    if len(buffer) < 2:
        return None
    if not buffer[0] & _FINAL or buffer[0] & 0x70 or buffer[1] & _MASKED:
        raise FrameError("fragmented, compressed or masked frame")
    start, size = 2, buffer[1]
    if size == 126:
        start, size = 4, int.from_bytes(buffer[2:4], "big")
    elif size == 127:
        raise FrameError("frame over 64 KiB")
    end = start + size
    if len(buffer) < start or len(buffer) < end:
        return None
    frame = Frame(buffer[0] & 0x0F, bytes(buffer[start:end]), end)
    del buffer[:end]
    return frame
