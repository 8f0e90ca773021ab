"""TCP and TLS clients of the relay: streams cut into messages.

A stream that stays without an allocation is closed, as is one that sends what is no message. A slow
reader loses whole frames, never bytes in the middle of one.
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import Final, Protocol, cast

from chatzyo.server import entropy
from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Flow
from chatzyo.traversal.stun.errors import Malformed
from chatzyo.traversal.turn.framing import Deframer
from chatzyo.traversal.turn.quota import prefix_of

IDLE_SECONDS: Final = 10.0
"""A browser allocates within a few round trips."""

WAITING_BYTES: Final = 256 * 1024
"""About a second of video; what comes later than that is of no use."""

HANDSHAKE_SECONDS: Final = 5.0

MOST_STREAMS: Final = 8192
MOST_STREAMS_PER_PREFIX: Final = 256
"""Four for each allocation that a prefix may hold: streams come before credentials."""


class Core(Protocol):
    """What streams need of the relay."""

    def receive(self, flow: Flow, data: bytes, now: float) -> None:
        """Take one message."""

    def settle(self, now: float) -> None:
        """Carry out commands and arm the timer, after one or more messages."""

    def handle_closed(self, flow: Flow, now: float) -> None:
        """A client is gone."""

    def has_allocation(self, flow: Flow) -> bool:
        """Whether a client may stay."""


class Streams:
    """All streams of a relay."""

    def __init__(self, core: Core) -> None:
        """Start without any."""
        self.core = core
        self.by_flow: dict[Flow, Stream] = {}
        self._count_by_prefix: Counter[bytes] = Counter()

    def enter(self, stream: "Stream") -> bool:
        """Take in a stream if there is room; pair every True with `leave`."""
        prefix = prefix_of(address.ip_of(address.client_of(stream.flow)))
        full = len(self.by_flow) >= MOST_STREAMS
        if (
            full
            or stream.flow in self.by_flow
            or self._count_by_prefix[prefix] >= MOST_STREAMS_PER_PREFIX
        ):
            return False
        self.by_flow[stream.flow] = stream
        self._count_by_prefix[prefix] += 1
        return True

    def leave(self, stream: "Stream") -> None:
        """Forget a stream, and its allocation with it."""
        del self.by_flow[stream.flow]
        prefix = prefix_of(address.ip_of(address.client_of(stream.flow)))
        self._count_by_prefix[prefix] -= 1
        if not self._count_by_prefix[prefix]:
            del self._count_by_prefix[prefix]
        self.core.handle_closed(stream.flow, entropy.clock())

    def send(self, flow: Flow, data: bytes) -> None:
        """Send to a client that is still there and still reads."""
        if stream := self.by_flow.get(flow):
            stream.send(data)

    def close_idle(self, now: float) -> None:
        """Close what has been without an allocation for too long."""
        for stream in list(self.by_flow.values()):
            if self.core.has_allocation(stream.flow):
                stream.active = now
            elif now - stream.active > IDLE_SECONDS:
                stream.abort()

    def close(self) -> None:
        """Close all."""
        for stream in list(self.by_flow.values()):
            stream.abort()


class Stream(asyncio.Protocol):
    """One client."""

    def __init__(self, listener: int, streams: Streams) -> None:
        """`listener` is the first byte of its flow."""
        self._listener = listener
        self._streams = streams
        self._deframer = Deframer()
        self._transport: asyncio.Transport | None = None
        self._entered = False
        self.flow = Flow(b"")
        self.active = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it in, unless there are too many."""
        self._transport = cast("asyncio.Transport", transport)
        source = transport.get_extra_info("peername")
        self.flow = address.flow_of(self._listener, ClientAddress(address.pack(*source[:2])))
        self.active = entropy.clock()
        self._entered = self._streams.enter(self)
        if not self._entered:
            self.abort()

    def data_received(self, data: bytes) -> None:
        """Hand on the messages that are complete."""
        if not self._entered:
            return
        core, now = self._streams.core, entropy.clock()
        try:
            for message in self._deframer.feed(data):
                core.receive(self.flow, message, now)
        except Malformed:
            self.abort()
        core.settle(now)

    def connection_lost(self, _error: Exception | None) -> None:
        """Forget it."""
        if self._entered:
            self._entered = False
            self._streams.leave(self)

    def send(self, data: bytes) -> None:
        """Write one frame, or drop it when too many wait."""
        if self._transport and self._transport.get_write_buffer_size() + len(data) <= WAITING_BYTES:
            self._transport.write(data)

    def abort(self) -> None:
        """End it without waiting for the other side."""
        if self._transport:
            self._transport.abort()


def bind_stream(host: str, port: int) -> socket.socket:
    """Bind without listening yet; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family is socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


async def listen(
    bound: socket.socket, make: Callable[[], Stream], security: ssl.SSLContext | None
) -> asyncio.Server:
    """Accept clients."""
    return await asyncio.get_running_loop().create_server(
        make,
        sock=bound,
        ssl=security,
        ssl_handshake_timeout=HANDSHAKE_SECONDS if security else None,
    )
