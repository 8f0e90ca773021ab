"""The rules of who suits whom and who is preferred. Functions of two tickets and the time.

A wish is held at first and widened while it waits. Each person's own waiting time decides what
that person has given up; a pair must suit both.
"""

from typing import Final

from chatzyo.matchmaking.wish import Ticket, shared
from chatzyo.protocol.messages import Widened

REVIEW_SECONDS: Final = 5.0
"""How often a waiting ticket is looked at again; every threshold below is a multiple of it."""

INTERESTS_SECONDS: Final = 5.0
"""A shared interest is pleasant, but few people name the same one."""

AGAIN_SECONDS: Final = 10.0
"""Someone met before is better than nobody, and worse than anybody new."""

LANGUAGES_SECONDS: Final = 15.0
"""A stranger who cannot be understood is the last resort."""

INTEREST_BONUS_SECONDS: Final = 3.0
"""A shared interest outweighs this much of another candidate's longer wait."""


def suits(a: Ticket, b: Ticket, now: float) -> bool:
    """Whether both accept each other at this moment, leaving aside whether they have met."""
    return _accepts(a, b, now) and _accepts(b, a, now)


def have_met(a: Ticket, b: Ticket) -> bool:
    """Whether either remembers the other among the recent partners."""
    return b.visitor in a.met or a.visitor in b.met


def may_meet_again(a: Ticket, b: Ticket, now: float) -> bool:
    """Whether both have waited long enough to accept a recent partner."""
    return a.waited(now) >= AGAIN_SECONDS and b.waited(now) >= AGAIN_SECONDS


def preference(mine: Ticket, candidate: Ticket, now: float) -> float:
    """Seconds of waiting the candidate is worth to this ticket; the highest is chosen.

    Waiting time dominates without bound, so nobody is passed over for ever.
    """
    in_common = len(shared(mine.interests, candidate.interests))
    return candidate.waited(now) + INTEREST_BONUS_SECONDS * in_common


def widened(ticket: Ticket, now: float) -> Widened:
    """The furthest thing this ticket has given up, of those it asked for."""
    waited = ticket.waited(now)
    if ticket.languages and waited >= LANGUAGES_SECONDS:
        return "languages"
    if ticket.met and waited >= AGAIN_SECONDS:
        return "again"
    if ticket.interests and waited >= INTERESTS_SECONDS:
        return "interests"
    return "nothing"


def _accepts(mine: Ticket, theirs: Ticket, now: float) -> bool:
    waited = mine.waited(now)
    return (
        not mine.languages
        or waited >= LANGUAGES_SECONDS
        or bool(shared(mine.languages, theirs.languages))
    ) and (
        not mine.interests
        or waited >= INTERESTS_SECONDS
        or bool(shared(mine.interests, theirs.interests))
    )
