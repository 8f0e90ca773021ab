"""A short run of the fuzzer; `python -m tests.traversal.turn.fuzz` runs longer ones."""

import pytest

from tests.traversal.turn.fuzz import run

MESSAGES = 3_000


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_no_sequence_of_messages_breaks_a_promise(seed: int, *, closed: bool) -> None:
    delivered = run(seed, MESSAGES, closed=closed).delivered
    assert delivered >= MESSAGES // 300, "the run must exercise relaying"
