"""Clients on the wire: `Visitor` converses, `Pump` and `Sink` only count bytes.

All are protocols of one transport: a visitor that has been introduced is replaced by a counter, so
that the generator spends as little per message as Python can.
"""

import asyncio
import itertools
import socket
from collections import deque
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final, NamedTuple, cast

from signaling_load.dialects import Dialect
from signaling_load.frames import CLOSE, PING, PONG, TEXT, FrameError, masked, take_frame

ANSWER_SECONDS: Final = 20.0
"""No server needs as long for anything; what takes longer has failed."""

_HEADERS: Final = (
    "GET {path} HTTP/1.1\r\n"
    "Host: 127.0.0.1:{port}\r\n"
    "Origin: http://127.0.0.1:{port}\r\n"
    "Connection: Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Heard(NamedTuple):
    """A text from the server and the moment it was read."""

    at: float
    text: bytes
    size: int


class Visitor(asyncio.Protocol):
    """One client in conversation: upgrades, greets, answers pings, keeps what it hears."""

    transport: asyncio.Transport

    def __init__(
        self, name: str, port: int, dialect: Dialect, on_ready: Callable[["Visitor"], None]
    ) -> None:
        """`on_ready` is called once, when the server has accepted the visitor."""
        self.name = name
        self.port = port
        self._dialect = dialect
        self._on_ready = on_ready
        self._buffer = bytearray()
        self._upgraded = False
        self._greeted = 0
        self._heard: deque[Heard] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports have the methods of asyncio.Transport but do not inherit from it.
        self.transport = cast("asyncio.Transport", transport)
        path = self._dialect.path(self.name)
        self.transport.write(_HEADERS.format(path=path, port=self.port).encode())

    def data_received(self, data: bytes) -> None:
        """Read what came, frame by frame."""
        at = perf_counter()
        self._buffer += data
        if not self._upgraded and not self._take_upgrade():
            return
        while (frame := take_frame(self._buffer)) is not None:
            if frame.opcode == TEXT:
                self._handle_text(Heard(at, frame.payload, frame.size))
            elif frame.opcode == PING:
                self.transport.write(masked(PONG, frame.payload))
            elif frame.opcode == CLOSE:
                self._fail(f"closed by the server: {frame.payload!r}")

    def connection_lost(self, _exc: Exception | None) -> None:
        """A waiting conversation ends with an error."""
        self._fail("connection lost")

    def say(self, text: bytes) -> None:
        """Send one text."""
        self.transport.write(masked(TEXT, text))

    async def hear(self, beginning: bytes) -> Heard:
        """Wait for the next text that begins so; others before it are passed over."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                heard = await self._next()
                if heard.text.startswith(beginning):
                    return heard

    async def hear_many(self, count: int) -> list[Heard]:
        """Wait for the next texts, whatever they are."""
        async with asyncio.timeout(ANSWER_SECONDS):
            return [await self._next() for _ in range(count)]

    async def _next(self) -> Heard:
        while not self._heard:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._heard.popleft()

    def _take_upgrade(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self._buffer.startswith(b"HTTP/1.1 101 "):
            self._fail(f"no upgrade: {bytes(self._buffer[:80])!r}")
        del self._buffer[: end + 4]
        self._upgraded = True
        if self._dialect.opening is not None:
            self.say(self._dialect.opening)
        return True

    def _handle_text(self, heard: Heard) -> None:
        greeting = self._dialect.greeting
        if self._greeted == len(greeting):
            self._heard.append(heard)
            self._wake()
            return
        beginning, answer = greeting[self._greeted]
        if not heard.text.startswith(beginning):
            self._fail(f"unexpected greeting: {heard.text[:80]!r}")
        self._greeted += 1
        if answer is not None:
            self.say(answer)
        if self._greeted == len(greeting):
            self._on_ready(self)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, why: str) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(FrameError(why))


class Tally:
    """What all counters of one scenario have seen."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.messages = 0
        self.bytes = 0
        self.fault: str | None = None

    def check(self) -> None:
        """Raise if any counter saw something it cannot count."""
        if self.fault is not None:
            raise FrameError(self.fault)


class _Counter(asyncio.BufferedProtocol):
    """Takes over a connection of which every coming byte is foreseen."""

    # One buffer for all: the loop is single-threaded and the bytes are only counted.
    _buffer = bytearray(256 * 1024)

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def get_buffer(self, _sizehint: int) -> bytearray:
        """Lend the common buffer."""
        return self._buffer

    def connection_lost(self, _exc: Exception | None) -> None:
        """Only the end of the scenario may end a connection."""
        self._tally.fault = "connection lost under load"


class Pump(_Counter):
    """Answers each message of the partner with its own next one."""

    def __init__(
        self, tally: Tally, transport: asyncio.Transport, messages: Sequence[tuple[bytes, int]]
    ) -> None:
        """`messages`: own frame, and the bytes of the partner's message it answers."""
        super().__init__(tally)
        self._write = transport.write
        self._next = itertools.cycle(messages).__next__
        self._frame, self._expected = self._next()
        self._received = 0

    def buffer_updated(self, nbytes: int) -> None:
        """Count; speak when the partner's message is complete."""
        received = self._received + nbytes
        if received == self._expected:
            self._tally.messages += 1
            self._write(self._frame)
            self._frame, self._expected = self._next()
            received = 0
        elif received > self._expected:
            self._tally.fault = "more bytes than were sent"
        self._received = received


class Sink(_Counter):
    """Only counts."""

    def buffer_updated(self, nbytes: int) -> None:
        """Count."""
        self._tally.bytes += nbytes


def replace_protocol(transport: asyncio.Transport, protocol: asyncio.BaseProtocol) -> None:
    """Hand a connection over; reading stops meanwhile, because buffered reading starts anew."""
    transport.pause_reading()
    transport.set_protocol(protocol)
    transport.resume_reading()


def connected_socket(port: int) -> socket.socket:
    """Connect without waiting for the loop: on loopback the kernel answers at once."""
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.connect(("127.0.0.1", port))
    connection.settimeout(0)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
