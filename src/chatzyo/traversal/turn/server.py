"""The relay as a state machine: messages and times in, answers and commands out.

After every call take all commands with `next_command`, then sleep until `poll_timeout` at most and
call `handle_timeout`. Data that is relayed never becomes a command: it is returned.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from chatzyo.traversal.address import (
    Flow,
    PeerAddress,
    RelayedAddress,
    client_of,
    family_of,
    ip_of,
    is_stream,
    port_of,
)
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.binding import answer_bare
from chatzyo.traversal.stun.errors import Code, Malformed
from chatzyo.traversal.stun.integrity import Signature, fingerprint_fits
from chatzyo.traversal.stun.message import Kind, Message, Method, parse
from chatzyo.traversal.turn import allocate, channel
from chatzyo.traversal.turn.allocate import AllocateRequest
from chatzyo.traversal.turn.allocation import RESERVATION_SECONDS, Allocation, Registry, Reservation
from chatzyo.traversal.turn.answer import Outcome, Refusal, Success, encode
from chatzyo.traversal.turn.auth import Account, Authenticated, Authenticator
from chatzyo.traversal.turn.commands import CloseRelay, Command, OpenRelays, SendToClient
from chatzyo.traversal.turn.config import Config
from chatzyo.traversal.turn.framing import FIRST_CHANNEL_BYTE, LAST_CHANNEL_BYTE
from chatzyo.traversal.turn.policy import PeerPolicy
from chatzyo.traversal.turn.quota import Bucket, PrefixLimiter
from chatzyo.traversal.turn.relaying import Drop, Hop, Relaying
from chatzyo.traversal.turn.retransmission import Answered

OPENINGS: Final = 4
"""How often other ports are tried when the chosen ones turn out to be taken."""

_AUTHENTICATED: Final = (
    Method.ALLOCATE, Method.REFRESH, Method.CREATE_PERMISSION, Method.CHANNEL_BIND,
)  # fmt: skip

_UNDERSTOOD: Final = frozenset(
    attribute.number
    for attribute in (
        stun.USERNAME, stun.MESSAGE_INTEGRITY, stun.ERROR_CODE, stun.UNKNOWN_ATTRIBUTES,
        stun.CHANNEL_NUMBER, stun.LIFETIME, stun.XOR_PEER_ADDRESS, stun.DATA, stun.REALM,
        stun.NONCE, stun.XOR_RELAYED_ADDRESS, stun.REQUESTED_ADDRESS_FAMILY, stun.EVEN_PORT,
        stun.REQUESTED_TRANSPORT, stun.MESSAGE_INTEGRITY_SHA256, stun.PASSWORD_ALGORITHM,
        stun.USERHASH, stun.XOR_MAPPED_ADDRESS, stun.RESERVATION_TOKEN,
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pending:
    """An Allocate that waits for its sockets."""

    request: Message
    who: Authenticated
    wish: AllocateRequest
    relayed: Sequence[RelayedAddress]
    openings: int = 1


class TurnServer:
    """STUN and TURN for any number of listeners, which are named by the first byte of a flow."""

    def __init__(self, config: Config, policy: PeerPolicy, draw: Callable[[int], bytes]) -> None:
        """`draw` returns as many random bytes as it is asked for."""
        self._config = config
        self._draw = draw
        self._registry = Registry(config, draw)
        rate = config.total_bytes_per_second
        self._relaying = Relaying(
            self._registry, policy, Bucket(rate=rate, burst=rate, now=0.0), draw
        )
        self._authenticator = Authenticator(
            realm=config.realm, secrets=config.secrets, boot_key=draw(32)
        )
        self._refusals = PrefixLimiter(
            rate=config.refusals_per_second, burst=config.refusal_burst, key=draw(32)
        )
        self._newcomers = PrefixLimiter(
            rate=config.allocations_per_second, burst=config.allocation_burst, key=draw(32)
        )
        self._answered = Answered()
        self._pending_by_flow: dict[Flow, _Pending] = {}
        self._commands: deque[Command] = deque()
        self._understood = _UNDERSTOOD | (
            {stun.DONT_FRAGMENT.number} if config.closed or config.dont_fragment else set()
        )
        self.unix_offset = 0.0
        """Unix time less `now`; the shell corrects it when the machine's clock is set"""
        self.drops: Counter[Drop] = Counter()
        """how often data went nowhere, by reason"""

    @property
    def allocations(self) -> int:
        """Relayed addresses held, reservations included."""
        return self._registry.total

    def has_allocation(self, flow: Flow) -> bool:
        """Whether this client holds an allocation; the shell closes idle streams without one."""
        return flow in self._registry.by_flow

    def set_policy(self, policy: PeerPolicy) -> None:
        """Replace the policy, for instance when the host got another address."""
        self._relaying.policy = policy

    def next_command(self) -> Command | None:
        """Take the oldest command."""
        return self._commands.popleft() if self._commands else None

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` has something to do."""
        deadlines = (self._registry.poll_timeout(), self._answered.poll_timeout())
        return min((each for each in deadlines if each is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """End and forget what is due."""
        self._close(self._registry.expire(now))
        self._answered.forget(now)

    def handle_client(self, flow: Flow, data: bytes, now: float) -> Hop | None:
        """Take one datagram or frame of a client; returns what is to be sent at once, and where."""
        first = data[0] if data else 0xFF
        if FIRST_CHANNEL_BYTE <= first <= LAST_CHANNEL_BYTE and len(data) >= 4:
            hop = self._relaying.channel_data(flow, data, now)
            return hop if type(hop) is tuple else self._carried(hop)
        if bare := answer_bare(flow, data):
            return flow, bare
        try:
            message = parse(data)
        except Malformed:
            return self._carried(Drop.MALFORMED)
        if not port_of(client_of(flow)) or not fingerprint_fits(message):
            return self._carried(Drop.MALFORMED)
        return self._handle_message(flow, message, now)

    def _handle_message(self, flow: Flow, message: Message, now: float) -> Hop | None:
        if message.kind is Kind.REQUEST:
            answer = self._answer(message, flow, now)
            return None if answer is None else (flow, answer)
        if message.kind is Kind.INDICATION and message.method == Method.SEND:
            return self._carried(self._indicate(message, flow, now))
        return None

    def handle_peer(
        self, relayed: RelayedAddress, peer: PeerAddress, data: bytes, now: float
    ) -> Hop | None:
        """Take one datagram that arrived at a relay socket."""
        return self._carried(self._relaying.peer_data(relayed, peer, data, now))

    def handle_closed(self, flow: Flow) -> None:
        """A client's stream has ended, and its allocation with it."""
        if allocation := self._registry.by_flow.get(flow):
            self._end(allocation, tuple(allocation.expiry_by_relayed))

    def handle_opened(self, flow: Flow, now: float, *, success: bool) -> None:
        """The sockets of an OpenRelays command are bound, or none of them is."""
        pending = self._pending_by_flow.pop(flow)
        outcome: Outcome | None = Refusal(code=Code.INSUFFICIENT_CAPACITY)
        if success:
            account = pending.who.account
            outcome = self._establish(flow, account, pending.wish, pending.relayed, now)
        elif pending.openings < OPENINGS:
            openings = pending.openings + 1
            outcome = self._place(
                flow, pending.wish, pending.request, pending.who, now, openings=openings
            )
        if outcome is not None:
            answer = self._finish(pending.request, outcome, pending.who.signature, flow, now)
            self._commands.append(SendToClient(flow=flow, data=answer))

    def _indicate(self, message: Message, flow: Flow, now: float) -> Hop | Drop:
        if message.not_understood(self._understood):
            return Drop.MALFORMED
        try:
            return self._relaying.send(flow, message, now)
        except Malformed:
            return Drop.MALFORMED

    def _carried(self, hop: Hop | Drop) -> Hop | None:
        if isinstance(hop, Drop):
            self.drops[hop] += 1
            return None
        return hop

    def _answer(self, request: Message, flow: Flow, now: float) -> bytes | None:
        if again := self._answered.find(flow, request.transaction, now):
            return again
        signature = None
        outcome: Outcome | None
        try:
            who = self._identify(request, flow, now)
            if isinstance(who, Authenticated):
                signature = who.signature
                outcome = self._perform(request, who, flow, now)
            else:
                outcome = who
        except Malformed:
            outcome = Refusal(code=Code.BAD_REQUEST)
        is_stranger = isinstance(outcome, Refusal) and signature is None
        if outcome is None or (
            is_stranger and not self._refusals.take(ip_of(client_of(flow)), now)
        ):
            return None  # a stranger who is refused that often might not have asked
        return self._finish(request, outcome, signature, flow, now)

    def _identify(self, request: Message, flow: Flow, now: float) -> Authenticated | Outcome | None:
        """Who asks; or the answer, where nobody has to say who they are."""
        if request.method == Method.BINDING:
            unknown = request.not_understood(self._understood)
            if unknown:
                return Refusal(code=Code.UNKNOWN_ATTRIBUTE, unknown=unknown)
            return Success(mapped=client_of(flow))
        if request.method not in _AUTHENTICATED:
            return None
        allocation = self._registry.by_flow.get(flow)
        known = allocation.account if allocation else None
        return self._authenticator.authenticate(request, flow, known, now, now + self.unix_offset)

    def _perform(
        self, request: Message, who: Authenticated, flow: Flow, now: float
    ) -> Outcome | None:
        unknown = request.not_understood(self._understood)
        if unknown:
            return Refusal(code=Code.UNKNOWN_ATTRIBUTE, unknown=unknown)
        allocation = self._registry.by_flow.get(flow)
        if request.method == Method.ALLOCATE:
            return self._allocate(request, who, flow, now)
        if allocation is None:
            return Refusal(code=Code.ALLOCATION_MISMATCH)
        if allocation.account.username != who.account.username:
            return Refusal(code=Code.WRONG_CREDENTIALS)
        if request.method == Method.REFRESH:
            return self._refresh(request, allocation, now)
        outcome = (
            self._create_permission(request, allocation, now)
            if request.method == Method.CREATE_PERMISSION
            else self._bind_channel(request, allocation, now)
        )
        allocation.revoke_rows()
        return outcome

    def _finish(
        self,
        request: Message,
        outcome: Outcome,
        signature: Signature | None,
        flow: Flow,
        now: float,
    ) -> bytes:
        """Write the answer, and keep it where the same request must not be carried out twice."""
        answer = encode(request, outcome, signature)
        if isinstance(outcome, Success) and not is_stream(flow) and _changes(request, outcome):
            self._answered.keep(flow, request.transaction, answer, now)
        return answer

    def _allocate(
        self, request: Message, who: Authenticated, flow: Flow, now: float
    ) -> Outcome | None:
        if flow in self._registry.by_flow:
            return Refusal(code=Code.ALLOCATION_MISMATCH)
        wish = allocate.read(request, self._config.relay_ips)
        if isinstance(wish, Refusal):
            return wish
        if not self._newcomers.take(ip_of(client_of(flow)), now):
            return Refusal(code=Code.ALLOCATION_QUOTA_REACHED)
        if wish.token is not None:
            return self._redeem(wish.token, wish, who.account, flow, now)
        if not self._registry.user_has_room(who.account.username, flow, wish.count):
            return Refusal(code=Code.ALLOCATION_QUOTA_REACHED)
        return self._place(flow, wish, request, who, now)

    def _redeem(
        self, token: bytes, wish: AllocateRequest, account: Account, flow: Flow, now: float
    ) -> Outcome:
        """Give the port that was reserved; its socket is open already."""
        reservation = self._registry.reservation(token, account.username, now)
        if reservation is None:
            return Refusal(code=Code.INSUFFICIENT_CAPACITY)
        self._registry.release(token)
        return self._establish(flow, account, wish, (reservation.relayed,), now)

    def _place(
        self,
        flow: Flow,
        wish: AllocateRequest,
        request: Message,
        who: Authenticated,
        now: float,
        *,
        openings: int = 1,
    ) -> Outcome | None:
        """Choose relayed addresses; None when the answer waits for their sockets."""
        has_room = self._registry.server_has_room(wish.count)
        relayed = self._draw_relayed(wish) if has_room else None
        if relayed is None:
            return Refusal(code=Code.INSUFFICIENT_CAPACITY)
        if self._config.closed:
            return self._establish(flow, who.account, wish, relayed, now)
        self._pending_by_flow[flow] = _Pending(
            request=request, who=who, wish=wish, relayed=relayed, openings=openings
        )
        self._commands.append(OpenRelays(flow=flow, relayed=relayed))
        return None

    def _draw_relayed(self, wish: AllocateRequest) -> tuple[RelayedAddress, ...] | None:
        first = self._registry.draw_relayed(wish.family, even=wish.even, pair=wish.reserve)
        if wish.additional is None or first is None:
            return first
        second = self._registry.draw_relayed(wish.additional, even=wish.even, pair=False)
        return None if second is None else first + second

    def _establish(
        self,
        flow: Flow,
        account: Account,
        wish: AllocateRequest,
        relayed: Sequence[RelayedAddress],
        now: float,
    ) -> Success:
        config = self._config
        own, held = (relayed[:1], relayed[1:]) if wish.reserve else (relayed, ())
        rate = config.bytes_per_second
        allocation = Allocation(
            flow=flow,
            account=account,
            created=now,
            bucket=Bucket(rate=rate, burst=rate, now=now),
            expiry_by_relayed=dict.fromkeys(own, now + wish.lifetime),
        )
        self._registry.add(allocation)
        token = None
        for each in held:
            token = self._draw(stun.TOKEN_BYTES)
            self._registry.reserve(
                token,
                Reservation(
                    relayed=each,
                    owner=flow,
                    username=account.username,
                    expiry=now + RESERVATION_SECONDS,
                ),
            )
        return Success(
            mapped=client_of(flow),
            relayed=own,
            lifetime=wish.lifetime,
            token=token,
            missing=wish.missing,
        )

    def _refresh(self, request: Message, allocation: Allocation, now: float) -> Outcome:
        """RFC 8656 section 8.2: all relayed addresses, or the one of the family that is named."""
        family = request.first(stun.REQUESTED_ADDRESS_FAMILY)
        lifetime = request.first(stun.LIFETIME)
        chosen = [
            relayed
            for relayed in allocation.expiry_by_relayed
            if family in (None, family_of(relayed))
        ]
        if not chosen:
            return Refusal(code=Code.PEER_ADDRESS_FAMILY_MISMATCH)
        if lifetime == 0:
            self._end(allocation, chosen)
            return Success(lifetime=0)
        oldest = allocation.created + self._config.max_age
        expiry = min(now + allocate.granted_lifetime(lifetime), oldest)
        allocation.expiry_by_relayed |= dict.fromkeys(chosen, expiry)
        allocation.revoke_rows()
        return Success(lifetime=max(0, int(expiry - now)))

    def _create_permission(self, request: Message, allocation: Allocation, now: float) -> Outcome:
        """RFC 8656 section 10.2: all peers of the request, or none."""
        peers = request.every(stun.XOR_PEER_ADDRESS)
        refusal = self._judge(peers, allocation)
        if refusal:
            return refusal
        if not allocation.permissions.install([ip_of(peer) for peer in peers], now):
            return Refusal(code=Code.INSUFFICIENT_CAPACITY)
        return Success()

    def _bind_channel(self, request: Message, allocation: Allocation, now: float) -> Outcome:
        """RFC 8656 section 12.2: a channel, and the permission with it."""
        number = request.first(stun.CHANNEL_NUMBER)
        peer = request.first(stun.XOR_PEER_ADDRESS)
        if number is None or peer is None or not channel.LOWEST <= number <= channel.HIGHEST:
            return Refusal(code=Code.BAD_REQUEST)
        refusal = self._judge((peer,), allocation)
        if refusal:
            return refusal
        if not self._relaying.policy.admits(peer):
            return Refusal(code=Code.FORBIDDEN)
        channels = allocation.channels
        if not channels.fits(number, peer, now):
            return Refusal(code=Code.BAD_REQUEST)
        if not (channels.has_room(number) and allocation.permissions.install([ip_of(peer)], now)):
            return Refusal(code=Code.INSUFFICIENT_CAPACITY)
        channels.bind(number, peer, now)
        return Success()

    def _judge(self, peers: Sequence[PeerAddress], allocation: Allocation) -> Refusal | None:
        if not peers:
            return Refusal(code=Code.BAD_REQUEST)
        if any(allocation.relayed(family_of(peer)) is None for peer in peers):
            return Refusal(code=Code.PEER_ADDRESS_FAMILY_MISMATCH)
        if not all(self._relaying.policy.admits_ip(ip_of(peer)) for peer in peers):
            return Refusal(code=Code.FORBIDDEN)
        return None

    def _end(self, allocation: Allocation, relayed: Sequence[RelayedAddress]) -> None:
        self._registry.remove(allocation, relayed)
        self._close(relayed)

    def _close(self, relayed: Iterable[RelayedAddress]) -> None:
        for each in relayed:
            if not self._config.closed:
                self._commands.append(CloseRelay(relayed=each))


def _changes(request: Message, success: Success) -> bool:
    """Whether carrying out the request again would give another answer."""
    return request.method == Method.ALLOCATE or success.lifetime == 0
