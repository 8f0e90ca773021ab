"""Two introduced visitors, from `matched` until one leaves."""

from dataclasses import dataclass
from typing import NewType

from chatzyo.matchmaking.wish import VisitorId

MatchId = NewType("MatchId", str)


@dataclass(kw_only=True, slots=True)
class Match:
    """Who may signal whom, and how often still."""

    mid: MatchId
    a: VisitorId
    b: VisitorId
    left_for_a: int
    """Signals `a` may still send."""
    left_for_b: int

    def partner_of(self, visitor: VisitorId) -> VisitorId:
        """The other one."""
        return self.b if visitor == self.a else self.a

    def spend_signal(self, sender: VisitorId) -> bool:
        """Count one signal of `sender`; False when its share is used up."""
        if sender == self.a:
            self.left_for_a -= 1
            return self.left_for_a >= 0
        self.left_for_b -= 1
        return self.left_for_b >= 0
