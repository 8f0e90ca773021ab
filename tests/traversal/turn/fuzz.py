"""Random sequences of good, odd and broken messages against one core, replayable by a seed.

    python -m tests.traversal.turn.fuzz [SEED] [MESSAGES]

After every message all invariants are checked; the run ends with the first that does not hold.
"""

import random
import sys

from chatzyo.traversal import address
from chatzyo.traversal.address import PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.attributes import Attribute
from chatzyo.traversal.stun.integrity import Signature
from chatzyo.traversal.stun.message import Builder, Kind, Method, parse
from chatzyo.traversal.turn.auth import long_term_key
from chatzyo.traversal.turn.relaying import Hop
from tests.traversal.turn.world import PEER, PEER_V6, REALM, UNIX, Client, World, config

ATTRIBUTES = [each for each in vars(stun).values() if isinstance(each, Attribute)]
METHODS = [*Method, 0x00A, 0xFFF, *[Method.CREATE_PERMISSION, Method.CHANNEL_BIND] * 3]


class Fuzz:
    """Clients of three matches, by datagram and by stream, and one outside peer."""

    def __init__(self, seed: int, *, closed: bool) -> None:
        self.random = random.Random(seed)
        generous = 1e9
        self.world = World(
            config(
                closed=closed,
                dont_fragment=True,
                total=12,
                refusal_burst=generous,
                allocation_burst=generous,
                bytes_per_second=100_000,
                first_port=50_000,
                last_port=50_063,
            )
        )
        self.clients = [
            self.world.client(host, 4000 + number, listener, match)
            for number, (host, listener, match) in enumerate(
                [
                    ("198.51.100.7", 1, "a"),
                    ("2001:db8:9::7", 2, "a"),
                    ("198.51.100.8", 0x81, "a"),
                    ("198.51.100.9", 1, "b"),
                    ("198.51.100.10", 0x81, "b"),
                    ("198.51.100.11", 1, ""),
                ]
            )
        ]
        self.delivered = 0

    def step(self) -> None:
        client = self.random.choice(self.clients)
        match self.random.randrange(12):
            case 0:
                self.world.pass_time(
                    self.random.choice([0.1] * 300 + [1] * 100 + [30, 100, 300, 600])
                )
            case 1:
                self._feed(client, self.random.randbytes(self.random.randrange(60)))
            case 2:
                self._from_outside()
            case 3 if address.is_stream(client.flow) and self.random.random() < 0.1:
                self.world.core.handle_closed(client.flow)
                self.world.drain()
            case 3 | 4 | 5:
                self._feed(client, self._channel_data())
            case 6 | 7:
                self._feed(client, self._indication(client))
            case _:
                self._feed(client, self._mutated(self._request(client)))
        self.check()

    def _feed(self, client: Client, data: bytes) -> None:
        self.world.refuse_ports = self.random.random() < 0.2
        hop = self.world.feed(client.flow, data)
        if hop is None:
            return
        target, sent = hop
        if target == client.flow:
            self._learn(client, sent)
            return
        self.delivered += 1
        self._check_delivery(client, hop)

    def _learn(self, client: Client, sent: bytes) -> None:
        """Take nonces and relayed addresses from answers, as a client does."""
        message = parse(sent)
        client.nonce = message.first(stun.NONCE) or client.nonce
        expiry, _, rest = client.credentials.username.partition(":")
        if int(expiry) < UNIX + self.world.now:
            name, _, match = rest.partition(".")
            client.credentials = self.world.credentials(match, name.encode()[:12])
        client.relayed = list(message.every(stun.XOR_RELAYED_ADDRESS)) or client.relayed

    def _check_delivery(self, sender: Client, hop: Hop) -> None:
        target, _ = hop
        if isinstance(target, tuple):
            relayed, peer, _ = target
            assert not self.world.config.closed, "a closed relay sends nothing outside"
            assert relayed in self.world.open
            assert self.world.policy.admits(peer)
            assert not self.world.policy.is_relay(peer)
            return
        # By the credentials of the allocations: now and then a client signs with another's.
        allocations = [self.world.core._registry.by_flow[flow] for flow in (sender.flow, target)]
        matches = [each.account.username.partition(".")[2] for each in allocations]
        assert matches[0] == matches[1], "data crosses from match to match"
        assert matches[0] or not self.world.config.closed

    def check(self) -> None:
        core, world = self.world.core, self.world
        registry = core._registry
        assert registry.total <= world.config.total
        held = set(registry.by_relayed) | registry._reserved
        assert registry.total == len(held)
        if not world.config.closed:
            assert world.open == held
        for flow, allocation in registry.by_flow.items():
            assert allocation.flow == flow
            assert allocation.expiry_by_relayed
            assert all(
                registry.by_relayed[each] is allocation for each in allocation.expiry_by_relayed
            )
        assert len(core._pending_by_flow) == 0

    def _from_outside(self) -> None:
        relayed = [*self.world.core._registry.by_relayed]
        if relayed and not self.world.config.closed:
            self.world.core.handle_peer(
                self.random.choice(relayed), self._peer(), b"from outside", self.world.now
            )

    def _peer(self) -> PeerAddress:
        own = [PeerAddress(each) for client in self.clients for each in client.relayed]
        private = PeerAddress(address.pack("10.0.0.1", 5000))
        return self.random.choice(
            [PEER, PEER_V6, private, PeerAddress(b"\0\0" + PEER[2:]), *own * 3]
        )

    def _channel_data(self) -> bytes:
        number = self.random.choice([0x4000, 0x4001, 0x4002, 0x7FFF])
        data = self.random.randbytes(self.random.randrange(20))
        claimed = max(0, len(data) + self.random.choice([0, 0, 0, 0, -1, 1, 3]))
        return number.to_bytes(2, "big") + claimed.to_bytes(2, "big") + data

    def _indication(self, client: Client) -> bytes:
        builder = Builder(Method.SEND, Kind.INDICATION, client.transaction())
        builder.add(stun.XOR_PEER_ADDRESS, self._peer()).add(stun.DATA, b"data")
        if self.random.random() < 0.2:
            self._add_any(builder)
        return builder.serialise()

    def _request(self, client: Client) -> bytes:
        method = self.random.choice(
            [*METHODS, *[Method.CREATE_PERMISSION, Method.CHANNEL_BIND] * 3]
        )
        builder = Builder(method, Kind.REQUEST, client.transaction())
        if method == Method.ALLOCATE and self.random.random() < 0.9:
            builder.add(stun.REQUESTED_TRANSPORT, 17)
        if method in (Method.CREATE_PERMISSION, Method.CHANNEL_BIND):
            builder.add(stun.XOR_PEER_ADDRESS, self._peer())
        if method == Method.CHANNEL_BIND:
            builder.add(stun.CHANNEL_NUMBER, self.random.choice([0x4000, 0x4001, 0x4002, 0x3FFF]))
        if method == Method.REFRESH and self.random.random() < 0.3:
            builder.add(stun.LIFETIME, self.random.choice([0, 1, 600, 2**32 - 1]))
        for _ in range(self.random.choice([0] * 6 + [1, 2])):
            self._add_any(builder)
        if self.random.random() < 0.1:
            return builder.serialise()
        other = self.random.choice(self.clients) if self.random.random() < 0.05 else client
        return self._sign(builder, other, client.nonce)

    def _sign(self, builder: Builder, client: Client, nonce: str) -> bytes:
        username = client.credentials.username
        algorithm = self.random.choice(list(stun.PasswordAlgorithm))
        builder.add(stun.USERNAME, username).add(stun.REALM, REALM).add(stun.NONCE, nonce)
        if algorithm is stun.PasswordAlgorithm.SHA_256 or self.random.random() < 0.3:
            builder.add(stun.PASSWORD_ALGORITHM, algorithm).add(stun.PASSWORD_ALGORITHMS, [2, 1])
        key = long_term_key(algorithm, username, REALM, client.credentials.password)
        signature = Signature(key=key, sha256=self.random.random() < 0.5)
        wire = integrity.sign(builder.serialise(), signature)
        return integrity.add_fingerprint(wire) if self.random.random() < 0.5 else wire

    def _add_any(self, builder: Builder) -> None:
        chosen = self.random.choice(ATTRIBUTES)
        plain: Attribute[bytes] = Attribute(
            number=chosen.number, parse=lambda value, _: value, serialise=lambda value, _: value
        )
        sizes = [0, 1, 4, 8, 20, 32, self.random.randrange(40)]
        builder.add(plain, self.random.randbytes(self.random.choice(sizes)))

    def _mutated(self, wire: bytes) -> bytes:
        if self.random.random() < 0.8:
            return wire
        changed = bytearray(wire)
        for _ in range(self.random.randrange(1, 4)):
            changed[self.random.randrange(len(changed))] = self.random.randrange(256)
        return bytes(
            changed[
                : self.random.choice([len(changed)] * 3 + [self.random.randrange(len(changed))])
            ]
        )


def run(seed: int, messages: int, *, closed: bool) -> Fuzz:
    fuzz = Fuzz(seed, closed=closed)
    for _ in range(messages):
        fuzz.step()
    return fuzz


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    messages = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    for closed in (True, False):
        fuzz = run(seed, messages // 2, closed=closed)
        print(f"seed {seed}, {'closed' if closed else 'open'}: {messages // 2} messages, "
              f"{fuzz.delivered} delivered, 0 unhandled")  # fmt: skip


if __name__ == "__main__":
    main()
