"""Head counts as they may be told: coarse enough that nobody's coming or going shows."""

from typing import Final

FEW: Final = 8
"""Below this a count is told as 0, which readers see as "fewer than 8"."""


def coarse(count: int) -> int:
    """The largest of 8, 16, 32, 64 ... that is not above `count`; 0 below 8."""
    return 0 if count < FEW else 1 << (count.bit_length() - 1)
