"""The registry: what lives is found by every key, what ends is found by none."""

from typing import Any

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Family, PeerAddress, RelayedAddress
from chatzyo.traversal.turn.allocation import Allocation, Registry, Reservation, Row
from chatzyo.traversal.turn.auth import Account
from chatzyo.traversal.turn.quota import Bucket
from tests.traversal.turn.world import RELAY_V4, chance, config

TOKEN = b"12345678"


def relayed(port: int) -> RelayedAddress:
    return RelayedAddress(port.to_bytes(2, "big") + RELAY_V4)


def allocation(client_port: int, **expiry_by_port: float) -> Allocation:
    return Allocation(
        flow=address.flow_of(1, ClientAddress(address.pack("198.51.100.7", client_port))),
        account=Account(username="user", passwords=()),
        created=0,
        bucket=Bucket(rate=0, burst=0, now=0),
        expiry_by_relayed={
            relayed(int(port[1:])): expiry for port, expiry in expiry_by_port.items()
        },
    )


def registry(**changes: Any) -> Registry:
    return Registry(config(**changes), chance())


def reservation(expiry: float = 30) -> Reservation:
    return Reservation(
        relayed=relayed(50_001), owner=allocation(1).flow, username="user", expiry=expiry
    )


def test_an_allocation_is_found_until_it_ends() -> None:
    lives = registry()
    one = allocation(1, p50000=600)
    lives.add(one)
    assert lives.by_flow == {one.flow: one}
    assert lives.by_relayed == {relayed(50_000): one}
    assert one.relayed(Family.IPV4) == relayed(50_000)
    assert one.relayed(Family.IPV6) is None
    assert lives.poll_timeout() == 600
    assert list(lives.expire(599)) == []
    assert list(lives.expire(600)) == [relayed(50_000)]
    assert (lives.by_flow, lives.by_relayed, lives.total) == ({}, {}, 0)
    assert lives.poll_timeout() is None


def test_the_halves_of_a_dual_allocation_end_at_their_own_times() -> None:
    lives = registry()
    one = allocation(1, p50000=600, p50002=900)
    lives.add(one)
    assert list(lives.expire(600)) == [relayed(50_000)]
    assert list(one.expiry_by_relayed) == [relayed(50_002)]
    assert lives.poll_timeout() == 900


def test_a_refreshed_allocation_is_watched_at_its_new_time() -> None:
    lives = registry()
    one = allocation(1, p50000=600)
    lives.add(one)
    one.expiry_by_relayed[relayed(50_000)] = 1000
    assert list(lives.expire(600)) == []
    assert lives.poll_timeout() == 1000


def test_the_deadline_of_one_that_ended_does_not_touch_its_successor() -> None:
    lives = registry()
    first, second = allocation(1, p50000=600), allocation(1, p50002=900)
    lives.add(first)
    lives.remove(first, [relayed(50_000)])
    lives.add(second)
    assert list(lives.expire(700)) == []
    assert lives.by_flow[second.flow] is second


def test_a_reserved_port_is_held_counted_and_given_to_its_user_only() -> None:
    lives = registry()
    lives.reserve(TOKEN, reservation())
    assert lives.total == 1
    assert lives.reservation(TOKEN, "user", now=29)
    assert lives.reservation(TOKEN, "thief", now=29) is None
    assert lives.reservation(TOKEN, "user", now=30) is None
    assert lives.reservation(b"another", "user", now=0) is None
    assert lives.release(TOKEN).relayed == relayed(50_001)
    assert lives.total == 0
    assert list(lives.expire(30)) == []


def test_a_reservation_nobody_comes_for_ends() -> None:
    lives = registry()
    lives.reserve(TOKEN, reservation())
    assert list(lives.expire(30)) == [relayed(50_001)]
    assert lives.total == 0


def test_drawn_ports_are_free_even_if_asked_and_never_outside_the_range() -> None:
    lives = registry(first_port=50_000, last_port=50_003)
    lives.add(allocation(1, p50000=600))
    lives.reserve(TOKEN, reservation())
    for _ in range(10):
        assert lives.draw_relayed(Family.IPV4, even=False, pair=False) != (relayed(50_000),)
        assert lives.draw_relayed(Family.IPV4, even=True, pair=True) == (
            relayed(50_002),
            relayed(50_003),
        )
    lives.add(allocation(2, p50002=600))
    assert lives.draw_relayed(Family.IPV4, even=True, pair=False) is None


def test_room_is_judged_for_the_user_and_for_the_server() -> None:
    lives = registry(total=2, per_user=2)
    lives.add(allocation(1, p50000=600, p50002=600))
    assert not lives.server_has_room(1)
    assert not lives.user_has_room("user", allocation(2).flow, 1)
    assert lives.user_has_room("other", allocation(2).flow, 1)


def test_revoked_rows_are_expired_wherever_somebody_still_holds_them() -> None:
    one = allocation(1, p50000=600)
    rows = [
        Row(expiry=600, buckets=(), outlet=None, target=one.flow, prefix=b"", peer=PeerAddress(b""))
        for _ in range(2)
    ]
    one.rows[b"\x40\0"], one.incoming[one.flow, b"\x40\0"] = rows
    one.revoke_rows()
    assert [row.expiry for row in rows] == [float("-inf")] * 2
    assert not one.rows
    assert not one.incoming
