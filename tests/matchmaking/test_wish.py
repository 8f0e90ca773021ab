"""A ticket is the normalised form of a wish."""

from chatzyo.matchmaking.wish import Place, VisitorId, make_ticket, shared
from chatzyo.protocol.messages import Find


def test_a_ticket_ignores_case_and_repetition() -> None:
    find = Find(
        mode="text",
        hub="tamil",
        languages=("ta", "ta"),
        interests=("Music", "MUSIC"),
        key="K" * 108,
    )
    ticket = make_ticket(find, visitor=VisitorId(7), met=(VisitorId(1),), now=5.0)
    assert ticket.place == Place(mode="text", hub="tamil")
    assert ticket.languages == ("ta",)
    assert ticket.interests == ("music",)
    assert ticket.met == (VisitorId(1),)
    assert ticket.key == "K" * 108
    assert ticket.waited(7.5) == 2.5


def test_shared_keeps_the_order_of_the_first() -> None:
    assert shared(("a", "b", "c"), ("c", "a")) == ("a", "c")
