"""Estimates come from the waits of others or are not given."""

from chatzyo.matchmaking.patience import (
    ENOUGH_WAITS,
    ESTIMATE_STEPS,
    WAITS_COUNT_FOR_SECONDS,
    Patience,
)


def experienced(*waits: float) -> Patience:
    patience = Patience()
    for waited in waits:
        patience.remember(waited, now=0)
    return patience


def test_too_few_waits_give_no_estimate() -> None:
    assert experienced(*[8] * (ENOUGH_WAITS - 1)).estimate(0, now=0) is None
    assert experienced(*[8] * ENOUGH_WAITS).estimate(0, now=0) == 10


def test_the_estimate_is_what_was_left_for_those_who_had_waited_as_long() -> None:
    patience = experienced(0, 0, 0, 0, 0, 0, 30, 32, 34, 36, 38)
    assert patience.estimate(0, now=1) == 60
    assert patience.estimate(29, now=1) == 5


def test_old_waits_are_forgotten() -> None:
    patience = experienced(*[8] * ENOUGH_WAITS)
    assert patience.estimate(0, now=WAITS_COUNT_FOR_SECONDS) == 10
    assert patience.estimate(0, now=WAITS_COUNT_FOR_SECONDS + 1) is None


def test_a_very_long_wait_is_given_as_the_longest_step() -> None:
    assert experienced(*[10_000] * ENOUGH_WAITS).estimate(0, now=0) == ESTIMATE_STEPS[-1]
