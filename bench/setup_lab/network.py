"""Delay without privileges: a TCP proxy before a server, a UDP relay between two browsers."""

import asyncio
import functools
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, cast

_FAR_AWAY: Final = ("198.51.100.1", 9)
"""Nothing is sent there; asking for the way to it names the address that browsers use."""

Datagram = tuple[str, int]


class Delay:
    """Calls back in the order of asking, each after the delay that holds when it is asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        """`seconds` may be changed at any time."""
        self.seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._queue: deque[tuple[float, Callable[[], None]]] = deque()

    def call(self, callback: Callable[[], None], *, not_before: float = 0.0) -> None:
        """`not_before` is a time of the loop from which the delay runs."""
        due = max(self._loop.time(), not_before) + self.seconds
        if self._queue:
            due = max(due, self._queue[-1][0])
        else:
            self._loop.call_at(due, self._release)
        self._queue.append((due, callback))

    def _release(self) -> None:
        while self._queue and self._queue[0][0] <= self._loop.time():
            self._queue.popleft()[1]()
        if self._queue:
            self._loop.call_at(self._queue[0][0], self._release)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Bytes, or a new connection, that passed the proxy; milliseconds since 1970."""

    at: float
    connection: int
    what: Literal["open", "up", "down"]


class DelayingProxy:
    """Stands before a server for one browser.

    It accepts at once, so the round trip that opens a TCP connection is added to the first bytes.
    """

    def __init__(self, port: int) -> None:
        """`port` is the server's; `open` starts to listen."""
        self.passages: list[Passage] = []
        self.one_way_seconds = 0.0
        self._server_port = port
        self._connections = 0
        self._listener: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen and return the port."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: _Near(self), "127.0.0.1", 0)
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop listening; connections end with their browsers."""
        if self._listener is not None:
            self._listener.close()

    def connect(self, near: "_Near") -> int:
        """Number a new connection and lead it to the server."""
        self._connections += 1
        asyncio.get_running_loop().create_task(self._lead(near)).add_done_callback(_reveal)
        self.note(self._connections, "open")
        return self._connections

    def note(self, connection: int, what: Literal["open", "up", "down"]) -> None:
        """Keep what passes."""
        self.passages.append(Passage(at=time.time() * 1000, connection=connection, what=what))

    async def _lead(self, near: "_Near") -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: _Far(near), "127.0.0.1", self._server_port)


def _reveal(task: asyncio.Task[None]) -> None:
    task.result()


class _Near(asyncio.Protocol):
    """The browser's side of a proxied connection."""

    def __init__(self, proxy: DelayingProxy) -> None:
        self._proxy = proxy
        self._up, self._down = Delay(), Delay()
        self._early: list[bytes] = []
        self._far: asyncio.Transport | None = None
        self._opened_at = 0.0
        self._number = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        now = asyncio.get_running_loop().time()
        self._opened_at = now + 2 * self._proxy.one_way_seconds
        self._number = self._proxy.connect(self)

    def data_received(self, data: bytes) -> None:
        self._proxy.note(self._number, "up")
        self._up.seconds = self._proxy.one_way_seconds
        self._up.call(functools.partial(self._send, data), not_before=self._opened_at)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._far is not None:
            self._far.close()

    def _send(self, data: bytes) -> None:
        if self._far is None:
            self._early.append(data)
        else:
            self._far.write(data)

    def reached(self, far: asyncio.Transport) -> None:
        """The server has accepted."""
        self._far = far
        far.writelines(self._early)
        self._early.clear()

    def receive(self, data: bytes) -> None:
        """The server has sent something."""
        self._down.seconds = self._proxy.one_way_seconds
        self._down.call(functools.partial(self._deliver, data))

    def ended(self) -> None:
        """The server has closed."""
        self._down.call(self._transport.close)

    def _deliver(self, data: bytes) -> None:
        self._proxy.note(self._number, "down")
        self._transport.write(data)


class _Far(asyncio.Protocol):
    """The server's side of a proxied connection."""

    def __init__(self, near: _Near) -> None:
        self._near = near

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._near.reached(cast("asyncio.Transport", transport))

    def data_received(self, data: bytes) -> None:
        self._near.receive(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self._near.ended()


class DelayingRelay:
    """Two UDP ports; what comes to one leaves from the other, delayed.

    A browser that is told the first port as its partner's, and another that is told the second, see
    each other through it. As behind a home router, nothing passes towards a browser that has not
    sent anything itself.
    """

    def __init__(self, address: str, one_way_seconds: float) -> None:
        """`address` is this machine's; `open` starts to listen."""
        self.address = address
        self._one_way_seconds = one_way_seconds
        self._ends: list[_End] = []

    async def open(self) -> tuple[int, int]:
        """Listen and return both ports."""
        loop = asyncio.get_running_loop()
        self._ends = [_End(Delay(self._one_way_seconds)) for _ in range(2)]
        first, second = self._ends
        first.other, second.other = second, first
        here = (self.address, 0)
        await loop.create_datagram_endpoint(lambda: first, local_addr=here)
        await loop.create_datagram_endpoint(lambda: second, local_addr=here)
        return first.port, second.port

    def close(self) -> None:
        """Stop relaying."""
        for end in self._ends:
            end.transport.abort()


class _End(asyncio.DatagramProtocol):
    other: "_End"
    transport: asyncio.DatagramTransport

    def __init__(self, delay: Delay) -> None:
        self._delay = delay
        self._browser: Datagram | None = None

    @property
    def port(self) -> int:
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, sender: Datagram) -> None:
        self._browser = sender
        self._delay.call(functools.partial(self.other.send, data))

    def send(self, data: bytes) -> None:
        """Pass a packet of the other end on to this end's browser, if it is known."""
        if self._browser is not None and not self.transport.is_closing():
            self.transport.sendto(data, self._browser)


def own_address() -> str:
    """The address of this machine that browsers offer to each other."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_FAR_AWAY)
        address: str = probe.getsockname()[0]
        return address
