"""What the core asks of its shell. The union is closed: `match` ends in assert_never."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatzyo.traversal.address import Flow, RelayedAddress


@dataclass(frozen=True, kw_only=True, slots=True)
class SendToClient:
    """Send an answer that had to wait for sockets."""

    flow: Flow
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRelays:
    """Bind a socket to each of these or to none, then call `handle_opened` with the outcome."""

    flow: Flow
    relayed: Sequence[RelayedAddress]


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseRelay:
    """Close the socket of this relayed address."""

    relayed: RelayedAddress


Command = SendToClient | OpenRelays | CloseRelay
