"""Buckets refill with time and never hold more than their burst."""

from hypothesis import given
from hypothesis import strategies as st

from chatzyo.protocol.limits import BYTES_PER_SECOND, MESSAGE_BURST
from chatzyo.safety.quota import Quota


def test_the_burst_is_allowed_and_one_more_is_not() -> None:
    quota = Quota(now=0)
    assert all(quota.take(10, now=0) for _ in range(MESSAGE_BURST))
    assert not quota.take(10, now=0)


def test_the_allowance_returns_with_time_but_never_exceeds_the_burst() -> None:
    quota = Quota(now=0, messages_per_second=2)
    assert all(quota.take(1, now=0) for _ in range(4))
    assert quota.take(1, now=0.5)
    assert all(quota.take(1, now=100) for _ in range(4))
    assert not quota.take(1, now=100)


def test_bytes_are_limited_as_well() -> None:
    quota = Quota(now=0)
    assert quota.take(BYTES_PER_SECOND, now=0)
    assert not quota.take(1, now=0)


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 3)), max_size=60))
def test_no_more_is_taken_than_the_burst_and_what_time_returns(
    steps: list[tuple[float, int]],
) -> None:
    quota, now, taken = Quota(now=0, messages_per_second=2, bytes_per_second=6), 0.0, 0
    for pause, size in steps:
        now += pause
        if not quota.take(size, now):
            break
        taken += size
        assert taken <= 6 + 6 * now + 1e-6
