"""From the time stamps of two browsers to the figures of one call."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from setup_lab.network import Passage

STEPS: Final = ("matched", "card", "applied", "ice", "dtls", "frame")
"""In the order in which a call goes through them; `card` is the partner's description."""

Stamps = Mapping[str, float]


def durations(clicked: float, *both: Stamps) -> dict[str, float]:
    """Milliseconds from the click until each step was done on both sides."""
    return {
        step: max(stamps[step] for stamps in both) - clicked
        for step in STEPS
        if all(step in stamps for stamps in both)
    }


def round_trips(passages: Sequence[Passage], start: float, end: float) -> int:
    """Round trips to the server between two times, as one browser's proxy saw them.

    Opening a connection is one; so is everything sent up that is followed by something sent down.
    """
    between = [passage for passage in passages if start <= passage.at <= end]
    count = 0
    for connection in {passage.connection for passage in between}:
        ways = [passage.what for passage in between if passage.connection == connection]
        count += ways.count("open")
        count += sum(pair == ("up", "down") for pair in itertools.pairwise(ways))
    return count
