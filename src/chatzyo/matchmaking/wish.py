"""A wish and the ticket that waits for it to come true.

Owns the values that pairing compares. Knows nothing of connections or messages to people.
"""

from dataclasses import dataclass
from typing import NewType

from chatzyo.protocol.messages import Find, Mode

VisitorId = NewType("VisitorId", int)
"""Names a connection inside this process; never leaves it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where people can meet at all: tickets of different places are never compared."""

    mode: Mode
    hub: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """One visitor's wish, waiting since `since` (seconds on the caller's clock)."""

    visitor: VisitorId
    place: Place
    languages: tuple[str, ...]
    interests: tuple[str, ...]
    since: float
    met: tuple[VisitorId, ...]
    """The visitor's most recent partners."""
    key: str
    """For the partner's browser; matching does not look at it."""

    def waited(self, now: float) -> float:
        """Seconds this ticket has waited."""
        return now - self.since


def make_ticket(
    find: Find, *, visitor: VisitorId, met: tuple[VisitorId, ...], now: float
) -> Ticket:
    """Turn a `find` into a ticket; interests are compared without regard to case."""
    return Ticket(
        visitor=visitor,
        place=Place(mode=find.mode, hub=find.hub),
        languages=_unique(find.languages),
        interests=_unique(tuple(interest.casefold() for interest in find.interests)),
        since=now,
        met=met,
        key=find.key,
    )


def shared(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """What both named, in the order of the first."""
    return tuple(item for item in mine if item in theirs)


def _unique(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
