"""Answers are kept for as long as a client may ask again, and not for longer."""

from chatzyo.traversal.address import Flow
from chatzyo.traversal.turn.retransmission import KEPT_SECONDS, MOST_PER_FLOW, Answered

FLOW, OTHER = Flow(b"flow"), Flow(b"other")


def test_the_same_request_gets_the_same_answer_for_forty_seconds() -> None:
    answered = Answered()
    assert answered.poll_timeout() is None
    answered.keep(FLOW, b"1", b"answer", now=0)
    assert answered.find(FLOW, b"1", now=39.9) == b"answer"
    assert answered.find(OTHER, b"1", now=0) is None
    assert answered.find(FLOW, b"2", now=0) is None
    assert answered.poll_timeout() == KEPT_SECONDS
    assert answered.find(FLOW, b"1", now=KEPT_SECONDS) is None
    assert answered.poll_timeout() is None


def test_one_client_cannot_fill_the_memory() -> None:
    answered = Answered()
    for number in range(MOST_PER_FLOW + 1):
        answered.keep(FLOW, bytes((number,)), b"answer", now=number)
    assert answered.find(FLOW, bytes((MOST_PER_FLOW - 1,)), now=10)
    assert answered.find(FLOW, bytes((MOST_PER_FLOW,)), now=10) is None
    answered.forget(KEPT_SECONDS)
    answered.keep(FLOW, b"again", b"answer", now=KEPT_SECONDS)
    assert answered.find(FLOW, b"again", now=KEPT_SECONDS)
