"""How much: token buckets, buckets by address prefix, and counts of allocations."""

import hashlib
import hmac
from array import array
from collections import Counter
from typing import Final

from chatzyo.traversal.address import IPV4_BYTES

IPV4_PREFIX_BYTES: Final = 3
IPV6_PREFIX_BYTES: Final = 7
"""/24 and /56: about what one subscriber or one small provider's block has."""

SLOTS: Final = 4096
"""Prefixes share slots by a keyed hash: memory is bounded, collisions cannot be sought."""


def prefix_of(ip: bytes) -> bytes:
    """The part of an address that is counted as one source."""
    return ip[: IPV4_PREFIX_BYTES if len(ip) == IPV4_BYTES else IPV6_PREFIX_BYTES]


class Bucket:
    """A token bucket that looks at the time only when it runs dry: once in thousands of packets.

    Therefore up to two bursts may pass at once; over any longer time the rate holds.
    """

    __slots__ = ("_burst", "_rate", "_updated", "left")

    def __init__(self, *, rate: float, burst: float, now: float) -> None:
        """Start full. A rate of 0 means no limit."""
        self._rate = rate
        self._burst = burst if rate else float("inf")
        self.left = self._burst
        self._updated = now

    @property
    def is_limited(self) -> bool:
        """Whether it ever runs dry."""
        return bool(self._rate)

    def take(self, amount: float, now: float) -> bool:
        """Take tokens if there are enough."""
        self.left -= amount
        return self.left >= 0 or self.refill(amount, now)

    def refill(self, amount: float, now: float) -> bool:
        """Finish a `take` that found too little; the path of packets subtracts by itself."""
        left = self.left + amount + (now - self._updated) * self._rate
        left = min(self._burst, left)
        self._updated = now
        enough = left >= amount
        self.left = left - amount if enough else left
        return enough


class PrefixLimiter:
    """One bucket for each slot that prefixes hash to."""

    def __init__(self, *, rate: float, burst: float, key: bytes) -> None:
        """`key` must be random and known to this process alone."""
        self._rate = rate
        self._burst = burst
        self._key = key
        self._left = array("d", [burst]) * SLOTS
        self._updated = array("d", [0.0]) * SLOTS

    def take(self, ip: bytes, now: float) -> bool:
        """Take one token of the address's prefix."""
        digest = hmac.digest(self._key, prefix_of(ip), hashlib.sha256)
        slot = int.from_bytes(digest[:4], "big") % SLOTS
        passed = now - self._updated[slot]
        left = min(self._burst, self._left[slot] + passed * self._rate)
        self._updated[slot] = now
        allowed = left >= 1
        self._left[slot] = left - allowed
        return allowed


class Holdings:
    """Relayed addresses held, in total, by user and by source prefix."""

    def __init__(self, *, total: int, per_user: int, per_prefix: int) -> None:
        """Start empty."""
        self._most = (total, per_user, per_prefix)
        self._total = 0
        self._by_user: Counter[str] = Counter()
        self._by_prefix: Counter[bytes] = Counter()

    @property
    def total(self) -> int:
        """How many there are."""
        return self._total

    def server_has_room(self, count: int) -> bool:
        """Whether `count` more fit into the whole."""
        return self._total + count <= self._most[0]

    def user_has_room(self, user: str, ip: bytes, count: int) -> bool:
        """Whether `count` more fit into what one user and one source may hold."""
        _, per_user, per_prefix = self._most
        return (
            self._by_user[user] + count <= per_user
            and self._by_prefix[prefix_of(ip)] + count <= per_prefix
        )

    def add(self, user: str, ip: bytes, count: int) -> None:
        """Count them; pair with `remove`."""
        self._total += count
        self._by_user[user] += count
        self._by_prefix[prefix_of(ip)] += count

    def remove(self, user: str, ip: bytes, count: int) -> None:
        """Count them no more, and forget who holds nothing."""
        self.add(user, ip, -count)
        if not self._by_user[user]:
            del self._by_user[user]
        prefix = prefix_of(ip)
        if not self._by_prefix[prefix]:
            del self._by_prefix[prefix]
