"""Sealed records: what two browsers tell each other through a server that must not read it.

Owns sealing, opening, numbering and padding of one direction. What a record may say beyond being
one JSON object with a kind is the business of its readers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chatzyo.protocol.limits import MAX_SIGNALS_PER_DIRECTION
from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.keys import label, length_prefixed

Direction = Literal["ab", "ba"]

BLOCK_BYTES: Final = 1024
"""The server learns sizes in these steps only."""

MAX_PLAIN_BYTES: Final = 11 * BLOCK_BYTES
"""With its tag this fills the longest blob the server forwards (limits.MAX_BLOB_CHARS)."""

MAX_DEPTH: Final = 7
"""A card nests record, card, sections, section, codecs, codec, feedback."""

_TAG_BYTES: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One sealed message, as `signal` carries it."""

    seq: int
    blob: str


class Cipher:
    """AES-256-GCM for one direction of one conversation."""

    def __init__(self, *, key: bytes, room: bytes, direction: Direction) -> None:
        """Bind the key to the conversation it was made for."""
        self._aead = AESGCM(key)
        self._context = (label("sig"), room, direction.encode())

    def seal(self, seq: int, plain: bytes) -> bytes:
        """Encrypt once under this number: never seal another text under the same."""
        return self._aead.encrypt(_vector(seq), plain, self._associated(seq))

    def open(self, seq: int, sealed: bytes) -> bytes | None:
        """What was sealed under this number in this direction of this room; None if nothing was."""
        try:
            return self._aead.decrypt(_vector(seq), sealed, self._associated(seq))
        except InvalidTag:
            return None

    def _associated(self, seq: int) -> bytes:
        return length_prefixed(*self._context, seq.to_bytes(8))


class Sealer:
    """What one side sends, numbered from 0 without gaps."""

    def __init__(self, cipher: Cipher) -> None:
        """Start at number 0."""
        self._cipher = cipher
        self._next = 0

    def seal(self, payload: Mapping[str, object]) -> Record:
        """Seal the next record. To send it again, send the same record: nothing is sealed twice."""
        if self._next >= MAX_SIGNALS_PER_DIRECTION:
            raise ValueError("the server forwards no more records of this match")
        seq, self._next = self._next, self._next + 1
        return Record(
            seq=seq, blob=base64url.encode(self._cipher.seal(seq, serialise_payload(payload)))
        )


class Opener:
    """What the other side sent. The first failure is final: no second key, no second try."""

    def __init__(self, cipher: Cipher) -> None:
        """Expect number 0."""
        self._cipher = cipher
        self._next = 0
        self._is_broken = False

    def open(self, record: Record) -> dict[str, object] | Failure | None:
        """Open the next record; None for one that was opened before and is sent again."""
        if self._is_broken:
            return Failure.SEALED_BROKEN
        if 0 <= record.seq < self._next:
            return None
        payload = self._open_next(record)
        if payload is None:
            self._is_broken = True
            return Failure.SEALED_BROKEN
        self._next += 1
        return payload

    def _open_next(self, record: Record) -> dict[str, object] | None:
        sealed = base64url.decode(record.blob)
        if record.seq != self._next or record.seq >= MAX_SIGNALS_PER_DIRECTION or sealed is None:
            return None
        if len(sealed) > MAX_PLAIN_BYTES + _TAG_BYTES:
            return None
        plain = self._cipher.open(record.seq, sealed)
        return None if plain is None else parse_payload(plain)


def pad(text: bytes) -> bytes:
    """Fill with spaces up to the next multiple of a block."""
    return text.ljust(-(-len(text) // BLOCK_BYTES) * BLOCK_BYTES)


def serialise_payload(payload: Mapping[str, object]) -> bytes:
    """The one spelling of a payload, padded."""
    plain = pad(_spell(payload).encode())
    if len(plain) > MAX_PLAIN_BYTES:
        raise ValueError("no blob can carry this much")
    return plain


def parse_payload(plain: bytes) -> dict[str, object] | None:
    """A payload that is spelt as `serialise_payload` does it; None for anything else."""
    if len(plain) % BLOCK_BYTES:
        return None
    try:
        payload = json.loads(plain.decode())
        # Another spelling hides something: a duplicate key, a space, an escape, a NaN.
        is_spelt_so = pad(_spell(payload).encode()) == plain
    except (ValueError, RecursionError):
        return None
    if not (isinstance(payload, dict) and isinstance(payload.get("k"), str)):
        return None
    return payload if is_spelt_so and _is_flat(payload, MAX_DEPTH) else None


def _spell(value: object) -> str:
    """JSON as JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _is_flat(value: object, depth: int) -> bool:
    """Whether values nest at most this deep."""
    match value:
        case dict():
            inner = list(value.values())
        case list():
            inner = value
        case _:
            return True
    return depth > 0 and all(_is_flat(each, depth - 1) for each in inner)


def _vector(seq: int) -> bytes:
    """The initialisation vector: unique because numbers are never used twice under one key."""
    return seq.to_bytes(12)
