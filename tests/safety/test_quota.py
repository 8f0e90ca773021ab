"""Buckets refill with time and never hold more than their burst."""

from hypothesis import given
from hypothesis import strategies as st

from chatzyo.protocol.limits import BYTES_PER_SECOND, MESSAGE_BURST
from chatzyo.safety.quota import Bucket, Quota


def test_the_burst_is_allowed_and_one_more_is_not() -> None:
    quota = Quota(now=0)
    assert all(quota.take(10, now=0) for _ in range(MESSAGE_BURST))
    assert not quota.take(10, now=0)


def test_a_bucket_refills_with_time_up_to_its_burst() -> None:
    bucket = Bucket(rate=2, burst=4, now=0)
    assert bucket.take(4, now=0)
    assert not bucket.take(1, now=0.4)
    assert bucket.take(1, now=0.5)
    assert bucket.take(4, now=100)
    assert not bucket.take(1, now=100)


def test_bytes_are_limited_as_well() -> None:
    quota = Quota(now=0)
    assert quota.take(BYTES_PER_SECOND, now=0)
    assert not quota.take(1, now=0)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 3)), max_size=60))
def test_no_more_is_taken_than_burst_plus_rate_times_time(steps: list[tuple[float, float]]) -> None:
    bucket, now, taken = Bucket(rate=2, burst=4, now=0), 0.0, 0.0
    for pause, amount in steps:
        now += pause
        taken += amount if bucket.take(amount, now) else 0
        assert taken <= 4 + 2 * now + 1e-6
