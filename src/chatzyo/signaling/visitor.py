"""The states of one connection: new, idle, searching, expecting, in a match; no others exist."""

from dataclasses import dataclass
from enum import Enum, auto

from chatzyo.matchmaking.wish import Ticket, VisitorId
from chatzyo.protocol.messages import Waiting
from chatzyo.signaling.match import Match
from chatzyo.signaling.room import RoomSeat


class Resting(Enum):
    """The states that need no data of their own."""

    NEW = auto()
    """Connected, `hello` not yet received."""
    IDLE = auto()
    EXPECTING = auto()
    """Waiting in a private room."""


@dataclass(kw_only=True, slots=True)
class Searching:
    """Waiting in a pool."""

    ticket: Ticket
    told: Waiting
    """What the visitor was last told, so that only changes are sent."""


@dataclass(slots=True)
class Visitor:
    """One connection as the switchboard sees it."""

    id: VisitorId
    state: Resting | Searching | Match = Resting.NEW
    met: tuple[VisitorId, ...] = ()
    """Recent partners, newest first."""
    place: RoomSeat | None = None
    """The seat held in a private room, also between two matches there."""
