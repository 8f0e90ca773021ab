"""Deadlines of a quiet connection."""

import pytest

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.protocol.closing import CloseCode
from chatzyo.signaling.liveness import Care, care_for
from chatzyo.signaling.visitor import Resting, Visitor


@pytest.mark.parametrize(("now", "care"), [(4.9, "nothing"), (5, CloseCode.HELLO_TIMEOUT)])
def test_hello_has_a_deadline(now: float, care: Care) -> None:
    assert care_for(Visitor(VisitorId(1)), connected=0, heard=now, now=now) == care


@pytest.mark.parametrize(
    ("silent", "care"),
    [(19.9, "nothing"), (20, "ping"), (39.9, "ping"), (40, CloseCode.SILENT)],
)
def test_a_quiet_visitor_is_pinged_and_then_given_up(silent: float, care: Care) -> None:
    visitor = Visitor(VisitorId(1), state=Resting.IDLE)
    assert care_for(visitor, connected=0, heard=100, now=100 + silent) == care
