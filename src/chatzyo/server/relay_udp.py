"""UDP sockets of the relay: one for each address it listens on, and those it relays through.

Media is dropped rather than waited for: a full socket buffer or an ICMP error never blocks.
"""

import asyncio
import socket
import sys
from collections.abc import Callable
from typing import Final

from chatzyo.server import entropy
from chatzyo.server.relay_batch import BUFFER_BYTES, IS_AVAILABLE, MESSAGES, Batch, Packets
from chatzyo.traversal import address
from chatzyo.traversal.address import Flow

LARGEST_DATAGRAM: Final = 65_535
DATAGRAMS_PER_WAKE: Final = 256
BATCHES_PER_WAKE: Final = 4
"""Then timers and streams have their turn."""

SOCKET_BUFFER_BYTES: Final = 4 * 1024 * 1024
"""About 100 ms of media at 300 Mbit/s; the kernel gives what it allows."""

REMEMBERED_ADDRESSES: Final = 8192
"""Addresses in both spellings, so that they are not converted for each packet."""

DF_OPTION: Final = 10 if sys.platform == "linux" else None
"""IP_MTU_DISCOVER of Linux, which Python does not name before 3.14."""

_DF_ON: Final = 2
_DF_OFF: Final = 0

SocketAddress = tuple[str, int]
Receive = Callable[[bytes, bytes, float], None]
"""Takes the packed address of the sender, the data, and the time."""


class DatagramSocket:
    """A bound, non-blocking UDP socket that is read in batches."""

    def __init__(self, host: str, port: int) -> None:
        """Bind; raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._prepare(family)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._packed_by_address: dict[SocketAddress, bytes] = {}
        self._address_by_packed: dict[bytes, SocketAddress] = {}

    def _prepare(self, family: socket.AddressFamily) -> None:
        if family is socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, buffer, SOCKET_BUFFER_BYTES)
        self._socket.settimeout(0)

    def start(self, receive: Receive, after: Callable[[float], None]) -> None:
        """Read when there is something; `after` is called once behind each batch."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._read, receive, after)

    def close(self) -> None:
        """Read no more."""
        if self._loop:
            self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    def send(self, to: bytes, data: bytes) -> None:
        """Send to a packed address, or drop."""
        target = self._address_by_packed.get(to)
        if target is None:
            target = self._remember(address.unpack(to), to)
        try:
            self._socket.sendto(data, target)
        except OSError:
            return

    def flush(self) -> None:
        """Send what is queued; here nothing ever is."""

    def send_unfragmented(self, to: bytes, data: bytes) -> None:
        """Send with the DF bit (RFC 8656 section 14); IPv6 is never fragmented on the way."""
        if self._socket.family is not socket.AF_INET or DF_OPTION is None:
            self.send(to, data)
            return
        self._socket.setsockopt(socket.IPPROTO_IP, DF_OPTION, _DF_ON)
        self.send(to, data)
        self._socket.setsockopt(socket.IPPROTO_IP, DF_OPTION, _DF_OFF)

    def _read(self, receive: Receive, after: Callable[[float], None]) -> None:
        now = entropy.clock()
        receive_from, packed_by_address = self._socket.recvfrom, self._packed_by_address
        for _ in range(DATAGRAMS_PER_WAKE):
            try:
                data, source = receive_from(LARGEST_DATAGRAM)
            except BlockingIOError:
                break
            except OSError:
                continue  # an ICMP error about something sent earlier
            source = source[:2]
            packed = packed_by_address.get(source)
            if packed is None:
                packed = address.pack(*source)
                self._remember(source, packed)
            receive(packed, data, now)
        after(now)

    def _remember(self, plain: SocketAddress, packed: bytes) -> SocketAddress:
        if len(self._address_by_packed) >= REMEMBERED_ADDRESSES:
            self._packed_by_address.clear()
            self._address_by_packed.clear()
        self._packed_by_address[plain] = packed
        self._address_by_packed[packed] = plain
        return plain


class BatchedSocket(DatagramSocket):
    """One that reads and writes many datagrams with one system call."""

    def __init__(self, host: str, port: int) -> None:
        """Bind; raises OSError. Only where relay_batch.IS_AVAILABLE."""
        super().__init__(host, port)
        self._batch = Batch(self._socket)
        self._waiting: Packets = []

    def send(self, to: bytes, data: bytes) -> None:
        """Queue until `flush`."""
        if len(data) > BUFFER_BYTES:
            super().send(to, data)
            return
        self._waiting.append((to, data))
        if len(self._waiting) == MESSAGES:
            self.flush()

    def flush(self) -> None:
        """Send what is queued."""
        if self._waiting:
            self._batch.send(self._waiting)
            self._waiting = []

    def _read(self, receive: Receive, after: Callable[[float], None]) -> None:
        now = entropy.clock()
        for _ in range(BATCHES_PER_WAKE):
            packets = self._batch.receive()
            for packed, data in packets:
                receive(packed, data, now)
            self.flush()
            if len(packets) < MESSAGES:
                break
        after(now)


def listening_socket(host: str, port: int) -> DatagramSocket:
    """The fastest kind of socket that this platform has."""
    return BatchedSocket(host, port) if IS_AVAILABLE else DatagramSocket(host, port)


class DatagramListener:
    """A socket that clients speak to."""

    def __init__(self, listener: int, bound: DatagramSocket) -> None:
        """`listener` is the first byte of its flows."""
        self._prefix = bytes((listener,))
        self._socket = bound
        self.flush = bound.flush

    def start(
        self, receive: Callable[[Flow, bytes, float], None], after: Callable[[float], None]
    ) -> None:
        """Hand every datagram to `receive`."""
        prefix = self._prefix
        self._socket.start(
            lambda packed, data, now: receive(Flow(prefix + packed), data, now), after
        )

    def send(self, flow: Flow, data: bytes) -> None:
        """Send to a client."""
        self._socket.send(flow[1:], data)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()
