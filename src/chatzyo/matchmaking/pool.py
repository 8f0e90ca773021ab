"""The tickets that wait in one place, and the pairs that come of them.

A pool only proposes: whoever owns the connections decides whether a pair still holds. It keeps
tickets in order of arrival and looks at a ticket when it arrives and at every review.
"""

import heapq
from dataclasses import dataclass
from itertools import count, islice
from typing import Final

from chatzyo.matchmaking import pairing
from chatzyo.matchmaking.patience import Patience
from chatzyo.matchmaking.wish import Ticket, VisitorId

MOST_COMPARED: Final = 500
"""Candidates looked at for one ticket, longest waiting first. Those have given up the most, so a
pool in which the first 500 suit nobody does not last: it bounds the cost of a flood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two tickets that suit each other; `first` has waited at least as long as `second`."""

    first: Ticket
    second: Ticket


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A ticket was looked at again and still waits."""

    ticket: Ticket


class Pool:
    """Waiting tickets of one place."""

    __slots__ = ("_patience", "_reviews", "_serial", "_ticket_by_visitor")

    def __init__(self) -> None:
        """Start empty."""
        self._ticket_by_visitor: dict[VisitorId, Ticket] = {}
        self._reviews: list[tuple[float, int, Ticket]] = []
        self._serial = count()
        self._patience = Patience()

    def __len__(self) -> int:
        """Return the number of tickets that wait."""
        return len(self._ticket_by_visitor)

    def add(self, ticket: Ticket, now: float) -> Pair | None:
        """Pair the ticket at once, or keep it. The visitor must not have a ticket here."""
        pair = self._pair(ticket, now)
        if pair is None:
            self._ticket_by_visitor[ticket.visitor] = ticket
            self._review_at(now + pairing.REVIEW_SECONDS, ticket)
        return pair

    def remove(self, visitor: VisitorId) -> None:
        """Forget a visitor's ticket."""
        del self._ticket_by_visitor[visitor]

    def handle_timeout(self, now: float) -> list[Pair | Review]:
        """Look again at every ticket whose review is due; paired tickets are taken out."""
        results: list[Pair | Review] = []
        while self._reviews and self._reviews[0][0] <= now:
            _, _, ticket = heapq.heappop(self._reviews)
            if self._ticket_by_visitor.get(ticket.visitor) is not ticket:
                continue
            pair = self._pair(ticket, now)
            if pair is None:
                self._review_at(now + pairing.REVIEW_SECONDS, ticket)
            results.append(pair or Review(ticket=ticket))
        return results

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` is wanted next, or None."""
        return self._reviews[0][0] if self._reviews else None

    def estimate(self, ticket: Ticket, now: float) -> int | None:
        """Seconds this ticket probably still waits, from the recent waits of others."""
        return self._patience.estimate(ticket.waited(now), now)

    def _review_at(self, due: float, ticket: Ticket) -> None:
        heapq.heappush(self._reviews, (due, next(self._serial), ticket))

    def _pair(self, ticket: Ticket, now: float) -> Pair | None:
        candidate = self._best_candidate(ticket, now)
        if candidate is None:
            return None
        for taken in (ticket, candidate):
            self._ticket_by_visitor.pop(taken.visitor, None)
            self._patience.remember(taken.waited(now), now)
        first, second = sorted((candidate, ticket), key=lambda taken: taken.since)
        return Pair(first=first, second=second)

    def _best_candidate(self, ticket: Ticket, now: float) -> Ticket | None:
        """The preferred partner among the longest waiting; a new face before a known one."""
        candidates = [
            other
            for other in islice(self._ticket_by_visitor.values(), MOST_COMPARED)
            if other.visitor != ticket.visitor and pairing.suits(ticket, other, now)
        ]
        new = [other for other in candidates if not pairing.have_met(ticket, other)]
        known = [] if new else [other for other in candidates if self._again(ticket, other, now)]
        return max(
            new or known,
            key=lambda other: pairing.preference(ticket, other, now),
            default=None,
        )

    def _again(self, ticket: Ticket, other: Ticket, now: float) -> bool:
        """Whether two who have met may meet again: only while nobody new waits for either."""
        return pairing.may_meet_again(ticket, other, now) and not any(
            not pairing.have_met(mine, third)
            for third in self._ticket_by_visitor.values()
            if third.visitor not in (ticket.visitor, other.visitor)
            for mine in (ticket, other)
        )
