"""A server that changes, repeats, moves or mixes sealed messages gets none of them accepted."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.records import Cipher, Direction, Opener, Record, Sealer

RECORDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """What the server has seen of one match."""

    key: bytes
    room: bytes
    sent: list[Record]
    """From `a` to `b`, to whom corrupted copies are handed."""
    returned: list[Record]

    def opener(self, after: int) -> Opener:
        """The receiver of `sent`, who has opened this many of them."""
        opener = Opener(Cipher(key=self.key, room=self.room, direction="ab"))
        for record in self.sent[:after]:
            assert isinstance(opener.open(record), dict)
        return opener


def converse(chance: random.Random) -> Conversation:
    keys = {"ab": chance.randbytes(32), "ba": chance.randbytes(32)}
    room = chance.randbytes(16)

    def send(direction: Direction) -> list[Record]:
        sealer = Sealer(Cipher(key=keys[direction], room=room, direction=direction))
        return [
            sealer.seal({"k": "card", "t": "x" * chance.randrange(1500)}) for _ in range(RECORDS)
        ]

    return Conversation(key=keys["ab"], room=room, sent=send("ab"), returned=send("ba"))


Corruption = Callable[[random.Random, Conversation, Conversation, int], Record]
"""What the server hands over instead of record `n`, knowing this and another conversation."""


def _sealed(record: Record) -> bytes:
    sealed = base64url.decode(record.blob)
    assert sealed
    return sealed


def flip(chance: random.Random, here: Conversation, _: Conversation, n: int) -> Record:
    sealed = bytearray(_sealed(here.sent[n]))
    sealed[chance.randrange(len(sealed))] ^= 1 << chance.randrange(8)
    return Record(seq=n, blob=base64url.encode(bytes(sealed)))


def truncate(chance: random.Random, here: Conversation, _: Conversation, n: int) -> Record:
    sealed = _sealed(here.sent[n])
    return Record(seq=n, blob=base64url.encode(sealed[: chance.randrange(len(sealed))]))


def lengthen(chance: random.Random, here: Conversation, _: Conversation, n: int) -> Record:
    extra = chance.randbytes(chance.choice([1, 16, 1024, 12_000]))
    return Record(seq=n, blob=base64url.encode(_sealed(here.sent[n]) + extra))


def replay(chance: random.Random, here: Conversation, _: Conversation, n: int) -> Record:
    """An earlier record: dropped under its own number, refused under the next."""
    earlier = here.sent[chance.randrange(n)] if n else here.sent[-1]
    return earlier if n and chance.random() < 0.5 else replace(earlier, seq=n)


def reorder(chance: random.Random, here: Conversation, _: Conversation, n: int) -> Record:
    later = here.sent[chance.randrange(n + 1, RECORDS)]
    return later if chance.random() < 0.5 else replace(later, seq=n)


def reflect(chance: random.Random, here: Conversation, _: Conversation, n: int) -> Record:
    """A record of the receiver's own comes back."""
    own = here.returned[n] if chance.random() < 0.5 else chance.choice(here.returned)
    return replace(own, seq=n)


def splice(chance: random.Random, here: Conversation, other: Conversation, n: int) -> Record:
    """A record of another match, or the head of one with the tail of another."""
    if chance.random() < 0.5:
        return replace(other.sent[n], seq=n)
    head, tail = _sealed(here.sent[n]), _sealed(chance.choice([other.sent[n], here.sent[n - 1]]))
    cut = chance.randrange(1, 1000)
    return Record(seq=n, blob=base64url.encode(head[:cut] + tail[cut:]))


CORRUPTIONS: list[Corruption] = [flip, truncate, lengthen, replay, reorder, reflect, splice]


@pytest.mark.slow
def test_none_of_ten_thousand_corrupted_messages_is_accepted() -> None:
    chance = random.Random("corruption")
    conversations = [converse(chance) for _ in range(50)]
    outcomes: Counter[object] = Counter()
    for count in range(10_000):
        here, other = chance.sample(conversations, 2)
        n = chance.randrange(RECORDS - 1)
        opener = here.opener(n)
        outcome = opener.open(CORRUPTIONS[count % len(CORRUPTIONS)](chance, here, other, n))
        outcomes[outcome] += 1
        # What was dropped did no harm; what was refused was the end.
        assert isinstance(opener.open(here.sent[n]), Failure if outcome else dict)
    assert set(outcomes) == {Failure.SEALED_BROKEN, None}
    assert outcomes.total() == 10_000
