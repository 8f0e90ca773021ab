"""How many connections are let in, in total and from one address.

Addresses are never kept: only a keyed hash of the prefix, under a key that dies with the process.
"""

import hashlib
import hmac
import ipaddress
from collections import Counter
from enum import Enum, auto
from typing import Final, NewType

PrefixKey = NewType("PrefixKey", bytes)

KEY_BYTES: Final = 8
"""Collisions only make two prefixes share a limit."""

IPV6_PREFIX: Final = 64
"""One subscriber; an IPv4 address is counted whole."""


class Verdict(Enum):
    """What admission says to one more connection."""

    ADMITTED = auto()
    FULL = auto()
    TOO_MANY_FROM_ADDRESS = auto()


class Admission:
    """Counts live connections. A limit of 0 means no limit."""

    def __init__(self, *, secret: bytes, most: int, most_per_address: int) -> None:
        """Keep the secret for hashing prefixes; it must be random and is never stored."""
        self._secret = secret
        self._most = most
        self._most_per_address = most_per_address
        self._live: Counter[PrefixKey] = Counter()
        self._total = 0

    def key(self, address: str) -> PrefixKey:
        """Hash an address's prefix. An address that does not parse counts as its own prefix."""
        prefix = _prefix(address)
        return PrefixKey(hmac.digest(self._secret, prefix, hashlib.sha256)[:KEY_BYTES])

    @property
    def is_full(self) -> bool:
        """Whether nobody more is let in, from whatever address."""
        return bool(self._most) and self._total >= self._most

    def enter(self, key: PrefixKey) -> Verdict:
        """Count one more connection if there is room; pair every ADMITTED with `leave`."""
        if self.is_full:
            return Verdict.FULL
        if self._most_per_address and self._live[key] >= self._most_per_address:
            return Verdict.TOO_MANY_FROM_ADDRESS
        self._live[key] += 1
        self._total += 1
        return Verdict.ADMITTED

    def leave(self, key: PrefixKey) -> None:
        """Forget one admitted connection, and the key with the last of them."""
        self._total -= 1
        self._live[key] -= 1
        if not self._live[key]:
            del self._live[key]


def _prefix(address: str) -> bytes:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address.encode(errors="replace")
    if parsed.version == 4:
        return parsed.packed
    mapped = parsed.ipv4_mapped
    return mapped.packed if mapped else parsed.packed[: IPV6_PREFIX // 8]
