"""A relay that can reach the outside is not a way in: canaries must stay silent."""

import contextlib
import functools
import random
import socket
from collections.abc import AsyncIterator, Iterator
from typing import cast

import pytest
import pytest_asyncio

from chatzyo.server import entropy
from chatzyo.server.relay_addresses import own_addresses
from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Flow, PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.message import Builder, Kind, Method
from chatzyo.traversal.turn.auth import CREDENTIAL_SECONDS, Credentials, mint
from chatzyo.traversal.turn.policy import DENIED
from chatzyo.traversal.turn.relaying import Hop
from tests.server.relay_server import RelayServer, credentials
from tests.traversal.turn.world import REALM, Client, World, code

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SILENCE_SECONDS = 0.2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def relay(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RelayServer]:
    options = ("--relay-mode", "open", "--relay-max-allocations", "50", "--relay-realm", REALM)
    running = await RelayServer.start(tmp_path_factory.mktemp("relay"), *options)
    yield running
    await running.stop()


class Wire:
    """What a scripted client needs of a world, over a real socket."""

    def __init__(self, relay: RelayServer) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect(("127.0.0.1", relay.port))
        self.flow = address.flow_of(1, ClientAddress(address.pack(*self._socket.getsockname())))

    def feed(self, flow: Flow, data: bytes) -> Hop | None:
        self._socket.send(data)
        is_request = data[0] < 0x04 and not data[1] & 0x10
        return (flow, self._socket.recv(2048)) if is_request else None

    def answers(self, requests: list[bytes]) -> list[bytes]:
        """Everything that comes back for many requests."""
        for request in requests:
            self._socket.send(request)
        found = []
        self._socket.settimeout(SILENCE_SECONDS)
        with contextlib.suppress(TimeoutError):
            while True:
                found.append(self._socket.recv(2048))
        return found

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def client(relay: RelayServer, who: Credentials | None = None) -> Iterator[Client]:
    wire = Wire(relay)
    try:
        yield Client(cast("World", wire), wire.flow, who or credentials())
    finally:
        wire.close()


class Canary:
    """A service on every address of this machine that must hear nothing."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        for host in own_addresses():
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            bound = socket.socket(family, socket.SOCK_DGRAM)
            with contextlib.suppress(OSError):  # a link-local address needs its scope
                bound.bind((host, 0))
                bound.settimeout(SILENCE_SECONDS)
                self._sockets.append(bound)
                continue
            bound.close()
        self.targets = [
            PeerAddress(address.pack(*each.getsockname()[:2])) for each in self._sockets
        ]

    def heard(self) -> list[bytes]:
        heard = []
        for each in self._sockets:
            with contextlib.suppress(TimeoutError):
                heard.append(each.recv(2048))
            each.close()
        return heard

    def knock(self) -> None:
        """The positive control: this packet does arrive."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            target = next(each for each in self.targets if len(each) == 6)
            sender.sendto(b"control", address.unpack(target))


def disguises(target: PeerAddress) -> list[PeerAddress]:
    """The same place in the clothes of IPv6."""
    if len(target) != 6:
        return [target]
    port, ip = target[:2], address.ip_of(target)
    clothes = [bytes(10) + b"\xff\xff", bytes(12), b"\0\x64\xff\x9b" + bytes(8)]
    six_to_four = b"\x20\x02" + ip + bytes(10)
    return [
        target,
        PeerAddress(port + six_to_four),
        *(PeerAddress(port + each + ip) for each in clothes),
    ]


async def test_no_forged_or_expired_credentials_are_accepted(relay: RelayServer) -> None:
    chance = random.Random(1)
    good = credentials()
    late = entropy.unix_now() - CREDENTIAL_SECONDS
    later = str(int(good.username[:10]) + 1) + good.username[10:]
    forged = [
        credentials(unix_now=late),
        Credentials(username=good.username, password=good.password[:-2] + "A="),
        Credentials(username=good.username.replace("match", "other"), password=good.password),
        Credentials(username=later, password=good.password),
        mint(b"another secret", unix_now=late + 10_000, random=bytes(12), match="match"),
        *(
            Credentials(username=f"9999999999:{chance.random()}", password=str(chance.random()))
            for _ in range(12)
        ),
    ]
    assert [_allocated(relay, each) for each in forged] == [401] * len(forged)
    assert _allocated(relay, good) is None


def _allocated(relay: RelayServer, who: Credentials) -> int | None:
    with client(relay, who) as one:
        answer = one.allocate()
        if code(answer) is None:
            one.refresh(0)
        return code(answer)


def ask_for(family: int, builder: Builder) -> Builder:
    return builder.add(stun.REQUESTED_ADDRESS_FAMILY, family)


async def test_no_denied_range_and_no_address_of_our_own_is_reached(relay: RelayServer) -> None:
    canary = Canary()
    places = [text.split("/")[0] for text, _ in DENIED]
    denied = [PeerAddress(address.pack(host, 5000)) for host in places]
    targets = [*denied, *(worn for target in canary.targets for worn in disguises(target))]
    relayed_here = PeerAddress(address.pack("127.0.0.1", relay.port))
    assert len(targets) >= 30
    accepted = 0
    for family in (1, 2):
        with client(relay) as attacker:
            allocated = attacker.allocate(functools.partial(ask_for, family))
            assert code(allocated) is None
            attacker.send(relayed_here, b"to ourselves")
            for number, target in enumerate(targets, start=0x4000):
                is_relay_ip = address.ip_of(target) == address.ip_of(attacker.relayed[0])
                permitted = code(attacker.permit(target)) is None
                accepted += permitted and not is_relay_ip
                attacker.send(target, b"attack")
                bound = code(attacker.bind(number, target)) is None
                accepted += bound and not is_relay_ip
                attacker.channel(number, b"attack")
            attacker.refresh(0)
    canary.knock()
    assert accepted == 0
    assert canary.heard() == [b"control"]


async def test_strangers_get_little_back_and_soon_nothing(relay: RelayServer) -> None:
    asked = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12)).serialise()
    wire = Wire(relay)
    answers = wire.answers([asked] * 400)
    wire.close()
    assert len(answers) < 100
    assert max(map(len, answers)) < 150
    assert sum(map(len, answers)) <= 400 * len(asked) * 2


@pytest.mark.parametrize("request_bytes", [b"\0", bytes(20), b"\x40\0\0\0", b"\x80" * 200])
async def test_what_is_no_request_gets_nothing_back(
    relay: RelayServer, request_bytes: bytes
) -> None:
    wire = Wire(relay)
    assert wire.answers([request_bytes] * 20) == []
    wire.close()


async def test_a_binding_answer_is_twelve_bytes_longer_than_its_request(relay: RelayServer) -> None:
    asked = Builder(Method.BINDING, Kind.REQUEST, bytes(12)).serialise()
    wire = Wire(relay)
    assert [len(each) for each in wire.answers([asked])] == [len(asked) + 12]
    wire.close()
