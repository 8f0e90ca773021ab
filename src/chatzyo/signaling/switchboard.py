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
    Cancel,
    Ended,
    EndReason,
    Error,
    Find,
    Hello,
    Leave,
    Matched,
    Role,
    ServerMessage,
    Signal,
    Waiting,
    Welcome,
)
from chatzyo.signaling.crowd import coarse
from chatzyo.signaling.match import Match, MatchId
from chatzyo.signaling.visitor import Resting, Searching, Visitor


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
        self._commands: deque[Command] = deque()

    def handle_connected(self) -> Visitor:
        """Take in a new connection; its first message must be `hello`."""
        visitor = Visitor(VisitorId(next(self._numbers)))
        self._visitor_by_id[visitor.id] = visitor
        return visitor

    def handle_message(
        self, visitor: Visitor, message: Hello | Find | Cancel | Leave, now: float
    ) -> None:
        """Do what a message asks for, or refuse it and change nothing."""
        if visitor.state is Resting.NEW:
            self._handle_first(visitor, message)
            return
        match message:
            case Hello():
                self._refuse(visitor, Error(code="already-greeted"))
            case Find():
                self._handle_find(visitor, message, now)
            case Cancel():
                self._handle_cancel(visitor)
            case Leave():
                self._handle_leave(visitor, message)
            case _:
                assert_never(message)

    def handle_signal(self, visitor: Visitor, signal: Signal) -> VisitorId | None:
        """Return whom to forward a signal to; None when it was refused.

        The one path that many messages take: it answers directly and queues only refusals.
        """
        match = visitor.state
        if isinstance(match, Match) and match.mid == signal.mid:
            if match.spend_signal(visitor.id):
                return match.partner_of(visitor.id)
            self._refuse(visitor, Error(code="too-many-signals"))
        else:
            self.handle_refusal(visitor, Error(code="no-match"))
        return None

    def handle_refusal(self, visitor: Visitor, answer: CloseCode | Error) -> None:
        """Answer a frame that could not be parsed."""
        if isinstance(answer, CloseCode):
            self._commands.append(Disconnect(visitor=visitor.id, code=answer))
        elif visitor.state is Resting.NEW:
            self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.HELLO_EXPECTED))
        else:
            self._refuse(visitor, answer)

    def handle_disconnected(self, visitor: Visitor) -> None:
        """Forget a visitor; a partner is told."""
        del self._visitor_by_id[visitor.id]
        if isinstance(visitor.state, Searching):
            self._pool_by_place[visitor.state.ticket.place].remove(visitor.id)
        elif isinstance(visitor.state, Match):
            self._end(visitor.state, left_by=visitor.id, reason="lost")

    def handle_timeout(self, now: float) -> None:
        """Pair and inform those whose search is due for a review."""
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
        return min(
            (
                due
                for pool in self._pool_by_place.values()
                if (due := pool.poll_timeout()) is not None
            ),
            default=None,
        )

    def next_command(self) -> Command | None:
        """The next thing to do, in order; None when all is done."""
        return self._commands.popleft() if self._commands else None

    def _handle_first(self, visitor: Visitor, message: Hello | Find | Cancel | Leave) -> None:
        if not isinstance(message, Hello):
            self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.HELLO_EXPECTED))
        elif message.v != PROTOCOL_VERSION:
            self._commands.append(Disconnect(visitor=visitor.id, code=CloseCode.VERSION))
        else:
            visitor.state = Resting.IDLE
            online = coarse(len(self._visitor_by_id))
            self._send(visitor.id, Welcome(v=PROTOCOL_VERSION, online=online))

    def _handle_find(self, visitor: Visitor, find: Find, now: float) -> None:
        if isinstance(visitor.state, Match):
            self._refuse(visitor, Error(code="in-match"))
        elif isinstance(visitor.state, Searching):
            self._refuse(visitor, Error(code="already-searching"))
        elif find.hub not in self._hubs:
            self._refuse(visitor, Error(code="invalid-field", field="hub"))
        else:
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

    def _handle_cancel(self, visitor: Visitor) -> None:
        if not isinstance(visitor.state, Searching):
            self._refuse(visitor, Error(code="not-searching"))
            return
        self._pool_by_place[visitor.state.ticket.place].remove(visitor.id)
        visitor.state = Resting.IDLE

    def _handle_leave(self, visitor: Visitor, leave: Leave) -> None:
        match = visitor.state
        if not isinstance(match, Match) or match.mid != leave.mid:
            self._refuse(visitor, Error(code="no-match"))
            return
        visitor.state = Resting.IDLE
        self._end(match, left_by=visitor.id, reason="left")

    def _introduce(self, pair: Pair) -> None:
        match = Match(
            mid=next(self._match_ids),
            a=pair.first.visitor,
            b=pair.second.visitor,
            left_for_a=self._signals_per_direction,
            left_for_b=self._signals_per_direction,
        )
        self._seat(match, pair.first, pair.second, role="a")
        self._seat(match, pair.second, pair.first, role="b")

    def _seat(self, match: Match, mine: Ticket, theirs: Ticket, *, role: Role) -> None:
        visitor = self._visitor_by_id[mine.visitor]
        visitor.state = match
        visitor.met = (theirs.visitor, *visitor.met)[:RECENT_PARTNERS]
        self._send(
            visitor.id,
            Matched(
                mid=match.mid,
                role=role,
                mode=mine.place.mode,
                languages=shared(mine.languages, theirs.languages),
                interests=shared(mine.interests, theirs.interests),
            ),
        )

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
