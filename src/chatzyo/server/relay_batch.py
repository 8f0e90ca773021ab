"""Many datagrams with one system call: Linux's recvmmsg and sendmmsg through ctypes.

The system call is what a packet costs most. Elsewhere, and for datagrams that are larger than what
networks carry, relay_udp takes them one by one.
"""

import ctypes
import errno
import socket
import sys
from typing import Final

from chatzyo.traversal.address import IPV4_BYTES

IS_AVAILABLE: Final = sys.platform == "linux" and ctypes.sizeof(ctypes.c_void_p) == 8
"""The offsets below are those of 64-bit Linux."""

MESSAGES: Final = 128
BUFFER_BYTES: Final = 2048
"""More than any path carries in one piece; what is larger was fragmented and is not media."""

_NAME_BYTES: Final = 28
_HEADER_WORDS: Final = 16
_LENGTH_WORD: Final = 14
_FLAGS_WORD: Final = 12
_IPV4_NAME_BYTES: Final = 16
_IPV6_ADDRESS: Final = 8

Packets = list[tuple[bytes, bytes]]
"""Packed address and data of each."""


class _IoVector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))  # type: ignore[mutable-override]


class _Header(ctypes.Structure):
    """struct mmsghdr, 64 bytes."""

    _fields_ = (  # type: ignore[mutable-override]
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("length", ctypes.c_uint32),
    )


class _Slots:
    """Headers, addresses and buffers of one direction."""

    def __init__(self, family: int) -> None:
        name_bytes = _IPV4_NAME_BYTES if family == socket.AF_INET else _NAME_BYTES
        self.headers = (_Header * MESSAGES)()
        self._vectors = (_IoVector * MESSAGES)()
        self._names = (ctypes.c_char * (_NAME_BYTES * MESSAGES))()
        self._buffers = (ctypes.c_char * (BUFFER_BYTES * MESSAGES))()
        for number in range(MESSAGES):
            vector = self._vectors[number]
            vector.base = ctypes.addressof(self._buffers) + number * BUFFER_BYTES
            vector.length = BUFFER_BYTES
            header = self.headers[number]
            header.name = ctypes.addressof(self._names) + number * _NAME_BYTES
            header.name_length = name_bytes
            header.vectors = ctypes.addressof(vector)
            header.vector_count = 1
        self.words = memoryview(self.headers).cast("B").cast("I")
        self.lengths = memoryview(self._vectors).cast("B").cast("Q")
        self.names = memoryview(self._names).cast("B")
        self.buffers = memoryview(self._buffers).cast("B")


class Batch:
    """Reads and writes one bound UDP socket."""

    def __init__(self, bound: socket.socket) -> None:
        """Only where IS_AVAILABLE; the socket must be non-blocking and outlive this."""
        library = ctypes.CDLL(None, use_errno=True)
        self._receive_many = library.recvmmsg
        self._send_many = library.sendmmsg
        self._descriptor = bound.fileno()
        self._is_ipv4 = bound.family == socket.AF_INET
        self._in = _Slots(bound.family)
        self._out = _Slots(bound.family)
        family = int(bound.family).to_bytes(2, sys.byteorder)
        for number in range(MESSAGES):
            self._out.names[number * _NAME_BYTES : number * _NAME_BYTES + 2] = family

    def receive(self) -> Packets:
        """What has arrived, at most MESSAGES; empty when nothing has."""
        slots = self._in
        count = self._receive_many(
            self._descriptor, slots.headers, MESSAGES, socket.MSG_DONTWAIT, None
        )
        words, names, buffers = slots.words, slots.names, slots.buffers
        packets = []
        for number in range(count):
            word = number * _HEADER_WORDS
            if words[word + _FLAGS_WORD] & socket.MSG_TRUNC:
                continue
            at = number * BUFFER_BYTES
            data = buffers[at : at + words[word + _LENGTH_WORD]].tobytes()
            name = number * _NAME_BYTES
            if self._is_ipv4:
                packed = names[name + 2 : name + 4 + IPV4_BYTES].tobytes()
            else:
                start = name + _IPV6_ADDRESS
                packed = names[name + 2 : name + 4].tobytes() + names[start : start + 16].tobytes()
            packets.append((packed, data))
        return packets

    def send(self, packets: Packets) -> None:
        """Send at most MESSAGES of at most BUFFER_BYTES; what finds no room is dropped."""
        slots = self._out
        names, buffers, lengths = slots.names, slots.buffers, slots.lengths
        for number, (packed, data) in enumerate(packets):
            at = number * BUFFER_BYTES
            size = len(data)
            buffers[at : at + size] = data
            lengths[2 * number + 1] = size
            name = number * _NAME_BYTES
            if self._is_ipv4:
                names[name + 2 : name + 4 + IPV4_BYTES] = packed
            else:
                names[name + 2 : name + 4] = packed[:2]
                start = name + _IPV6_ADDRESS
                names[start : start + 16] = packed[2:]
        self._flush(len(packets))

    def _flush(self, count: int) -> None:
        done = 0
        while done < count:
            first = ctypes.byref(self._out.headers, done * ctypes.sizeof(_Header))
            sent = self._send_many(self._descriptor, first, count - done, socket.MSG_DONTWAIT)
            if sent < 0 and ctypes.get_errno() in (errno.EAGAIN, errno.ENOBUFS):
                return  # media is not worth waiting for
            done += max(sent, 1)  # the one that cannot be sent is left out
