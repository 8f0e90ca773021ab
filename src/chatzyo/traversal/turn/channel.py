"""Channels of one allocation: a number for a peer, so that data needs four bytes of header.

RFC 8656 section 12: bound for 600 seconds; then neither the number nor the peer may be bound anew
to another for 300 seconds, because packets may still be on their way.
"""

from dataclasses import dataclass
from typing import Final

from chatzyo.traversal.address import PeerAddress

LIFETIME_SECONDS: Final = 600.0
COOLING_SECONDS: Final = 300.0
LOWEST: Final = 0x4000
HIGHEST: Final = 0x7FFF
"""RFC 8656 ends at 0x4FFF so that DTLS may share a port, which it never does here. RFC 5766 had
this end, and clients that are in use still draw from all of it."""

MOST: Final = 32
"""As many as permissions; a browser binds one for each pair that it tries in earnest."""


@dataclass(slots=True)
class _Channel:
    number: int
    peer: PeerAddress
    expiry: float


class Channels:
    """Both directions of one table."""

    __slots__ = ("_by_number", "_by_peer")

    def __init__(self) -> None:
        """Start without channels."""
        self._by_number: dict[int, _Channel] = {}
        self._by_peer: dict[PeerAddress, _Channel] = {}

    def fits(self, number: int, peer: PeerAddress, now: float) -> bool:
        """Whether number and peer are bound to each other, or both to nobody."""
        self._forget(now)
        return self._by_number.get(number) is self._by_peer.get(peer)

    def has_room(self, number: int) -> bool:
        """Whether this number may be bound without exceeding the limit."""
        return number in self._by_number or len(self._by_number) < MOST

    def bind(self, number: int, peer: PeerAddress, now: float) -> None:
        """Bind or refresh; only after `fits` and `has_room`."""
        channel = _Channel(number, peer, now + LIFETIME_SECONDS)
        self._by_number[number] = channel
        self._by_peer[peer] = channel

    def peer_of(self, number: int, now: float) -> tuple[PeerAddress, float] | None:
        """The peer behind a number, and until when."""
        channel = self._by_number.get(number)
        return (channel.peer, channel.expiry) if channel and channel.expiry > now else None

    def number_of(self, peer: PeerAddress, now: float) -> tuple[int, float] | None:
        """The number of a peer, and until when."""
        channel = self._by_peer.get(peer)
        return (channel.number, channel.expiry) if channel and channel.expiry > now else None

    def _forget(self, now: float) -> None:
        for channel in list(self._by_number.values()):
            if channel.expiry + COOLING_SECONDS <= now:
                del self._by_number[channel.number]
                del self._by_peer[channel.peer]
