"""Where data goes, and that it goes nowhere else."""

from typing import Any

import pytest

from chatzyo.traversal import address
from chatzyo.traversal.address import PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.message import Builder, Kind, Method
from chatzyo.traversal.turn.policy import PeerPolicy
from chatzyo.traversal.turn.relaying import Drop
from tests.traversal.turn.world import PEER, PEER_V6, UNIX, Client, World, code, config, received

NUMBER = 0x4001


def drops(world: World) -> dict[Drop, int]:
    return dict(world.core.drops)


def open_world(**changes: Any) -> tuple[World, Client]:
    world = World(config(closed=False, **changes))
    client = world.client()
    client.allocate()
    client.permit(PEER)
    return world, client


def test_data_is_handed_to_the_other_person_of_a_match() -> None:
    one, two = World().pair()
    assert received(one.send(two.as_peer, b"hello")) == (two.flow, one.as_peer, b"hello")


def test_a_channel_leads_to_a_channel_if_the_other_has_one() -> None:
    one, two = World().pair()
    one.bind(NUMBER, two.as_peer)
    assert received(one.channel(NUMBER, b"hi")) == (two.flow, one.as_peer, b"hi")
    two.bind(0x4FFF, one.as_peer)
    assert received(one.channel(NUMBER, b"hi")) == (two.flow, 0x4FFF, b"hi")
    assert received(two.channel(0x4FFF, b"ho")) == (one.flow, NUMBER, b"ho")


def test_padding_behind_channel_data_is_left_behind() -> None:
    one, two = World().pair()
    one.bind(NUMBER, two.as_peer)
    two.bind(NUMBER, one.as_peer)
    hop = one.world.feed(one.flow, b"\x40\x01\0\3abc\0")
    assert hop == (two.flow, b"\x40\x01\0\3abc")


def test_to_streams_channel_data_is_padded() -> None:
    world = World()
    one, two = world.pair(listener=0x81)
    one.bind(NUMBER, two.as_peer)
    two.bind(NUMBER, one.as_peer)
    assert one.channel(NUMBER, b"abc") == (two.flow, b"\x40\x01\0\3abc\0")


def test_people_of_different_matches_never_reach_each_other() -> None:
    world = World()
    one, stranger = world.client(port=1, match="a"), world.client(port=2, match="b")
    for client in (one, stranger):
        client.allocate()
    one.permit(stranger.as_peer)
    stranger.permit(one.as_peer)
    assert one.send(stranger.as_peer, b"x") is None
    assert drops(world) == {Drop.NOBODY_THERE: 1}


@pytest.mark.parametrize("closed", [True, False])
def test_without_a_match_only_an_open_relay_delivers(*, closed: bool) -> None:
    world = World(config(closed=closed))
    one, two = world.client(port=1, match=""), world.client(port=2, match="")
    for client in (one, two):
        client.allocate()
    one.permit(two.as_peer)
    two.permit(one.as_peer)
    assert (one.send(two.as_peer, b"x") is None) is closed


def test_nobody_sends_to_themselves_or_to_a_port_that_nobody_holds() -> None:
    world = World()
    one, _ = world.pair()
    assert one.send(one.as_peer, b"x") is None
    unused = PeerAddress(b"\xff\xff" + one.as_peer[2:])
    assert one.send(unused, b"x") is None
    assert drops(world) == {Drop.NOBODY_THERE: 2}


def test_the_receiver_must_have_permitted_the_sender() -> None:
    world = World()
    one, two = world.client(port=1), world.client(port=2)
    for client in (one, two):
        client.allocate()
    one.permit(two.as_peer)
    assert one.send(two.as_peer, b"x") is None
    assert two.send(one.as_peer, b"x") is None
    assert drops(world) == {Drop.NO_PERMISSION: 2}


def test_channel_data_does_not_refresh_the_permission() -> None:
    world = World()
    one, two = world.pair()
    one.bind(NUMBER, two.as_peer)
    for _ in range(299):
        assert one.channel(NUMBER, b"x")
        world.pass_time(1)
    world.pass_time(1)
    assert one.channel(NUMBER, b"x") is None


def test_a_channel_ends_after_ten_minutes_though_the_permission_lives() -> None:
    world = World()
    one, two = world.pair()
    one.bind(NUMBER, two.as_peer)
    for _ in range(3):
        world.pass_time(199)
        assert one.channel(NUMBER, b"x")
        one.permit(two.as_peer)
        two.permit(one.as_peer)
    one.refresh()
    two.refresh()
    world.pass_time(3)
    assert one.channel(NUMBER, b"x") is None
    assert drops(world) == {Drop.NO_CHANNEL: 1}
    assert one.send(two.as_peer, b"x")


def test_when_the_channel_of_the_receiver_ends_data_comes_as_an_indication() -> None:
    world = World()
    one, two = world.pair()
    two.bind(NUMBER, one.as_peer)
    world.pass_time(250)
    one.bind(NUMBER, two.as_peer)
    one.refresh()
    two.refresh()
    two.permit(one.as_peer)
    assert received(one.channel(NUMBER, b"x"))[1] == NUMBER
    world.pass_time(250)
    one.permit(two.as_peer)
    two.permit(one.as_peer)
    world.pass_time(100)
    assert received(one.channel(NUMBER, b"x"))[1] == one.as_peer


@pytest.mark.parametrize("end", ["refresh", "expiry"])
def test_nothing_reaches_an_allocation_that_has_ended(end: str) -> None:
    world = World()
    one, two = world.pair()
    one.bind(NUMBER, two.as_peer)
    assert one.channel(NUMBER, b"x")
    if end == "refresh":
        two.refresh(0)
    else:
        one.refresh(3600)
        world.now = 600
        two.world.core.set_policy(world.policy)
        assert one.channel(NUMBER, b"x") is None
        one.permit(two.as_peer)
        one.bind(NUMBER, two.as_peer)
    assert one.channel(NUMBER, b"x") is None


def test_late_timers_do_not_let_the_dead_send() -> None:
    """The sender has expired, but the timer that ends it has not fired yet."""
    world = World()
    one, two = world.pair()
    two.refresh(3600)
    for _ in range(2):
        world.now += 290
        one.permit(two.as_peer)
        two.permit(one.as_peer)
    world.now = 600
    assert one.send(two.as_peer, b"x") is None
    assert two.send(one.as_peer, b"x") is None


def test_without_allocation_nothing_is_carried() -> None:
    world = World()
    client = world.client()
    assert client.channel(NUMBER, b"x") is None
    assert client.send(PEER, b"x") is None
    assert drops(world) == {Drop.NO_ALLOCATION: 2}


def test_channel_data_shorter_than_it_says_is_dropped() -> None:
    one, _ = World().pair()
    assert one.world.feed(one.flow, b"\x40\x01\0\5abc") is None
    assert drops(one.world) == {Drop.MALFORMED: 1}


def test_an_indication_needs_peer_and_data_but_the_data_may_be_empty() -> None:
    one, two = World().pair()
    builder = Builder(Method.SEND, Kind.INDICATION, bytes(12))
    assert one.world.feed(one.flow, builder.add(stun.DATA, b"x").serialise()) is None
    builder = Builder(Method.SEND, Kind.INDICATION, bytes(12))
    assert one.world.feed(one.flow, builder.add(stun.XOR_PEER_ADDRESS, PEER).serialise()) is None
    assert received(one.send(two.as_peer, b"")) == (two.flow, one.as_peer, b"")


def test_both_sides_pay_for_what_one_sends() -> None:
    world = World(config(bytes_per_second=1000))
    one, two = world.pair()
    one.bind(NUMBER, two.as_peer)
    assert one.send(two.as_peer, bytes(600))
    assert two.send(one.as_peer, bytes(600)) is None
    assert one.channel(NUMBER, bytes(600)) is None
    assert drops(world) == {Drop.OVER_BANDWIDTH: 2}
    world.now = 1
    assert one.channel(NUMBER, bytes(600))


def test_the_bandwidth_of_all_is_limited() -> None:
    world = World(config(total_bytes_per_second=1000))
    one, two = world.pair()
    assert one.send(two.as_peer, bytes(1000))
    assert two.send(one.as_peer, bytes(1)) is None


def test_an_open_relay_sends_to_outside_peers_from_the_relayed_address() -> None:
    _, client = open_world()
    client.bind(NUMBER, PEER)
    assert client.send(PEER, b"x") == ((client.relayed[0], PEER, False), b"x")
    assert client.channel(NUMBER, b"y") == ((client.relayed[0], PEER, False), b"y")


def test_the_wish_not_to_fragment_is_passed_on() -> None:
    world, client = open_world(dont_fragment=True)
    builder = Builder(Method.SEND, Kind.INDICATION, bytes(12))
    builder.add(stun.XOR_PEER_ADDRESS, PEER).add(stun.DATA, b"x").add(stun.DONT_FRAGMENT, b"")
    assert world.feed(client.flow, builder.serialise()) == ((client.relayed[0], PEER, True), b"x")


def test_outside_peers_reach_the_client_by_indication_or_by_channel() -> None:
    world, client = open_world()
    (relayed,) = client.relayed
    hop = world.core.handle_peer(relayed, PEER, b"x", world.now)
    assert received(hop) == (client.flow, PEER, b"x")
    client.bind(NUMBER, PEER)
    hop = world.core.handle_peer(relayed, PEER, b"x", world.now)
    assert received(hop) == (client.flow, NUMBER, b"x")


def test_a_permission_is_for_an_address_whatever_the_port() -> None:
    world, client = open_world()
    other_port = PeerAddress(b"\xff\0" + PEER[2:])
    assert world.core.handle_peer(client.relayed[0], other_port, b"x", world.now)
    assert client.send(other_port, b"x")


def test_what_was_not_permitted_is_not_let_in() -> None:
    world, client = open_world(bytes_per_second=10)
    (relayed,) = client.relayed
    stranger = PeerAddress(address.pack("9.9.9.9", 5000))
    assert world.core.handle_peer(relayed, stranger, b"x", 0) is None
    assert world.core.handle_peer(relayed, PeerAddress(relayed), b"x", 0) is None
    assert world.core.handle_peer(relayed, PEER, bytes(11), 0) is None
    assert world.core.handle_peer(relayed, PEER, b"x", 600) is None
    client.refresh(0)
    assert world.core.handle_peer(relayed, PEER, b"x", 0) is None
    assert drops(world) == {
        Drop.NO_PERMISSION: 1,
        Drop.DENIED_PEER: 1,
        Drop.OVER_BANDWIDTH: 1,
        Drop.NO_ALLOCATION: 2,
    }


def test_data_to_denied_ports_and_to_a_family_one_has_not_is_dropped() -> None:
    world, client = open_world()
    dns = PeerAddress(address.pack("8.8.8.8", 53))
    assert client.send(dns, b"x") is None
    assert client.send(PEER_V6, b"x") is None
    assert drops(world) == {Drop.DENIED_PEER: 1, Drop.NO_PERMISSION: 1}


def test_a_new_policy_holds_for_channels_that_are_in_use() -> None:
    world, client = open_world()
    client.bind(NUMBER, PEER)
    assert client.channel(NUMBER, b"x")
    world.core.set_policy(
        PeerPolicy(
            closed=False, relay_ips=world.policy.relay_ips, own_ips=frozenset({address.ip_of(PEER)})
        )
    )
    assert client.channel(NUMBER, b"x") is None
    assert code(client.bind(NUMBER, PEER)) == 403


def test_two_hidden_people_meet_on_an_open_relay_without_a_packet_to_itself() -> None:
    world = World(config(closed=False))
    one, two = world.pair()
    assert received(one.send(two.as_peer, b"x")) == (two.flow, one.as_peer, b"x")


def test_a_call_of_two_hours_goes_on_though_its_credentials_expire() -> None:
    world = World()
    one, two = world.pair()
    for client, other in ((one, two), (two, one)):
        client.bind(NUMBER, other.as_peer)
    for minute in range(120):
        world.pass_time(60)
        for client, other in ((one, two), (two, one)):
            client.nonce = ""  # as after a 438
            if minute % 4 == 3:
                assert code(client.refresh()) is None
                assert code(client.bind(NUMBER, other.as_peer)) is None
            assert received(client.channel(NUMBER, b"x")) == (other.flow, NUMBER, b"x")
    world.pass_time(300)
    assert one.credentials.username.startswith(str(int(UNIX) + 7200))
    assert world.now > 7200
    assert code(one.refresh()) is None
    late = world.client(port=4003)
    late.credentials = one.credentials
    assert code(late.allocate()) == 401
