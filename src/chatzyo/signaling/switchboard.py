"""Everything a node decides about its visitors: events in, commands out.

Owns who searches, who is matched with whom, and who may signal whom. Must not know sockets,
clocks or randomness: the caller passes `now` (seconds) and an iterator of fresh match ids.
After every `handle_...` the caller drains `next_command` and re-arms `poll_timeout`.
"""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count
from typing import assert_never

import msgspec

from chatzyo.matchmaking import pairing
from chatzyo.matchmaking.pool import Pair, Pool, Review
from chatzyo.matchmaking.wish import Place, Ticket, VisitorId, make_ticket, shared
from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import (
    MAX_SIGNALS_PER_DIRECTION,
    PROTOCOL_VERSION,
    RECENT_PARTNERS,
)
from chatzyo.protocol.messages import (
    Alone,
    Cancel,
    Confirm,
    Ended,
    EndReason,
    Error,
    Find,
    Hello,
    Join,
    Leave,
    Matched,
    PartnerConfirm,
    ServerMessage,
    Waiting,
    Welcome,
)
from chatzyo.signaling.crowd import coarse
from chatzyo.signaling.match import Match, MatchId
from chatzyo.signaling.room import Offer, RoomId, Rooms, RoomSeat, SeatToken
from chatzyo.signaling.visitor import Resting, Searching, Visitor

Request = Hello | Find | Join | Cancel | Confirm | Leave
"""Every message of a client but `signal`, which has a path of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Send a message to a visitor."""

    to: VisitorId
    message: ServerMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Disconnect:
    """Close a visitor's connection; the caller reports it with `handle_disconnected`."""

    visitor: VisitorId
    code: CloseCode


Command = Send | Disconnect


class Switchboard:
    """The visitors of one node."""

    def __init__(
        self,
        *,
        match_ids: Iterator[MatchId],
        hubs: Collection[str],
        signals_per_direction: int = MAX_SIGNALS_PER_DIRECTION,
    ) -> None:
        """Start empty. `match_ids` must yield 16 fresh random bytes in base64url each time."""
        self._match_ids = match_ids
        self._hubs = hubs
        self._signals_per_direction = signals_per_direction
        self._numbers = count(1)
        self._visitor_by_id: dict[VisitorId, Visitor] = {}
        self._pool_by_place: dict[Place, Pool] = {}
        self._rooms = Rooms()
        self._commands: deque[Command] = deque()

    def handle_connected(self) -> Visitor:
        """Take in a new connection; its first message must be `hello`."""
        visitor = Visitor(VisitorId(next(self._numbers)))
        self._visitor_by_id[visitor.id] = visitor
        return visitor

    def handle_message(self, visitor: Visitor, message: Request, now: float) -> None:
        """Do what a message asks for, or refuse it and change nothing."""
        if visitor.state is Resting.NEW:
            self._handle_first(visitor, message)
            return
        match message:
            case Hello():
                self._refuse(visitor, Error(code="already-greeted"))
            case Find():
                self._handle_find(visitor, message, now)
            case Join():
                self._handle_join(visitor, message)
            case Cancel():
                self._handle_cancel(visitor)
            case Confirm():
                self._handle_confirm(visitor, message)
            case Leave():
                self._handle_leave(visitor, message)
            case _:
                assert_never(message)

    def handle_signal(self, visitor: Visitor, mid: str) -> VisitorId | None:
        """Return whom to forward a signal for match `mid` to; None when it was refused.

        The one path that many messages take: it answers directly and queues only refusals.
        """
        match = visitor.state
        if not isinstance(match, Match) or match.mid != mid:
            self.handle_refusal(visitor, Error(code="no-match"))
            return None
        partner = match.spend_signal(visitor.id)
        if partner is None:
            self._refuse(visitor, Error(code="too-many-signals"))
        return partner

    def handle_refusal(self, visitor: Visitor, answer: CloseCode | Error) -> None:
        """Answer a frame that could not be parsed."""
        if isinstance(answer, CloseCode):
            self._commands.append(Disconnect(visitor=visitor.id, code=answer))
        elif visitor.state is Resting.NEW:
            self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.HELLO_EXPECTED))
        else:
            self._refuse(visitor, answer)

    def handle_disconnected(self, visitor: Visitor, now: float) -> None:
        """Forget a visitor; a partner is told, and a seat in a private room is kept."""
        del self._visitor_by_id[visitor.id]
        if visitor.place:
            self._rooms.drop(visitor.place, now)
        if isinstance(visitor.state, Searching):
            self._pool_by_place[visitor.state.ticket.place].remove(visitor.id)
        elif isinstance(visitor.state, Match):
            self._end(visitor.state, left_by=visitor.id, reason="lost")

    def handle_timeout(self, now: float) -> None:
        """Pair and inform those whose search is due for a review; give up kept seats."""
        self._rooms.handle_timeout(now)
        for pool in self._pool_by_place.values():
            for result in pool.handle_timeout(now):
                match result:
                    case Pair():
                        self._introduce(result)
                    case Review(ticket=ticket):
                        self._tell_waiting(ticket, now)
                    case _:
                        assert_never(result)

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` is wanted next, or None."""
        dues = [self._rooms.poll_timeout()]
        dues += [pool.poll_timeout() for pool in self._pool_by_place.values()]
        return min((due for due in dues if due is not None), default=None)

    def next_command(self) -> Command | None:
        """The next thing to do, in order; None when all is done."""
        return self._commands.popleft() if self._commands else None

    def _handle_first(self, visitor: Visitor, message: Request) -> None:
        if not isinstance(message, Hello):
            self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.HELLO_EXPECTED))
        elif message.v != PROTOCOL_VERSION:
            self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.VERSION))
        else:
            visitor.state = Resting.IDLE
            online = coarse(len(self._visitor_by_id))
            self._send(visitor.id, Welcome(v=PROTOCOL_VERSION, online=online))

    def _handle_find(self, visitor: Visitor, find: Find, now: float) -> None:
        if self._is_busy(visitor):
            return
        if find.hub not in self._hubs:
            self._refuse(visitor, Error(code="invalid-field", field="hub"))
            return
        self._give_up_seat(visitor)
        self._search(make_ticket(find, visitor=visitor.id, met=visitor.met, now=now), now)

    def _search(self, ticket: Ticket, now: float) -> None:
        pool = self._pool_by_place.setdefault(ticket.place, Pool())
        pair = pool.add(ticket, now)
        if pair:
            self._introduce(pair)
            return
        waiting = self._waiting(ticket, now)
        self._visitor_by_id[ticket.visitor].state = Searching(ticket=ticket, told=waiting)
        self._send(ticket.visitor, waiting)

    def _handle_join(self, visitor: Visitor, join: Join) -> None:
        if self._is_busy(visitor):
            return
        place = RoomSeat(room=RoomId(join.room), seat=SeatToken(join.seat))
        offer = Offer(visitor=visitor.id, key=join.key, mac=join.mac)
        seated = self._rooms.join(place, offer)
        if seated is None:
            self._refuse(visitor, Error(code="room-full"))
            return
        if visitor.place != place:
            self._give_up_seat(visitor)
        visitor.place = place
        visitor.state = Resting.EXPECTING
        if seated.replaced:
            self._replace(self._visitor_by_id[seated.replaced])
        if seated.other:
            self._introduce_in_room(seated.other, offer)
        else:
            self._send(visitor.id, Alone())

    def _is_busy(self, visitor: Visitor) -> bool:
        """Refuse whoever searches, expects or is in a match already."""
        if isinstance(visitor.state, Match):
            self._refuse(visitor, Error(code="in-match"))
        elif visitor.state is not Resting.IDLE:
            self._refuse(visitor, Error(code="already-searching"))
        return visitor.state is not Resting.IDLE

    def _replace(self, visitor: Visitor) -> None:
        """Take the seat from a connection that its owner has given up without closing it."""
        visitor.place = None
        if isinstance(visitor.state, Match):
            self._end(visitor.state, left_by=visitor.id, reason="lost")
        visitor.state = Resting.IDLE
        self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.REPLACED))

    def _give_up_seat(self, visitor: Visitor) -> None:
        if visitor.place:
            self._rooms.leave(visitor.place)
            visitor.place = None

    def _handle_cancel(self, visitor: Visitor) -> None:
        if isinstance(visitor.state, Searching):
            self._pool_by_place[visitor.state.ticket.place].remove(visitor.id)
        elif isinstance(visitor.state, Match) or visitor.place is None:
            self._refuse(visitor, Error(code="not-searching"))
            return
        self._give_up_seat(visitor)
        visitor.state = Resting.IDLE

    def _handle_confirm(self, visitor: Visitor, confirm: Confirm) -> None:
        match = visitor.state
        if not isinstance(match, Match) or match.mid != confirm.mid or match.b != visitor.id:
            self._refuse(visitor, Error(code="no-match"))
        elif match.spend_signal(visitor.id) is not None:
            self._send(match.a, PartnerConfirm(mid=confirm.mid, mac=confirm.mac))
        else:
            self._refuse(visitor, Error(code="too-many-signals"))

    def _handle_leave(self, visitor: Visitor, leave: Leave) -> None:
        match = visitor.state
        if not isinstance(match, Match) or match.mid != leave.mid:
            self._refuse(visitor, Error(code="no-match"))
            return
        visitor.state = Resting.IDLE
        self._give_up_seat(visitor)
        self._end(match, left_by=visitor.id, reason="left")

    def _introduce(self, pair: Pair) -> None:
        """Two tickets become a match; what they have in common is told to both."""
        first, second = pair.first, pair.second
        told = Matched(
            mid=next(self._match_ids),
            role="a",
            mode=first.place.mode,
            languages=shared(first.languages, second.languages),
            interests=shared(first.interests, second.interests),
            key=second.key,
        )
        for_b = msgspec.structs.replace(told, role="b", key=first.key)
        for mine, theirs in ((first.visitor, second.visitor), (second.visitor, first.visitor)):
            visitor = self._visitor_by_id[mine]
            visitor.met = (theirs, *visitor.met)[:RECENT_PARTNERS]
        self._seat(first.visitor, second.visitor, told, for_b)

    def _introduce_in_room(self, a: Offer, b: Offer) -> None:
        """Whoever waited is `a`; `b` gets its proof and owes one."""
        mid = next(self._match_ids)
        told = Matched(mid=mid, role="a", mode="video", languages=(), interests=(), key=b.key)
        for_b = msgspec.structs.replace(told, role="b", key=a.key, mac=a.mac)
        self._seat(a.visitor, b.visitor, told, for_b)

    def _seat(self, a: VisitorId, b: VisitorId, told_a: Matched, told_b: Matched) -> None:
        each = self._signals_per_direction
        match = Match(mid=MatchId(told_a.mid), a=a, b=b, left_for_a=each, left_for_b=each)
        for visitor, told in ((a, told_a), (b, told_b)):
            self._visitor_by_id[visitor].state = match
            self._send(visitor, told)

    def _end(self, match: Match, *, left_by: VisitorId, reason: EndReason) -> None:
        """Tell the one who stays; by then the one who left is no longer in the match."""
        partner = self._visitor_by_id[match.partner_of(left_by)]
        partner.state = Resting.IDLE
        self._send(partner.id, Ended(mid=match.mid, reason=reason))

    def _tell_waiting(self, ticket: Ticket, now: float) -> None:
        waiting = self._waiting(ticket, now)
        match self._visitor_by_id[ticket.visitor].state:
            case Searching(told=told) as state if told != waiting:
                state.told = waiting
                self._send(ticket.visitor, waiting)
            case _:
                pass

    def _waiting(self, ticket: Ticket, now: float) -> Waiting:
        pool = self._pool_by_place[ticket.place]
        return Waiting(
            waiting=coarse(len(pool)),
            estimate=pool.estimate(ticket, now),
            widened=pairing.widened(ticket, now),
        )

    def _refuse(self, visitor: Visitor, error: Error) -> None:
        self._send(visitor.id, error)

    def _send(self, to: VisitorId, message: ServerMessage) -> None:
        self._commands.append(Send(to=to, message=message))
