"""Private rooms: two seats each, known only by an unguessable id.

A room is what its seats are: it begins with the first `join` and ends with the last person, so
that a room that never existed cannot be told from one that is empty. Who drops out while the other
stays keeps the seat for a while and returns to it with the same token; who leaves gives it up.
"""

import heapq
from dataclasses import dataclass
from itertools import count
from typing import NewType

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.protocol.limits import SEAT_KEPT_SECONDS, SEATS

RoomId = NewType("RoomId", str)
SeatToken = NewType("SeatToken", str)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomSeat:
    """Where somebody sits."""

    room: RoomId
    seat: SeatToken


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What a waiting person publishes for the other's browser."""

    visitor: VisitorId
    key: str
    mac: str


@dataclass(kw_only=True, slots=True)
class _Seat:
    """Held by a connection, or kept until `kept_until` for one that dropped out."""

    visitor: VisitorId | None
    offer: Offer | None = None
    kept_until: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Seated:
    """A `join` succeeded."""

    replaced: VisitorId | None
    """The connection that held this very seat before and has to go."""
    other: Offer | None
    """The person who waits on the other seat; taken out, to be introduced now."""


class Rooms:
    """All private rooms of a node."""

    def __init__(self) -> None:
        """Start without rooms."""
        self._seats_by_room: dict[RoomId, dict[SeatToken, _Seat]] = {}
        self._expiries: list[tuple[float, int, RoomSeat]] = []
        self._serial = count()

    def join(self, place: RoomSeat, offer: Offer) -> Seated | None:
        """Sit down and wait; None when both seats belong to others."""
        seats = self._seats_by_room.setdefault(place.room, {})
        seat = seats.get(place.seat)
        if seat is None:
            if len(seats) >= SEATS:
                return None
            seat = seats[place.seat] = _Seat(visitor=offer.visitor)
        replaced = seat.visitor if seat.visitor != offer.visitor else None
        seat.visitor = offer.visitor
        other = next((each for token, each in seats.items() if token != place.seat), None)
        if other is None or other.offer is None:
            seat.offer = offer
            return Seated(replaced=replaced, other=None)
        seat.offer, waiting, other.offer = None, other.offer, None
        return Seated(replaced=replaced, other=waiting)

    def leave(self, place: RoomSeat) -> None:
        """Give a seat up; the room ends with the last person in it."""
        seats = self._seats_by_room[place.room]
        del seats[place.seat]
        if all(each.visitor is None for each in seats.values()):
            del self._seats_by_room[place.room]

    def drop(self, place: RoomSeat, now: float) -> None:
        """Keep a seat for somebody whose connection broke, if the other person is there."""
        seats = self._seats_by_room[place.room]
        seat = seats[place.seat]
        seat.visitor = seat.offer = None
        if all(each.visitor is None for each in seats.values()):
            del self._seats_by_room[place.room]
            return
        seat.kept_until = now + SEAT_KEPT_SECONDS
        heapq.heappush(self._expiries, (seat.kept_until, next(self._serial), place))

    def handle_timeout(self, now: float) -> None:
        """Give up the seats nobody came back to."""
        while self._expiries and self._expiries[0][0] <= now:
            _, _, place = heapq.heappop(self._expiries)
            seat = self._seats_by_room.get(place.room, {}).get(place.seat)
            if seat and seat.visitor is None and seat.kept_until <= now:
                self.leave(place)

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` is wanted next, or None."""
        return self._expiries[0][0] if self._expiries else None

    def __len__(self) -> int:
        """Return the number of rooms with somebody in it."""
        return len(self._seats_by_room)
