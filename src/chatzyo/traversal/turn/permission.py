"""Permissions of one allocation: from which IPs data is let in, and to which it may go.

RFC 8656 section 9: a permission is for an IP address, whatever the port, and lasts 300 seconds.
"""

from collections.abc import Iterable
from typing import Final

LIFETIME_SECONDS: Final = 300.0

MOST: Final = 32
"""A browser asks for one for each candidate of its partner, of which there are at most 16."""


class Permissions:
    """Expiry by IP."""

    __slots__ = ("_expiry_by_ip",)

    def __init__(self) -> None:
        """Admit nobody."""
        self._expiry_by_ip: dict[bytes, float] = {}

    def install(self, ips: Iterable[bytes], now: float) -> bool:
        """Install or refresh all of them; False and none of them when that were too many."""
        living = {ip: expiry for ip, expiry in self._expiry_by_ip.items() if expiry > now}
        living |= dict.fromkeys(ips, now + LIFETIME_SECONDS)
        if len(living) > MOST:
            return False
        self._expiry_by_ip = living
        return True

    def expiry(self, ip: bytes) -> float:
        """When the permission ends; in the past if there is none."""
        return self._expiry_by_ip.get(ip, float("-inf"))
