"""Two introduced visitors, from `matched` until one leaves."""

from dataclasses import dataclass, field
from typing import NewType

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.protocol import codec

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
    head: bytes = field(init=False)
    """How its plain signals begin (codec.is_plain_signal)."""

    def __post_init__(self) -> None:
        """Know the signals of this match by their beginning."""
        self.head = codec.plain_signal_head(self.mid)

    def partner_of(self, visitor: VisitorId) -> VisitorId:
        """The other one."""
        return self.b if visitor == self.a else self.a

    def spend_signal(self, sender: VisitorId) -> VisitorId | None:
        """Count one signal of `sender` to the one returned; None when its share is used up."""
        if sender == self.a:
            self.left_for_a -= 1
            return self.b if self.left_for_a >= 0 else None
        self.left_for_b -= 1
        return self.a if self.left_for_b >= 0 else None
