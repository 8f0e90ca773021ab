"""Counts are told in doubling steps and not at all below eight."""

import pytest

from chatzyo.signaling.crowd import coarse


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (7, 0), (8, 8), (15, 8), (16, 16), (1000, 512), (1024, 1024)]
)
def test_a_count_is_told_as_a_step(count: int, told: int) -> None:
    assert coarse(count) == told
