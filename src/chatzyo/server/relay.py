"""The driver of the relay: feeds packets to the core, does what it commands, re-arms one timer.

This process holds no log of packets and writes nothing; addresses live in memory as long as their
allocations do.
"""

import asyncio
import functools
import ipaddress
import resource
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, assert_never

from chatzyo.server import entropy
from chatzyo.server.mistake import CannotStart
from chatzyo.server.relay_addresses import listening_addresses, of_family, own_addresses
from chatzyo.server.relay_stream import Stream, Streams, bind_stream, listen
from chatzyo.server.relay_udp import DF_OPTION, DatagramListener, DatagramSocket, listening_socket
from chatzyo.server.settings import RelaySettings
from chatzyo.server.tls import server_context
from chatzyo.traversal import address
from chatzyo.traversal.address import STREAM_LISTENER, Family, Flow, PeerAddress, RelayedAddress
from chatzyo.traversal.turn.commands import CloseRelay, OpenRelays, SendToClient
from chatzyo.traversal.turn.config import Config
from chatzyo.traversal.turn.policy import Network, PeerPolicy
from chatzyo.traversal.turn.relaying import Hop
from chatzyo.traversal.turn.server import TurnServer

VIRTUAL_ADDRESSES: Final = {Family.IPV4: "192.0.2.1", Family.IPV6: "2001:db8::1"}
"""Relayed addresses of a closed relay. They are names: documentation ranges lead nowhere."""

SWEEP_SECONDS: Final = 1.0
ADDRESS_SWEEPS: Final = 30
"""How many sweeps pass between two looks at this machine's addresses and clock."""

PORT_TRIES: Final = 8
"""With port 0: how often another free port is tried until every address has it free."""

SPARE_FILES: Final = 256
"""Open files that are no relay sockets."""


class Relay:
    """One relay: a core, its listeners, its streams and its relay sockets."""

    def __init__(self, settings: RelaySettings, secrets: Sequence[bytes]) -> None:
        """Prepare; nothing is bound yet."""
        self._settings = settings
        self._closed = settings.relay_mode == "closed"
        self._hosts = listening_addresses(settings.relay_hosts)
        self._bind_by_family = _bind_addresses(self._hosts)
        self._relay_ips = _relay_ips(settings, self._bind_by_family)
        self._core = TurnServer(
            _config(settings, secrets, self._relay_ips), self._policy(), entropy.random_bytes
        )
        self._listeners: dict[int, DatagramListener] = {}
        self._streams = Streams(self)
        self._servers: list[asyncio.Server] = []
        self._socket_by_relayed: dict[RelayedAddress, DatagramSocket] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        self.port = settings.relay_port
        self.tls_port = 0

    async def start(self) -> None:
        """Bind everything and begin to answer. Raises CannotStart."""
        datagrams, streams = _bind(self._hosts, self._settings.relay_port)
        self.port = datagrams[0].port
        for number, each in enumerate(datagrams):
            listener = DatagramListener(number, each)
            self._listeners[number] = listener
            listener.start(self.receive, self.settle)
        await self._listen(streams, STREAM_LISTENER, None)
        if self._settings.relay_certificate:
            security = _security(self._settings.relay_certificate)
            bound = _bind_streams(self._hosts, self._settings.relay_tls_port)
            self.tls_port = bound[0].getsockname()[1]
            await self._listen(bound, STREAM_LISTENER + len(self._hosts), security)

    async def run(self) -> None:
        """Sweep until cancelled, then close everything."""
        try:
            while True:
                self._look_around()
                for _ in range(ADDRESS_SWEEPS):
                    await asyncio.sleep(SWEEP_SECONDS)
                    self._streams.close_idle(entropy.clock())
        finally:
            self._close()

    def receive(self, flow: Flow, data: bytes, now: float) -> None:
        """Take one datagram or frame of a client."""
        hop = self._core.handle_client(flow, data, now)
        if hop is not None:
            self._forward(hop)

    def settle(self, now: float) -> None:
        """Carry out all commands, then arm the timer."""
        while command := self._core.next_command():
            match command:
                case SendToClient(flow=flow, data=data):
                    self._send(flow, data)
                case OpenRelays(flow=flow, relayed=relayed):
                    self._core.handle_opened(flow, now, success=self._open(relayed))
                case CloseRelay(relayed=relayed_address):
                    self._socket_by_relayed.pop(relayed_address).close()
                case _:
                    assert_never(command)
        for listener in self._listeners.values():
            listener.flush()
        self._rearm()

    def handle_closed(self, flow: Flow, now: float) -> None:
        """A client's stream has ended."""
        self._core.handle_closed(flow)
        self.settle(now)

    def has_allocation(self, flow: Flow) -> bool:
        """Whether a client holds an allocation."""
        return self._core.has_allocation(flow)

    def _forward(self, hop: Hop) -> None:
        target, data = hop
        if isinstance(target, bytes):
            self._send(target, data)
            return
        relayed, peer, unfragmented = target
        bound = self._socket_by_relayed[relayed]
        if unfragmented:
            bound.send_unfragmented(peer, data)
        else:
            bound.send(peer, data)

    def _send(self, flow: Flow, data: bytes) -> None:
        listener = self._listeners.get(flow[0])
        if listener:
            listener.send(flow, data)
        else:
            self._streams.send(flow, data)

    def _open(self, relayed: Sequence[RelayedAddress]) -> bool:
        opened: dict[RelayedAddress, DatagramSocket] = {}
        try:
            for each in relayed:
                host = self._bind_by_family[address.family_of(each)]
                opened[each] = DatagramSocket(host, address.port_of(each))
        except OSError:
            for bound in opened.values():
                bound.close()
            return False
        for each, bound in opened.items():
            bound.start(self._from_peer(each), self.settle)
        self._socket_by_relayed |= opened
        return True

    def _from_peer(self, relayed: RelayedAddress) -> Callable[[bytes, bytes, float], None]:
        def receive(peer: bytes, data: bytes, now: float) -> None:
            hop = self._core.handle_peer(relayed, PeerAddress(peer), data, now)
            if hop is not None:
                self._forward(hop)

        return receive

    async def _listen(
        self, bound: Sequence[socket.socket], first: int, security: ssl.SSLContext | None
    ) -> None:
        for number, each in enumerate(bound, start=first):
            make = functools.partial(Stream, number, self._streams)
            self._servers.append(await listen(each, make, security))

    def _rearm(self) -> None:
        due = self._core.poll_timeout()
        if due == self._due:
            return
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._due = due
        if due is not None:
            delay = max(0.0, due - entropy.clock())
            self._timer = asyncio.get_running_loop().call_later(delay, self._handle_timeout)

    def _handle_timeout(self) -> None:
        now = entropy.clock()
        self._timer = None
        self._due = None
        self._core.handle_timeout(now)
        self.settle(now)

    def _look_around(self) -> None:
        """Addresses may have changed, and the machine's clock may have been set."""
        self._core.unix_offset = entropy.unix_now() - entropy.clock()
        if not self._closed:
            self._core.set_policy(self._policy())

    def _policy(self) -> PeerPolicy:
        settings = self._settings
        own = [] if self._closed else [*own_addresses(), *settings.relay_public_addresses]
        relay_ips = frozenset(self._relay_ips.values())
        return PeerPolicy(
            closed=self._closed,
            relay_ips=relay_ips,
            own_ips=frozenset(address.ip_of(address.pack(each, 0)) for each in own) - relay_ips,
            allowed=_networks(settings.relay_allow),
            denied=_networks(settings.relay_deny),
        )

    def _close(self) -> None:
        if self._timer:
            self._timer.cancel()
        for server in self._servers:
            server.close()
        self._streams.close()
        for listener in self._listeners.values():
            listener.close()
        for bound in self._socket_by_relayed.values():
            bound.close()


def _config(
    settings: RelaySettings, secrets: Sequence[bytes], relay_ips: dict[Family, bytes]
) -> Config:
    return Config(
        realm=settings.relay_realm,
        secrets=secrets,
        relay_ips=relay_ips,
        closed=settings.relay_mode == "closed",
        dont_fragment=DF_OPTION is not None,
        first_port=settings.relay_first_port,
        last_port=settings.relay_last_port,
        total=_affordable(settings),
        per_user=settings.relay_allocations_per_user,
        per_prefix=settings.relay_allocations_per_prefix,
        allocations_per_second=settings.relay_new_allocations_per_second,
        allocation_burst=4 * settings.relay_new_allocations_per_second,
        bytes_per_second=settings.relay_bytes_per_second,
        total_bytes_per_second=settings.relay_total_bytes_per_second,
        max_age=settings.relay_max_age,
    )


def _affordable(settings: RelaySettings) -> int:
    """An open relay needs a file for each relayed address: raise the limit, or offer fewer."""
    if settings.relay_mode == "closed":
        return settings.relay_max_allocations
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = settings.relay_max_allocations + SPARE_FILES
    files = wished if hard == resource.RLIM_INFINITY else min(wished, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - SPARE_FILES


def _bind_addresses(hosts: Sequence[str]) -> dict[Family, str]:
    """For each family the address that relay sockets are bound to."""
    candidates = {Family.IPV4: of_family(hosts, 4), Family.IPV6: of_family(hosts, 6)}
    return {family: found[0] for family, found in candidates.items() if found}


def _relay_ips(settings: RelaySettings, bind_by_family: dict[Family, str]) -> dict[Family, bytes]:
    """For each family the address that clients are told."""
    told = dict(bind_by_family)
    if settings.relay_mode == "closed":
        told = dict(VIRTUAL_ADDRESSES)
    for public in settings.relay_public_addresses:
        told[Family.IPV6 if ":" in public else Family.IPV4] = public
    return {family: address.ip_of(address.pack(host, 0)) for family, host in told.items()}


def _networks(texts: Sequence[str]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(text) for text in texts)
    except ValueError as error:
        raise CannotStart(f"A setting is wrong: {error}.") from None


def _bind(hosts: Sequence[str], port: int) -> tuple[list[DatagramSocket], list[socket.socket]]:
    """UDP and TCP sockets with one port number on every address."""
    tries = PORT_TRIES if port == 0 else 1
    while True:
        tries -= 1
        datagrams: list[DatagramSocket] = []
        streams: list[socket.socket] = []
        try:
            for host in hosts:
                chosen = datagrams[0].port if datagrams else port
                datagrams.append(listening_socket(host, chosen))
                streams.append(bind_stream(host, datagrams[0].port))
        except OSError as error:
            for datagram in datagrams:
                datagram.close()
            for stream in streams:
                stream.close()
            if not tries:
                raise _cannot_listen("--relay-port", port, error) from None
        else:
            return datagrams, streams


def _bind_streams(hosts: Sequence[str], port: int) -> list[socket.socket]:
    bound: list[socket.socket] = []
    try:
        for host in hosts:
            bound.append(bind_stream(host, bound[0].getsockname()[1] if bound else port))
    except OSError as error:
        for each in bound:
            each.close()
        raise _cannot_listen("--relay-tls-port", port, error) from None
    return bound


def _cannot_listen(option: str, port: int, error: OSError) -> CannotStart:
    return CannotStart(
        f"The relay cannot listen on port {port}: {error.strerror}. Choose another with {option}, "
        "other addresses with --relay-hosts, or --relay-engine off."
    )


def _security(certificate: str) -> ssl.SSLContext:
    try:
        context = server_context(Path(certificate))
    except (OSError, ssl.SSLError) as error:
        raise CannotStart(f"Cannot use {certificate} for the relay: {error.strerror}.") from None
    context.set_alpn_protocols(["stun.turn", "stun.nat-discovery"])
    return context
