"""Model against implementation: 120,000 random steps, each replayable by its seed.

    CHATZYO_SEED=7 pytest tests/simulation

runs one seed again, whatever it was that failed.
"""

import os

import pytest

from chatzyo.protocol.messages import Find
from tests.simulation.world import World

STEPS = 6_000
SEEDS = [int(os.environ["CHATZYO_SEED"])] if "CHATZYO_SEED" in os.environ else list(range(20))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sequence_of_events_breaks_a_promise_of_matching(seed: int) -> None:
    world = World(seed)
    for _ in range(STEPS):
        world.step()
    assert world.matches > STEPS // 50, "the run must exercise matching"
    assert world.meetings > STEPS // 300, "and private rooms"


def test_a_seed_replays_the_same_run() -> None:
    runs = [World(3), World(3)]
    for world in runs:
        for _ in range(500):
            world.step()
    assert runs[0].now == runs[1].now
    assert runs[0].old_mids == runs[1].old_mids


def test_the_model_notices_a_forgotten_pair() -> None:
    """The checker is able to fail: here two suitable people are hidden from the switchboard."""
    world = World(0)
    for _ in range(2):
        world.arrive()
    for person in world.people.values():
        person.greeted, person.wish = True, Find(mode="text", key="K" * 108)
    world.now = 1000
    with pytest.raises(AssertionError, match="both still wait"):
        world.check_nobody_is_forgotten()
