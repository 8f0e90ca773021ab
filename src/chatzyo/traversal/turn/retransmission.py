"""Answers that are given again when the same request comes again over UDP.

Without them the second copy of an Allocate would meet 437, as would that of the Refresh that ends
an allocation. All other requests may be carried out twice.
"""

from collections import Counter, OrderedDict
from typing import Final

from chatzyo.traversal.address import Flow

KEPT_SECONDS: Final = 40.0
"""RFC 8489 section 6.3.1: clients stop retransmitting after 39.5 seconds."""

MOST_PER_FLOW: Final = 8
"""Enough for one client that starts over a few times; one that does more loses the newest."""


class Answered:
    """Answers by 5-tuple and transaction."""

    def __init__(self) -> None:
        """Start empty."""
        self._answer_by_request: OrderedDict[tuple[Flow, bytes], tuple[float, bytes]] = (
            OrderedDict()
        )
        self._count_by_flow: Counter[Flow] = Counter()

    def find(self, flow: Flow, transaction: bytes, now: float) -> bytes | None:
        """The answer that was given to this very request."""
        self.forget(now)
        found = self._answer_by_request.get((flow, transaction))
        return found[1] if found else None

    def keep(self, flow: Flow, transaction: bytes, answer: bytes, now: float) -> None:
        """Remember an answer."""
        if self._count_by_flow[flow] < MOST_PER_FLOW:
            self._count_by_flow[flow] += 1
            self._answer_by_request[flow, transaction] = (now + KEPT_SECONDS, answer)

    def poll_timeout(self) -> float | None:
        """When `forget` has something to do: they expire in the order they came."""
        return next((expiry for expiry, _ in self._answer_by_request.values()), None)

    def forget(self, now: float) -> None:
        """Drop what is too old."""
        while (expiry := self.poll_timeout()) is not None and expiry <= now:
            (flow, _), _ = self._answer_by_request.popitem(last=False)
            self._count_by_flow[flow] -= 1
            if not self._count_by_flow[flow]:
                del self._count_by_flow[flow]
