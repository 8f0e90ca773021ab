"""Short ways to write tickets."""

from collections.abc import Callable

import pytest

from chatzyo.matchmaking.wish import Place, Ticket, VisitorId

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def ticket() -> MakeTicket:
    def make(
        visitor: int,
        *,
        since: float = 0.0,
        languages: tuple[str, ...] = (),
        interests: tuple[str, ...] = (),
        met: tuple[int, ...] = (),
    ) -> Ticket:
        return Ticket(
            visitor=VisitorId(visitor),
            place=Place(mode="text", hub="world"),
            languages=languages,
            interests=interests,
            since=since,
            met=tuple(VisitorId(number) for number in met),
            key=f"key of {visitor}",
        )

    return make
