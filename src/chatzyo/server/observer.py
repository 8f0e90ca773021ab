"""What the shells report about themselves: counts and durations, nothing about people."""

from typing import Literal, Protocol

from chatzyo.protocol.closing import CloseCode

RefusedUpgrade = Literal["path", "origin", "handshake", "full", "address"]


class Observer(Protocol):
    """Receives what happened. No method takes a text, so nothing personal can be passed on."""

    def connected(self) -> None:
        """A WebSocket was opened."""

    def disconnected(self) -> None:
        """A WebSocket was closed, whoever closed it."""

    def refused(self, reason: RefusedUpgrade) -> None:
        """A WebSocket was refused before it was opened."""

    def closed(self, code: CloseCode) -> None:
        """This server ended a connection for a reason of its own."""

    def matched(self, seconds: float) -> None:
        """Two people were introduced, `seconds` after the event that made it possible."""

    def failed(self) -> None:
        """A bug of ours ended a connection; the traceback went to the error log."""


class Silence:
    """An observer that looks away."""

    def connected(self) -> None:
        """Ignore."""

    def disconnected(self) -> None:
        """Ignore."""

    def refused(self, reason: RefusedUpgrade) -> None:
        """Ignore."""

    def closed(self, code: CloseCode) -> None:
        """Ignore."""

    def matched(self, seconds: float) -> None:
        """Ignore."""

    def failed(self) -> None:
        """Ignore."""
