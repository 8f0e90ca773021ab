"""A relay core and clients that speak to it in scripts: request in, answer out."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Family, Flow, PeerAddress, RelayedAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.integrity import Signature
from chatzyo.traversal.stun.message import Builder, Kind, Message, Method, parse
from chatzyo.traversal.turn.auth import Credentials, long_term_key, mint
from chatzyo.traversal.turn.commands import CloseRelay, Command, OpenRelays, SendToClient
from chatzyo.traversal.turn.config import Config
from chatzyo.traversal.turn.policy import PeerPolicy
from chatzyo.traversal.turn.relaying import Hop
from chatzyo.traversal.turn.server import TurnServer

SECRET = b"secret"
REALM = "relay"
UNIX = 1_000_000.0
RELAY_V4 = address.ip_of(address.pack("192.0.2.1", 0))
RELAY_V6 = address.ip_of(address.pack("2001:db8::1", 0))
PEER = PeerAddress(address.pack("8.8.8.8", 5000))
PEER_V6 = PeerAddress(address.pack("2606:4700::1", 5000))

Fill = Callable[[Builder], Builder]


def chance() -> Callable[[int], bytes]:
    """Bytes that never repeat and are the same in every run."""
    numbers = itertools.count(1)
    return lambda size: (next(numbers) * 0x9E3779B97F4A7C15 % (1 << 8 * size)).to_bytes(size, "big")


def config(*, closed: bool = True, **changes: Any) -> Config:
    values: dict[str, Any] = {
        "realm": REALM,
        "secrets": [SECRET],
        "relay_ips": {Family.IPV4: RELAY_V4, Family.IPV6: RELAY_V6},
        "closed": closed,
        "bytes_per_second": 0,
    }
    return Config(**(values | changes))


@dataclass
class World:
    """One core, its time, and what it asked of its shell."""

    config: Config = field(default_factory=config)
    now: float = 0.0
    taken: set[RelayedAddress] = field(default_factory=set)
    """ports that somebody else has bound"""

    def __post_init__(self) -> None:
        ips = frozenset(self.config.relay_ips.values())
        self.policy = PeerPolicy(closed=self.config.closed, relay_ips=ips)
        self.core = TurnServer(self.config, self.policy, chance())
        self.core.unix_offset = UNIX
        self.open: set[RelayedAddress] = set()
        self.opened: list[OpenRelays] = []
        self.refuse_ports = False

    def feed(self, flow: Flow, data: bytes) -> Hop | None:
        hop = self.core.handle_client(flow, data, self.now)
        drained = self.drain()
        return hop or drained

    def drain(self) -> Hop | None:
        sent: Hop | None = None
        while command := self.core.next_command():
            sent = self._do(command) or sent
        return sent

    def _do(self, command: Command) -> Hop | None:
        match command:
            case SendToClient(flow=flow, data=data):
                return flow, data
            case OpenRelays(flow=flow, relayed=relayed):
                self.opened.append(command)
                free = not self.refuse_ports
                self.open |= set(relayed) if free else set()
                self.core.handle_opened(flow, self.now, success=free)
            case CloseRelay(relayed=closed):
                self.open.remove(closed)
        return None

    def pass_time(self, seconds: float) -> None:
        """Let timers fire at their times, as the shell would."""
        end = self.now + seconds
        while (due := self.core.poll_timeout()) is not None and due <= end:
            self.now = max(self.now, due)
            self.core.handle_timeout(self.now)
            self.drain()
        self.now = end

    def credentials(self, match: str = "match", name: bytes = b"someone") -> Credentials:
        return mint(SECRET, unix_now=UNIX + self.now, random=name.ljust(12, b"\0"), match=match)

    def client(
        self, host: str = "198.51.100.7", port: int = 4000, listener: int = 1, match: str = "match"
    ) -> "Client":
        flow = address.flow_of(listener, ClientAddress(address.pack(host, port)))
        return Client(self, flow, self.credentials(match, f"{host[-8:]}{port}".encode()))

    def pair(self, listener: int = 1) -> tuple["Client", "Client"]:
        """Two clients with allocations and permissions for each other."""
        one, two = (
            self.client(port=4001, listener=listener),
            self.client(port=4002, listener=listener),
        )
        for client in (one, two):
            client.allocate()
        one.permit(two.as_peer)
        two.permit(one.as_peer)
        return one, two


class Client:
    """Speaks STUN as a browser does: first without credentials, then with what it was told."""

    def __init__(self, world: World, flow: Flow, credentials: Credentials) -> None:
        self.world = world
        self.flow = flow
        self.credentials = credentials
        self.algorithm: PasswordAlgorithm | None = None
        self.sha256 = False
        self.nonce = ""
        self.relayed: list[RelayedAddress] = []
        self._transactions = itertools.count()

    @property
    def as_peer(self) -> PeerAddress:
        return PeerAddress(self.relayed[0])

    def transaction(self) -> bytes:
        return self.flow[-6:] + next(self._transactions).to_bytes(6, "big")

    def sign(self, builder: Builder) -> bytes:
        username = self.credentials.username
        builder.add(stun.USERNAME, username).add(stun.REALM, REALM).add(stun.NONCE, self.nonce)
        if self.algorithm:
            builder.add(stun.PASSWORD_ALGORITHM, self.algorithm)
            builder.add(
                stun.PASSWORD_ALGORITHMS, [PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5]
            )
        key = long_term_key(
            self.algorithm or PasswordAlgorithm.MD5, username, REALM, self.credentials.password
        )
        return integrity.sign(builder.serialise(), Signature(key=key, sha256=self.sha256))

    def learn_nonce(self) -> Message:
        builder = Builder(Method.ALLOCATE, Kind.REQUEST, self.transaction())
        answer = self.exchange(builder.serialise())
        assert answer
        self.nonce = answer.first(stun.NONCE) or ""
        return answer

    def exchange(self, wire: bytes) -> Message | None:
        """Send a message; the answer, if this client gets one."""
        hop = self.world.feed(self.flow, wire)
        if hop is None:
            return None
        to, data = hop
        assert to == self.flow
        return parse(data)

    def ask(self, method: int, fill: Fill = lambda builder: builder) -> Message:
        """Send an authenticated request and return its answer."""
        if not self.nonce:
            self.learn_nonce()
        wire = self.sign(fill(Builder(method, Kind.REQUEST, self.transaction())))
        answer = self.exchange(wire)
        assert answer, "every request is answered"
        return answer

    def allocate(self, fill: Fill = lambda builder: builder) -> Message:
        answer = self.ask(
            Method.ALLOCATE, lambda builder: fill(builder.add(stun.REQUESTED_TRANSPORT, 17))
        )
        self.relayed = list(answer.every(stun.XOR_RELAYED_ADDRESS))
        return answer

    def refresh(self, lifetime: int | None = None, family: int | None = None) -> Message:
        def fill(builder: Builder) -> Builder:
            if lifetime is not None:
                builder.add(stun.LIFETIME, lifetime)
            if family is not None:
                builder.add(stun.REQUESTED_ADDRESS_FAMILY, family)
            return builder

        return self.ask(Method.REFRESH, fill)

    def permit(self, *peers: PeerAddress) -> Message:
        def fill(builder: Builder) -> Builder:
            for peer in peers:
                builder.add(stun.XOR_PEER_ADDRESS, peer)
            return builder

        return self.ask(Method.CREATE_PERMISSION, fill)

    def bind(self, number: int, peer: PeerAddress) -> Message:
        return self.ask(
            Method.CHANNEL_BIND,
            lambda builder: builder.add(stun.CHANNEL_NUMBER, number).add(
                stun.XOR_PEER_ADDRESS, peer
            ),
        )

    def send(self, peer: PeerAddress, data: bytes) -> Hop | None:
        builder = Builder(Method.SEND, Kind.INDICATION, self.transaction())
        builder.add(stun.XOR_PEER_ADDRESS, peer).add(stun.DATA, data)
        return self.world.feed(self.flow, builder.serialise())

    def channel(self, number: int, data: bytes) -> Hop | None:
        head = number.to_bytes(2, "big") + len(data).to_bytes(2, "big")
        return self.world.feed(self.flow, head + data)


def code(message: Message) -> int | None:
    """The error code, or None for a success."""
    assert message.kind in (Kind.ERROR, Kind.SUCCESS)
    return message.first(stun.ERROR_CODE)


def received(hop: Hop | None) -> tuple[Flow, PeerAddress | int, bytes]:
    """Who got what from whom: the peer of a Data indication, or the number of a channel."""
    assert hop
    to, data = hop
    assert isinstance(to, bytes)
    if data[0] >= 0x40:
        size = int.from_bytes(data[2:4], "big")
        return to, int.from_bytes(data[:2], "big"), data[4 : 4 + size]
    message = parse(data)
    assert (message.method, message.kind) == (Method.DATA, Kind.INDICATION)
    peer, payload = message.first(stun.XOR_PEER_ADDRESS), message.first(stun.DATA)
    assert peer is not None
    assert payload is not None
    return to, peer, payload
