"""How long people have waited lately, and what that says about how long one still has to wait."""

from collections import deque
from statistics import median
from typing import Final

REMEMBERED_WAITS: Final = 64
"""Enough for a steady median, few enough to follow the hour of the day."""

WAITS_COUNT_FOR_SECONDS: Final = 600.0
"""Older waits describe another crowd."""

ENOUGH_WAITS: Final = 5
"""Fewer than this is an anecdote; we then say that we do not know."""

ESTIMATE_STEPS: Final = (5, 10, 20, 30, 60, 120, 300, 600)
"""Coarse on purpose: a precise figure would promise what nobody knows."""


class Patience:
    """The recent waits in one pool."""

    __slots__ = ("_waits",)

    def __init__(self) -> None:
        """Start without experience."""
        self._waits: deque[tuple[float, float]] = deque(maxlen=REMEMBERED_WAITS)

    def remember(self, waited: float, now: float) -> None:
        """Record that a ticket was paired after `waited` seconds."""
        self._waits.append((now, waited))

    def estimate(self, waited: float, now: float) -> int | None:
        """Seconds a ticket that has waited `waited` still waits, rounded up to a step.

        The median of what was left for those who had waited as long; None without experience.
        """
        left = [
            total - waited
            for when, total in self._waits
            if total > waited and now - when <= WAITS_COUNT_FOR_SECONDS
        ]
        if len(left) < ENOUGH_WAITS:
            return None
        typical = median(left)
        return next((step for step in ESTIMATE_STEPS if typical <= step), ESTIMATE_STEPS[-1])
