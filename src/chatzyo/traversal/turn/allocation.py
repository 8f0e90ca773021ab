"""One allocation, and the registry of all of them: indexes, ports, reservations, deadlines."""

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from chatzyo.traversal.address import (
    Family,
    Flow,
    PeerAddress,
    RelayedAddress,
    client_of,
    family_of,
    ip_of,
    port_of,
)
from chatzyo.traversal.turn.auth import Account
from chatzyo.traversal.turn.channel import Channels
from chatzyo.traversal.turn.config import Config
from chatzyo.traversal.turn.permission import Permissions
from chatzyo.traversal.turn.quota import Bucket, Holdings

RESERVATION_SECONDS: Final = 30.0
"""RFC 8656 section 7.2: at least 30."""

DRAWS: Final = 16
"""With half of the ports taken, all of these meet a taken one once in 65,536 requests."""

Outlet = tuple[RelayedAddress, PeerAddress, bool]
"""From which relay socket, to whom, and whether with the DF bit."""


@dataclass(slots=True, kw_only=True, eq=False)
class Row:
    """Where the data of one channel goes, until `expiry`; all checks are made when it is built."""

    expiry: float
    buckets: Sequence[Bucket]
    outlet: Outlet | None
    """towards an outside peer; otherwise the rest says how it reaches the other client"""
    target: Flow
    prefix: bytes
    """the other's channel number, or empty: then a Data indication from `peer`"""
    peer: PeerAddress


@dataclass(slots=True, kw_only=True, eq=False)
class Allocation:
    """RFC 8656 section 5."""

    flow: Flow
    account: Account
    created: float
    bucket: Bucket
    expiry_by_relayed: dict[RelayedAddress, float]
    permissions: Permissions = field(default_factory=Permissions)
    channels: Channels = field(default_factory=Channels)
    rows: dict[bytes, Row] = field(default_factory=dict)
    """by channel number, as data arrives from the client"""
    incoming: dict[tuple[Flow, bytes], Row] = field(default_factory=dict)
    """rows of others that end here"""

    def relayed(self, family: Family) -> RelayedAddress | None:
        """The relayed address of this family, if there is one."""
        return next((each for each in self.expiry_by_relayed if family_of(each) is family), None)

    def revoke_rows(self) -> None:
        """Make every row that depends on this allocation be built anew. Call after a change."""
        for row in (*self.rows.values(), *self.incoming.values()):
            row.expiry = float("-inf")
        self.rows.clear()
        self.incoming.clear()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reservation:
    """A port held for a later request (RFC 8656 section 18.7)."""

    relayed: RelayedAddress
    owner: Flow
    username: str
    expiry: float


class Registry:
    """Everything that lives, by each key it is looked up with."""

    def __init__(self, config: Config, draw: Callable[[int], bytes]) -> None:
        """`draw` returns as many random bytes as it is asked for."""
        self._config = config
        self._draw = draw
        self._holdings = Holdings(
            total=config.total, per_user=config.per_user, per_prefix=config.per_prefix
        )
        self.by_flow: dict[Flow, Allocation] = {}
        self.by_relayed: dict[RelayedAddress, Allocation] = {}
        self._reservation_by_token: dict[bytes, Reservation] = {}
        self._reserved: set[RelayedAddress] = set()
        self._deadlines: list[tuple[float, int, Allocation | bytes]] = []
        self._order = itertools.count()

    @property
    def total(self) -> int:
        """Relayed addresses that are held."""
        return self._holdings.total

    def server_has_room(self, count: int) -> bool:
        """Whether `count` more relayed addresses fit."""
        return self._holdings.server_has_room(count)

    def user_has_room(self, username: str, flow: Flow, count: int) -> bool:
        """Whether this user, and this source, may hold `count` more."""
        return self._holdings.user_has_room(username, ip_of(client_of(flow)), count)

    def draw_relayed(
        self, family: Family, *, even: bool, pair: bool
    ) -> tuple[RelayedAddress, ...] | None:
        """A random free address; even if asked, with its successor if `pair`; None if unlucky."""
        config = self._config
        span = config.last_port - config.first_port + 1
        for _ in range(DRAWS):
            port = config.first_port + int.from_bytes(self._draw(4), "big") % span
            first = port & ~1 if even else port
            wanted = tuple(
                RelayedAddress(number.to_bytes(2, "big") + config.relay_ips[family])
                for number in range(first, first + 1 + pair)
            )
            if all(self._is_free(each) for each in wanted):
                return wanted
        return None

    def _is_free(self, relayed: RelayedAddress) -> bool:
        in_range = self._config.first_port <= port_of(relayed) <= self._config.last_port
        return in_range and relayed not in self.by_relayed and relayed not in self._reserved

    def add(self, allocation: Allocation) -> None:
        """Let it live."""
        self.by_flow[allocation.flow] = allocation
        for relayed in allocation.expiry_by_relayed:
            self.by_relayed[relayed] = allocation
        self._hold(allocation.account.username, allocation.flow, len(allocation.expiry_by_relayed))
        self._watch(min(allocation.expiry_by_relayed.values()), allocation)

    def remove(self, allocation: Allocation, relayed: Sequence[RelayedAddress]) -> None:
        """End some of its relayed addresses, and the allocation with the last."""
        for each in relayed:
            del allocation.expiry_by_relayed[each]
            del self.by_relayed[each]
        self._hold(allocation.account.username, allocation.flow, -len(relayed))
        allocation.revoke_rows()
        if not allocation.expiry_by_relayed:
            del self.by_flow[allocation.flow]

    def reserve(self, token: bytes, reservation: Reservation) -> None:
        """Hold a port for who brings the token."""
        self._reservation_by_token[token] = reservation
        self._reserved.add(reservation.relayed)
        self._hold(reservation.username, reservation.owner, 1)
        self._watch(reservation.expiry, token)

    def reservation(self, token: bytes, username: str, now: float) -> Reservation | None:
        """The living reservation of this user with this token."""
        found = self._reservation_by_token.get(token)
        return found if found and found.username == username and found.expiry > now else None

    def release(self, token: bytes) -> Reservation:
        """Hold it no more."""
        reservation = self._reservation_by_token.pop(token)
        self._reserved.discard(reservation.relayed)
        self._hold(reservation.username, reservation.owner, -1)
        return reservation

    def poll_timeout(self) -> float | None:
        """When `expire` has something to do."""
        return self._deadlines[0][0] if self._deadlines else None

    def expire(self, now: float) -> Iterator[RelayedAddress]:
        """End what is due; yields the relayed addresses that ended. Exhaust it."""
        while self._deadlines and self._deadlines[0][0] <= now:
            _, _, due = heapq.heappop(self._deadlines)
            if isinstance(due, Allocation):
                yield from self._expire_allocation(due, now)
            elif due in self._reservation_by_token:
                yield self.release(due).relayed

    def _expire_allocation(self, due: Allocation, now: float) -> Iterator[RelayedAddress]:
        if self.by_flow.get(due.flow) is not due:
            return
        ended = [relayed for relayed, expiry in due.expiry_by_relayed.items() if expiry <= now]
        if ended:
            self.remove(due, ended)
            yield from ended
        if due.expiry_by_relayed:
            self._watch(min(due.expiry_by_relayed.values()), due)

    def _watch(self, deadline: float, what: Allocation | bytes) -> None:
        heapq.heappush(self._deadlines, (deadline, next(self._order), what))

    def _hold(self, username: str, flow: Flow, count: int) -> None:
        ip = ip_of(client_of(flow))
        if count > 0:
            self._holdings.add(username, ip, count)
        else:
            self._holdings.remove(username, ip, -count)
