"""Limits: at the limit, one beyond, and after some time."""

from hypothesis import given
from hypothesis import strategies as st

from chatzyo.traversal import address
from chatzyo.traversal.turn.quota import Bucket, Holdings, PrefixLimiter, prefix_of


def ip(host: str) -> bytes:
    return address.ip_of(address.pack(host, 0))


def test_a_bucket_gives_its_burst_and_refills_with_time() -> None:
    bucket = Bucket(rate=10, burst=20, now=0)
    assert bucket.take(20, 0)
    assert not bucket.take(1, 0)
    assert not bucket.take(11, 1)
    assert bucket.take(10, 1)
    assert bucket.take(20, 1000)
    assert not bucket.take(1, 1000)


def test_a_rate_of_zero_is_no_limit() -> None:
    unlimited = Bucket(rate=0, burst=0, now=0)
    assert unlimited.take(10**12, 0)
    assert not unlimited.is_limited
    assert Bucket(rate=1, burst=1, now=0).is_limited


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(0, 30)), max_size=80))
def test_no_more_passes_than_two_bursts_and_what_time_returns(
    steps: list[tuple[float, int]],
) -> None:
    bucket, now, taken = Bucket(rate=10, burst=20, now=0), 0.0, 0
    for pause, amount in steps:
        now += pause
        taken += amount if bucket.take(amount, now) else 0
        assert taken <= 2 * 20 + 10 * now + 1e-6


def test_neighbours_share_a_prefix_and_others_do_not() -> None:
    assert prefix_of(ip("192.0.2.1")) == prefix_of(ip("192.0.2.200"))
    assert prefix_of(ip("2001:db8:0:1::1")) == prefix_of(ip("2001:db8:0:ff::2"))
    assert prefix_of(ip("2001:db8:0:100::1")) != prefix_of(ip("2001:db8:0:200::1"))


def test_a_prefix_that_is_over_its_rate_does_not_silence_another() -> None:
    limiter = PrefixLimiter(rate=1, burst=2, key=b"key")
    assert [limiter.take(ip("192.0.2.1"), 0) for _ in range(3)] == [True, True, False]
    assert limiter.take(ip("198.51.100.1"), 0)
    assert limiter.take(ip("192.0.2.9"), 1)
    assert not limiter.take(ip("192.0.2.1"), 1)


def test_holdings_are_limited_by_user_by_source_and_in_total() -> None:
    holdings = Holdings(total=4, per_user=2, per_prefix=3)
    here, there = ip("192.0.2.1"), ip("198.51.100.1")
    holdings.add("a", here, 2)
    assert not holdings.user_has_room("a", there, 1)
    assert holdings.user_has_room("b", here, 1)
    assert not holdings.user_has_room("b", here, 2)
    holdings.add("b", there, 2)
    assert not holdings.server_has_room(1)
    holdings.remove("a", here, 1)
    assert holdings.server_has_room(1)
    assert holdings.total == 3
    holdings.remove("a", here, 1)
    assert holdings.user_has_room("a", here, 2)
