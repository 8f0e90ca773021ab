"""Requests and answers, every error code included."""

import pytest

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.message import Builder, Kind, Method, parse
from chatzyo.traversal.turn.allocate import UDP
from chatzyo.traversal.turn.policy import PeerPolicy
from chatzyo.traversal.turn.server import OPENINGS
from tests.traversal.stun import vectors
from tests.traversal.turn.world import (
    PEER,
    PEER_V6,
    Client,
    Fill,
    World,
    code,
    config,
    received,
)

NUMBER = 0x4001
MUST_UNDERSTAND: stun.Attribute[bytes] = stun.Attribute(
    number=0x7F00, parse=lambda value, _: value, serialise=lambda value, _: value
)


def settled(
    world: World | None = None, *, host: str = "198.51.100.7", port: int = 4000, listener: int = 1
) -> Client:
    client = (world or World()).client(host, port, listener)
    assert code(client.allocate()) is None
    return client


def binding(fill: Fill = lambda builder: builder) -> bytes:
    return fill(Builder(Method.BINDING, Kind.REQUEST, bytes(12))).serialise()


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::7"])
def test_binding_tells_the_address_it_came_from(host: str) -> None:
    client = World().client(host=host)
    answer = client.exchange(binding())
    assert answer
    assert answer.first(stun.XOR_MAPPED_ADDRESS) == address.client_of(client.flow)
    assert len(answer.wire) <= len(binding()) + (12 if ":" not in host else 24)


def test_binding_answers_a_fingerprint_with_a_fingerprint() -> None:
    answer = World().client().exchange(integrity.add_fingerprint(binding()))
    assert answer
    assert answer.find(stun.FINGERPRINT)


def test_binding_names_what_it_does_not_understand() -> None:
    answer = World().client().exchange(binding(lambda b: b.add(MUST_UNDERSTAND, b"")))
    assert answer
    assert code(answer) == 420
    assert answer.first(stun.UNKNOWN_ATTRIBUTES) == [0x7F00]


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"\x40\x01\0",
        b"\x80" + bytes(40),
        vectors.REQUEST[:-1] + b"\0",
        vectors.IPV4_RESPONSE,
        Builder(Method.BINDING, Kind.INDICATION, bytes(12)).serialise(),
        Builder(Method.SEND, Kind.INDICATION, bytes(12)).add(MUST_UNDERSTAND, b"").serialise(),
        Builder(Method.SEND, Kind.INDICATION, bytes(12)).serialise()[:2]
        + b"\0\4"
        + Builder(Method.SEND, Kind.INDICATION, bytes(12)).serialise()[4:]
        + b"\0\x12\0\0",
        Builder(0x00A, Kind.REQUEST, bytes(12)).serialise(),
    ],
)
def test_what_is_no_request_of_ours_gets_no_answer(wire: bytes) -> None:
    assert settled().exchange(wire) is None


def test_source_port_zero_gets_no_answer() -> None:
    world = World()
    flow = address.flow_of(1, ClientAddress(address.pack("198.51.100.7", 0)))
    assert world.feed(flow, binding()) is None


def test_allocate_without_credentials_is_told_how() -> None:
    client = World().client()
    answer = client.learn_nonce()
    assert code(answer) == 401
    assert not integrity.is_signed(answer)
    assert len(answer.wire) < 150


@pytest.mark.parametrize("algorithm", [None, *PasswordAlgorithm])
@pytest.mark.parametrize("sha256", [False, True])
def test_allocate_grants_an_address_and_signs_its_answer(
    algorithm: PasswordAlgorithm | None, *, sha256: bool
) -> None:
    client = World().client()
    client.algorithm, client.sha256 = algorithm, sha256
    answer = client.allocate()
    assert code(answer) is None
    assert answer.first(stun.LIFETIME) == 600
    assert answer.first(stun.XOR_MAPPED_ADDRESS) == address.client_of(client.flow)
    assert address.port_of(client.relayed[0]) >= 49_152
    assert bool(answer.find(stun.MESSAGE_INTEGRITY_SHA256)) is sha256


def test_a_stale_nonce_is_replaced() -> None:
    client = World().client()
    client.nonce = "old"
    answer = client.allocate()
    assert code(answer) == 438
    client.nonce = answer.first(stun.NONCE) or ""
    assert code(client.allocate()) is None


def test_a_malformed_attribute_is_a_bad_request() -> None:
    client = settled()
    broken: stun.Attribute[bytes] = stun.Attribute(
        number=stun.LIFETIME.number, parse=lambda v, _: v, serialise=lambda v, _: v
    )
    answer = client.ask(Method.REFRESH, lambda b: b.add(broken, b"x"))
    assert code(answer) == 400
    assert integrity.is_signed(answer)


def test_unknown_attributes_are_named_after_authentication_only() -> None:
    client = World().client()
    assert code(client.allocate(lambda b: b.add(MUST_UNDERSTAND, b""))) == 420
    client.credentials = World().client(port=1).credentials
    client.credentials = type(client.credentials)(username="1:x", password="x")
    assert code(client.allocate(lambda b: b.add(MUST_UNDERSTAND, b""))) == 401


@pytest.mark.parametrize(
    ("closed", "supported", "expected"),
    [(True, False, None), (False, False, 420), (False, True, None)],
)
def test_dont_fragment_is_refused_where_it_cannot_be_kept(
    *, closed: bool, supported: bool, expected: int | None
) -> None:
    client = World(config(closed=closed, dont_fragment=supported)).client()
    assert code(client.allocate(lambda b: b.add(stun.DONT_FRAGMENT, b""))) == expected


def test_a_second_allocate_on_the_same_flow_is_a_mismatch() -> None:
    assert code(settled().allocate()) == 437


def test_a_retransmitted_allocate_gets_the_same_answer() -> None:
    client = World().client()
    client.learn_nonce()
    wire = client.sign(
        Builder(Method.ALLOCATE, Kind.REQUEST, client.transaction()).add(
            stun.REQUESTED_TRANSPORT, UDP
        )
    )
    first, second = client.exchange(wire), client.exchange(wire)
    assert first
    assert code(first) is None
    assert first == second
    client.world.pass_time(40)
    third = client.exchange(wire)
    assert third
    assert code(third) == 437


def test_a_retransmitted_farewell_gets_the_same_answer() -> None:
    client = settled()
    wire = client.sign(
        Builder(Method.REFRESH, Kind.REQUEST, client.transaction()).add(stun.LIFETIME, 0)
    )
    assert client.exchange(wire) == client.exchange(wire)
    assert not client.world.core.has_allocation(client.flow)


def test_streams_are_not_retransmitted_on() -> None:
    client = settled(listener=0x81)
    wire = client.sign(
        Builder(Method.REFRESH, Kind.REQUEST, client.transaction()).add(stun.LIFETIME, 0)
    )
    answers = [client.exchange(wire) for _ in range(2)]
    assert [code(answer) for answer in answers if answer] == [None, 437]


def test_a_wish_that_contradicts_itself_is_refused() -> None:
    client = World().client()
    assert code(client.ask(Method.ALLOCATE)) == 400


@pytest.mark.parametrize("method", [Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND])
def test_without_allocation_there_is_nothing_to_change(method: Method) -> None:
    assert code(World().client().ask(method)) == 437


def test_another_user_cannot_change_an_allocation() -> None:
    client = settled()
    client.credentials = client.world.credentials(name=b"other")
    assert code(client.refresh(0)) == 441


def test_a_user_holds_only_so_many_allocations() -> None:
    world = World(config(per_user=2))
    clients = [world.client(port=port) for port in (1, 2, 3)]
    for client in clients:
        client.credentials = clients[0].credentials
    assert [code(client.allocate()) for client in clients] == [None, None, 486]
    clients[0].refresh(0)
    assert code(clients[2].allocate()) is None


def test_a_prefix_makes_only_so_many_new_allocations_a_second() -> None:
    world = World(config(allocation_burst=2.0, allocations_per_second=1.0))
    clients = [world.client(port=port) for port in (1, 2, 3)]
    assert [code(client.allocate()) for client in clients] == [None, None, 486]
    assert code(world.client(host="203.0.113.9").allocate()) is None


def test_a_full_server_says_so_and_goes_on() -> None:
    world = World(config(total=1))
    first = settled(world, port=1)
    second = world.client(port=2)
    assert code(second.allocate()) == 508
    first.refresh(0)
    assert code(second.allocate()) is None


def test_strangers_are_refused_only_so_often_and_then_met_with_silence() -> None:
    world = World(config(refusal_burst=3.0, refusals_per_second=1.0))
    good = settled(world, host="203.0.113.9")
    asked = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12)).serialise()
    stranger = world.client()
    assert [stranger.exchange(asked) is None for _ in range(4)] == [False, False, False, True]
    assert code(good.refresh()) is None
    world.now += 1
    assert stranger.exchange(asked)


@pytest.mark.parametrize(("wished", "granted"), [(None, 600), (1, 600), (1800, 1800), (9999, 3600)])
def test_a_refresh_is_answered_with_the_lifetime_it_grants(
    wished: int | None, granted: int
) -> None:
    client = settled()
    assert client.refresh(wished).first(stun.LIFETIME) == granted
    client.world.pass_time(granted - 1)
    assert client.world.core.has_allocation(client.flow)
    client.world.pass_time(1)
    assert not client.world.core.has_allocation(client.flow)


def test_an_allocation_does_not_outlive_the_greatest_age() -> None:
    client = settled(World(config(max_age=700.0)))
    client.world.pass_time(400)
    client.nonce = ""
    assert client.refresh().first(stun.LIFETIME) == 300
    client.world.now = 800
    client.nonce = ""
    assert client.refresh().first(stun.LIFETIME) == 0
    client.world.pass_time(0)
    assert client.world.core.allocations == 0


def dual(builder: Builder) -> Builder:
    return builder.add(stun.ADDITIONAL_ADDRESS_FAMILY, 2)


def test_a_dual_allocation_has_two_addresses_that_end_apart() -> None:
    client = World().client()
    assert code(client.allocate(dual)) is None
    assert len(client.relayed) == 2
    assert code(client.refresh(0, family=1)) is None
    assert code(client.refresh(600, family=1)) == 443
    assert code(client.refresh(600, family=2)) is None
    assert client.world.core.allocations == 1
    assert code(client.refresh(0)) is None
    assert client.world.core.allocations == 0


def test_a_half_that_cannot_be_had_is_named() -> None:
    v4 = dict(list(config().relay_ips.items())[:1])
    client = World(config(relay_ips=v4)).client()
    answer = client.allocate(dual)
    assert answer.first(stun.ADDRESS_ERROR_CODE) == (2, 440)
    assert len(client.relayed) == 1


def test_ipv6_is_relayed_for_a_client_that_comes_by_ipv4() -> None:
    client = World().client()
    client.allocate(lambda b: b.add(stun.REQUESTED_ADDRESS_FAMILY, 2))
    assert address.unpack(client.relayed[0])[0] == "2001:db8::1"


def reserve(builder: Builder) -> Builder:
    return builder.add(stun.EVEN_PORT, bool(1))


@pytest.mark.parametrize("closed", [True, False])
def test_the_next_port_is_reserved_and_redeemed(*, closed: bool) -> None:
    world = World(config(closed=closed))
    client, second = world.client(port=1), world.client(port=2)
    second.credentials = client.credentials
    token = client.allocate(reserve).first(stun.RESERVATION_TOKEN)
    assert token
    assert address.port_of(client.relayed[0]) % 2 == 0
    assert world.core.allocations == 2
    assert code(second.allocate(lambda b: b.add(stun.RESERVATION_TOKEN, token))) is None
    assert address.port_of(second.relayed[0]) == address.port_of(client.relayed[0]) + 1
    assert world.core.allocations == 2
    third = world.client(port=3)
    assert code(third.allocate(lambda b: b.add(stun.RESERVATION_TOKEN, token))) == 508
    client.refresh(0)
    second.refresh(0)
    assert world.open == set()


def test_a_reservation_nobody_redeems_is_closed_after_thirty_seconds() -> None:
    world = World(config(closed=False))
    client = world.client()
    client.allocate(reserve)
    assert len(world.open) == 2
    world.pass_time(30)
    assert world.open == set(client.relayed)


def test_an_open_relay_binds_before_it_answers() -> None:
    world = World(config(closed=False))
    client = world.client()
    assert code(client.allocate(dual)) is None
    assert world.open == set(client.relayed)
    world.pass_time(600)
    assert world.open == set()


def test_taken_ports_are_replaced_a_few_times_and_then_refused() -> None:
    world = World(config(closed=False))
    world.refuse_ports = True
    client = world.client()
    assert code(client.allocate()) == 508
    assert len(world.opened) == OPENINGS
    assert len({each.relayed for each in world.opened}) == OPENINGS
    world.refuse_ports = False
    assert code(client.allocate()) is None


def test_without_a_free_port_an_allocation_is_refused() -> None:
    world = World(config(first_port=50_000, last_port=50_000))
    assert code(world.client(port=1).allocate(dual)) is None
    assert code(world.client(port=2).allocate()) == 508
    ipv6_taken = World(config(first_port=50_000, last_port=50_000))
    ipv6_taken.client(port=1).allocate(lambda b: b.add(stun.REQUESTED_ADDRESS_FAMILY, 2))
    assert code(ipv6_taken.client(port=2).allocate(dual)) == 508


def test_the_end_of_a_stream_is_the_end_of_its_allocation() -> None:
    world = World(config(closed=False))
    client = settled(world, listener=0x81)
    world.core.handle_closed(client.flow)
    world.drain()
    assert world.open == set()
    world.core.handle_closed(client.flow)
    assert world.core.allocations == 0


def test_permissions_need_peers_of_a_family_one_has_that_may_be_reached() -> None:
    client = settled(World(config(closed=False)))
    private = PeerAddress(address.pack("10.0.0.1", 5000))
    assert code(client.permit()) == 400
    assert code(client.permit(PEER_V6)) == 443
    assert code(client.permit(PEER, private)) == 403
    assert client.send(PEER, b"x") is None
    assert code(client.permit(PEER, PEER)) is None
    assert client.send(PEER, b"x")


def test_permissions_are_limited() -> None:
    client = settled(World(config(closed=False)))
    peers = [PeerAddress(address.pack(f"8.8.8.{n}", 5000)) for n in range(33)]
    assert code(client.permit(*peers)) == 508
    assert code(client.permit(*peers[:32])) is None
    assert code(client.bind(NUMBER, peers[32])) == 508


@pytest.mark.parametrize(
    ("number", "peer", "expected"),
    [
        (0x3FFF, PEER, 400),
        (0x4000, PEER, None),
        (0x7FFF, PEER, None),
        (0x8000, PEER, 400),
        (NUMBER, PEER_V6, 443),
        (NUMBER, PeerAddress(address.pack("127.0.0.1", 5000)), 403),
        (NUMBER, PeerAddress(address.pack("8.8.8.8", 53)), 403),
    ],
)
def test_channels_have_numbers_of_their_range_and_peers_that_may_be_reached(
    number: int, peer: PeerAddress, expected: int | None
) -> None:
    assert code(settled(World(config(closed=False))).bind(number, peer)) == expected


def test_a_channel_needs_its_number_and_its_peer() -> None:
    client = settled()
    assert code(client.ask(Method.CHANNEL_BIND)) == 400
    only_number = client.ask(Method.CHANNEL_BIND, lambda b: b.add(stun.CHANNEL_NUMBER, NUMBER))
    assert code(only_number) == 400


def test_a_channel_is_not_bound_to_two_peers() -> None:
    client = settled(World(config(closed=False)))
    other = PeerAddress(address.pack("8.8.8.8", 5001))
    assert code(client.bind(NUMBER, PEER)) is None
    assert code(client.bind(NUMBER, PEER)) is None
    assert code(client.bind(NUMBER, other)) == 400
    assert code(client.bind(NUMBER + 1, PEER)) == 400


def test_a_closed_relay_grants_no_permission_for_the_outside() -> None:
    client = settled()
    assert code(client.permit(PEER)) == 403
    assert code(client.bind(NUMBER, PEER)) == 403


def test_an_allocation_whose_answer_would_come_late_is_still_answered_once() -> None:
    """A refused opening answers through a command; the limit for strangers does not apply."""
    world = World(config(closed=False, refusal_burst=1.0))
    world.refuse_ports = True
    client = world.client()
    client.learn_nonce()
    assert code(client.allocate()) == 508


def test_a_peer_that_becomes_an_address_of_our_own_is_reached_no_more() -> None:
    world = World(config(closed=False))
    client = settled(world)
    client.permit(PEER)
    assert client.send(PEER, b"x")
    assert world.core.handle_peer(client.relayed[0], PEER, b"x", 0)
    own = PeerPolicy(
        closed=False, relay_ips=world.policy.relay_ips, own_ips=frozenset({address.ip_of(PEER)})
    )
    world.core.set_policy(own)
    assert client.send(PEER, b"x") is None
    assert code(client.permit(PEER)) == 403


def test_channel_data_is_carried_without_an_answer() -> None:
    one, two = World().pair()
    one.bind(NUMBER, two.as_peer)
    assert received(one.channel(NUMBER, b"x"))[2] == b"x"


def test_ten_thousand_half_open_allocations_leave_nothing_behind() -> None:
    world = World()
    one, two = world.pair()
    one.bind(NUMBER, two.as_peer)
    asked = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12)).serialise()
    for number in range(10_000):
        host = f"203.{number >> 8 & 0xFF}.{number & 0xFF}.1"
        world.feed(address.flow_of(1, ClientAddress(address.pack(host, 4000))), asked)
        if not number % 1000:
            assert one.channel(NUMBER, b"x")
    assert world.core.allocations == 2


def test_timers_are_asked_for_only_while_something_lives() -> None:
    world = World()
    assert world.core.poll_timeout() is None
    client = settled(world)
    assert world.core.poll_timeout() == 40
    world.pass_time(40)
    assert world.core.poll_timeout() == 600
    client.nonce = ""
    client.refresh(0)
    world.pass_time(700)
    assert world.core.poll_timeout() is None


def test_the_vectors_of_the_rfc_are_answered_as_messages_of_strangers() -> None:
    client = World().client()
    answer = client.exchange(vectors.LONG_TERM_REQUEST)
    assert answer
    assert parse(answer.wire).kind is Kind.SUCCESS
