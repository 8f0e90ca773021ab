"""A visitor starts new, with nobody met."""

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.signaling.visitor import Resting, Visitor


def test_a_connection_begins_before_hello() -> None:
    visitor = Visitor(VisitorId(1))
    assert visitor.state is Resting.NEW
    assert visitor.met == ()
