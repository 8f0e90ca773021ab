"""A match knows its two people and what they may still send."""

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.signaling.match import Match, MatchId


def test_partners_and_shares_are_kept_apart() -> None:
    a, b = VisitorId(1), VisitorId(2)
    match = Match(mid=MatchId("m"), a=a, b=b, left_for_a=1, left_for_b=2)
    assert (match.partner_of(a), match.partner_of(b)) == (b, a)
    assert [match.spend_signal(a), match.spend_signal(a)] == [b, None]
    assert [match.spend_signal(b) for _ in range(3)] == [a, a, None]


def test_the_signals_of_a_match_are_known_by_their_beginning() -> None:
    match = Match(mid=MatchId("m"), a=VisitorId(1), b=VisitorId(2), left_for_a=1, left_for_b=1)
    assert match.head == b'{"type":"signal","mid":"m","seq":'
