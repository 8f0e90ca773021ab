"""The handshake that rides on `find`, `join` and `matched`, and the session it ends in.

Owns the rules by which a partner's key is taken or refused. Must not know how messages travel or
where keys and nonces come from: the caller makes both fresh for every `find` and `join`.
"""

import hmac
from dataclasses import dataclass
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from chatzyo.protocol.messages import Role
from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.keys import (
    HASH_BYTES,
    POINT_BYTES,
    SessionKeys,
    agree,
    digest,
    label,
    mac,
    public_point,
    session_keys,
)
from chatzyo.sealing.records import Cipher, Opener, Record, Sealer

NONCE_BYTES: Final = 16

_STRANGERS_PSK: Final = bytes(HASH_BYTES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What a conversation is bound to, and what its people share beforehand."""

    name: bytes
    """16 bytes the server knows: the match id, or what a link's secret leads to."""
    psk: bytes | None = None
    """The key that comes with a private link; None between strangers."""

    @property
    def failure(self) -> Failure:
        """What a wrong key means here."""
        return Failure.SEALED_BROKEN if self.psk is None else Failure.LINK_MISMATCH


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicKey:
    """What each side publishes: a point, and a nonce that makes every transcript new."""

    point: bytes
    nonce: bytes

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read the `key` of a message; whether the point is one is not yet known."""
        data = base64url.decode(text)
        if data is None or len(data) != POINT_BYTES + NONCE_BYTES:
            return None
        return cls(point=data[:POINT_BYTES], nonce=data[POINT_BYTES:])

    def serialise(self) -> str:
        """Write the `key` of a message."""
        return base64url.encode(self.point + self.nonce)


def hello_a(psk: bytes, room: bytes, a: PublicKey) -> bytes:
    """Proof that whoever published `a` holds the link."""
    return mac(psk, label("hello-a"), room, a.point, a.nonce)


def hello_b(psk: bytes, room: bytes, a: PublicKey, b: PublicKey) -> bytes:
    """Proof that `b` holds the link and answers this very `a`."""
    return mac(psk, label("hello-b"), room, a.point, a.nonce, b.point, b.nonce)


def transcript_hash(room: bytes, a: PublicKey, b: PublicKey) -> bytes:
    """`th`: what both sides must have seen alike."""
    return digest(label("th"), room, a.point, a.nonce, b.point, b.nonce)


class Session:
    """One conversation: seals what we send, opens what the other side sends."""

    def __init__(
        self, *, role: Role, room: Room, keys: SessionKeys, transcript: bytes, hello: bytes | None
    ) -> None:
        """Take what `Handshake.accept` found; `hello` is `hello_b` on a link."""
        self.transcript = transcript
        """`th`, which the spoken code is bound to."""
        self.hello = base64url.encode(hello) if hello and role == "b" else None
        """What `b` sends ahead of its first record on a link."""
        self._expected_hello = hello if role == "a" else None
        self._is_greeted = self._expected_hello is None
        self._failure: Failure | None = None
        self._room = room
        ab = Cipher(key=keys.ab, room=room.name, direction="ab")
        ba = Cipher(key=keys.ba, room=room.name, direction="ba")
        self._sealer = Sealer(ab if role == "a" else ba)
        self._opener = Opener(ba if role == "a" else ab)

    def handle_hello(self, hello: str) -> Failure | None:
        """Check the proof of `b`; None when it holds."""
        claimed = base64url.decode(hello)
        expected = self._expected_hello
        if expected and claimed and hmac.compare_digest(claimed, expected):
            self._is_greeted = True
        else:
            self._failure = self._room.failure
        return self._failure

    def seal(self, payload: dict[str, object]) -> Record:
        """Seal the next record that we send."""
        return self._sealer.seal(payload)

    def open(self, record: Record) -> dict[str, object] | Failure | None:
        """Open what the other side sent; None for what was opened before. A failure is final."""
        if not self._is_greeted:
            self._failure = self._room.failure
        return self._failure or self._opener.open(record)


class Handshake:
    """Our half, made afresh for every `find` and `join`."""

    def __init__(self, *, private_key: ec.EllipticCurvePrivateKey, nonce: bytes) -> None:
        """Take a fresh key on P-256 and 16 fresh random bytes."""
        self._private_key = private_key
        self._own = PublicKey(point=public_point(private_key), nonce=nonce)
        self._used: set[bytes] = set()

    @property
    def key(self) -> str:
        """What `find` and `join` publish."""
        return self._own.serialise()

    def hello(self, room: Room) -> str | None:
        """What `join` publishes beside the key; strangers have nothing to prove."""
        return base64url.encode(hello_a(room.psk, room.name, self._own)) if room.psk else None

    def accept(
        self, *, role: Role, room: Room, key: str, hello: str | None = None
    ) -> Session | Failure:
        """Take the partner's key, as `matched` brought it, and `a`'s hello if we are `b` of a link.

        A transcript is never used twice: a server that replays a match would otherwise have two
        records sealed under one key and number.
        """
        partner = PublicKey.parse(key)
        if partner is None or partner.point == self._own.point:
            return room.failure
        a, b = (self._own, partner) if role == "a" else (partner, self._own)
        if role == "b" and not _is_hello_of(a, room, hello):
            return room.failure
        shared = agree(self._private_key, partner.point)
        if shared is None:
            return room.failure
        transcript = transcript_hash(room.name, a, b)
        if transcript in self._used:
            return Failure.SEALED_BROKEN
        self._used.add(transcript)
        return Session(
            role=role,
            room=room,
            keys=session_keys(shared, psk=room.psk or _STRANGERS_PSK, transcript=transcript),
            transcript=transcript,
            hello=hello_b(room.psk, room.name, a, b) if room.psk else None,
        )


def _is_hello_of(a: PublicKey, room: Room, hello: str | None) -> bool:
    """Whether `a` proved to hold the link; strangers need not."""
    if room.psk is None:
        return True
    claimed = base64url.decode(hello or "") or b""
    return hmac.compare_digest(claimed, hello_a(room.psk, room.name, a))
