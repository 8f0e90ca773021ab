"""The path of data. Nothing here is queued: each call returns where the data goes at once.

Checks are made when a row is built and hold until the earliest of everything that it depends on
expires; a change to either allocation revokes the row. So a late timer never relays for the dead.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from chatzyo.traversal.address import (
    Flow,
    PeerAddress,
    RelayedAddress,
    family_of,
    ip_of,
    is_stream,
)
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.message import TRANSACTION_BYTES, Builder, Kind, Message, Method
from chatzyo.traversal.turn.allocation import Allocation, Outlet, Registry, Row
from chatzyo.traversal.turn.framing import CHANNEL_HEADER_BYTES, padding
from chatzyo.traversal.turn.policy import PeerPolicy
from chatzyo.traversal.turn.quota import Bucket

Hop = tuple[Flow | Outlet, bytes]
"""Where bytes go: to a client (a Flow is bytes) or out of a relay socket (an Outlet is a tuple)."""

FOREVER: Final = float("inf")


class Drop(Enum):
    """Why data went nowhere. Counted, never logged with an address."""

    MALFORMED = auto()
    NO_ALLOCATION = auto()
    NO_CHANNEL = auto()
    NO_PERMISSION = auto()
    DENIED_PEER = auto()
    NOBODY_THERE = auto()
    OVER_BANDWIDTH = auto()


class Relaying:
    """Carries data between clients and peers."""

    def __init__(
        self, registry: Registry, policy: PeerPolicy, total: Bucket, draw: Callable[[int], bytes]
    ) -> None:
        """`draw` returns random bytes, for transaction ids; `total` is everybody's bandwidth."""
        self._registry = registry
        self._policy = policy
        self._total = total
        self._draw = draw

    @property
    def policy(self) -> PeerPolicy:
        """Whom data may reach."""
        return self._policy

    @policy.setter
    def policy(self, policy: PeerPolicy) -> None:
        self._policy = policy
        for allocation in self._registry.by_flow.values():
            allocation.revoke_rows()

    def channel_data(self, flow: Flow, data: bytes, now: float) -> Hop | Drop:
        """Carry ChannelData from a client (RFC 8656 section 12.6)."""
        allocation = self._registry.by_flow.get(flow)
        if allocation is None:
            return Drop.NO_ALLOCATION
        size = CHANNEL_HEADER_BYTES + int.from_bytes(data[2:4], "big")
        if len(data) < size:
            return Drop.MALFORMED
        row = allocation.rows.get(data[:2])
        if row is None or row.expiry <= now:
            built = self._channel_row(allocation, data[:2], now)
            if isinstance(built, Drop):
                return built
            row = built
        for bucket in row.buckets:
            bucket.left -= size
            if bucket.left < 0 and not bucket.refill(size, now):
                return Drop.OVER_BANDWIDTH
        if row.prefix and len(data) == size and row.target[0] < 0x80:
            return row.target, row.prefix + data[2:]
        return self._leave(row, data[CHANNEL_HEADER_BYTES:size])

    def send(self, flow: Flow, indication: Message, now: float) -> Hop | Drop:
        """Carry a Send indication from a client (RFC 8656 section 11.2). Raises Malformed."""
        allocation = self._registry.by_flow.get(flow)
        if allocation is None:
            return Drop.NO_ALLOCATION
        peer = indication.first(stun.XOR_PEER_ADDRESS)
        data = indication.first(stun.DATA)
        if peer is None or data is None:
            return Drop.MALFORMED
        row = self._row(allocation, peer, now)
        if isinstance(row, Drop):
            return row
        if not all(bucket.take(len(data), now) for bucket in row.buckets):
            return Drop.OVER_BANDWIDTH
        if row.outlet and indication.find(stun.DONT_FRAGMENT):
            relayed, outside, _ = row.outlet
            return (relayed, outside, True), data
        return self._leave(row, data)

    def peer_data(
        self, relayed: RelayedAddress, peer: PeerAddress, data: bytes, now: float
    ) -> Hop | Drop:
        """Carry what an outside peer sent to a relayed address (RFC 8656 section 11.3)."""
        allocation = self._registry.by_relayed.get(relayed)
        if allocation is None or allocation.expiry_by_relayed[relayed] <= now:
            return Drop.NO_ALLOCATION
        if self._policy.is_relay(peer):
            return Drop.DENIED_PEER
        if allocation.permissions.expiry(ip_of(peer)) <= now:
            return Drop.NO_PERMISSION
        if not (allocation.bucket.take(len(data), now) and self._total.take(len(data), now)):
            return Drop.OVER_BANDWIDTH
        bound = allocation.channels.number_of(peer, now)
        prefix = bound[0].to_bytes(2, "big") if bound else b""
        return allocation.flow, self._wrap(allocation.flow, prefix, peer, data)

    def _channel_row(self, allocation: Allocation, number: bytes, now: float) -> Row | Drop:
        bound = allocation.channels.peer_of(int.from_bytes(number, "big"), now)
        if bound is None:
            return Drop.NO_CHANNEL
        peer, expiry = bound
        row = self._row(allocation, peer, now)
        if isinstance(row, Drop):
            return row
        row.expiry = min(row.expiry, expiry)
        allocation.rows[number] = row
        if row.outlet is None:
            receiver = self._registry.by_flow[row.target]
            receiver.incoming[allocation.flow, number] = row
        return row

    def _row(self, sender: Allocation, peer: PeerAddress, now: float) -> Row | Drop:
        if not self._policy.admits(peer):
            return Drop.DENIED_PEER
        relayed = sender.relayed(family_of(peer))
        permitted = sender.permissions.expiry(ip_of(peer))
        if relayed is None or permitted <= now or sender.expiry_by_relayed[relayed] <= now:
            return Drop.NO_PERMISSION
        expiry = min(permitted, sender.expiry_by_relayed[relayed])
        if self._policy.is_relay(peer):
            return self._inside_row(sender, relayed, peer, expiry, now)
        return Row(
            expiry=expiry,
            buckets=self._limits(sender.bucket),
            outlet=(relayed, peer, False),
            target=sender.flow,
            prefix=b"",
            peer=peer,
        )

    def _inside_row(
        self,
        sender: Allocation,
        relayed: RelayedAddress,
        peer: PeerAddress,
        expiry: float,
        now: float,
    ) -> Row | Drop:
        """From allocation to allocation, in memory: no packet goes to an address of our own."""
        other = self._registry.by_relayed.get(RelayedAddress(peer))
        if other is None or other is sender or not self._may_meet(sender, other):
            return Drop.NOBODY_THERE
        own = PeerAddress(relayed)
        permitted = other.permissions.expiry(ip_of(own))
        expiry = min(expiry, permitted, other.expiry_by_relayed[RelayedAddress(peer)])
        if expiry <= now:
            return Drop.NO_PERMISSION
        number, bound = other.channels.number_of(own, now) or (0, FOREVER)
        return Row(
            expiry=min(expiry, bound),
            buckets=self._limits(sender.bucket, other.bucket),
            outlet=None,
            target=other.flow,
            prefix=number.to_bytes(2, "big") if number else b"",
            peer=own,
        )

    def _limits(self, *buckets: Bucket) -> tuple[Bucket, ...]:
        return tuple(bucket for bucket in (*buckets, self._total) if bucket.is_limited)

    def _may_meet(self, one: Allocation, other: Allocation) -> bool:
        """Whether both belong to one match. A closed relay carries nothing without a match."""
        match = one.account.match
        return match == other.account.match and (bool(match) or not self._policy.closed)

    def _leave(self, row: Row, payload: bytes) -> Hop:
        if row.outlet:
            return row.outlet, payload
        return row.target, self._wrap(row.target, row.prefix, row.peer, payload)

    def _wrap(self, flow: Flow, prefix: bytes, peer: PeerAddress, payload: bytes) -> bytes:
        """Frame data for a client: ChannelData if there is a channel, else a Data indication."""
        if prefix:
            frame = prefix + len(payload).to_bytes(2, "big") + payload
            return frame + padding(len(frame)) if is_stream(flow) else frame
        transaction = self._draw(TRANSACTION_BYTES)
        builder = Builder(Method.DATA, Kind.INDICATION, transaction)
        return builder.add(stun.XOR_PEER_ADDRESS, peer).add(stun.DATA, payload).serialise()
