"""Somebody without a browser in the partner's place, who seals and opens by the rules."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from chatzyo.protocol.messages import Role
from chatzyo.sealing.base64url import decode, encode
from chatzyo.sealing.handshake import (
    NONCE_BYTES,
    PublicKey,
    Room,
    Session,
    hello_a,
    hello_b,
    transcript_hash,
)
from chatzyo.sealing.keys import HASH_BYTES, agree, public_point, session_keys
from chatzyo.sealing.records import Record
from tests.attack.server import Message, Visitor, made_up_mid
from tests.sealing.people import going

Payload = dict[str, Any]

_OPPOSITE: Final[dict[Role, Role]] = {"a": "b", "b": "a"}
NOTHING_SHARED: Final = bytes(HASH_BYTES)
"""What strangers have instead of a link."""


class Impostor:
    """Takes the partner's place towards one victim."""

    def __init__(self, victim: Visitor, *, role: Role, psk: bytes | None = None) -> None:
        """`role` is that of the impostor; `psk` what it believes to be the key of the link."""
        self.victim = victim
        self.role = role
        self._private_key = ec.generate_private_key(ec.SECP256R1())
        self._public = PublicKey(
            point=public_point(self._private_key), nonce=secrets.token_bytes(NONCE_BYTES)
        )
        self._mid = made_up_mid()
        self._psk = psk
        self._session = self._agree()

    @classmethod
    async def meet(cls, victim: Visitor, *, role: Role = "b") -> Self:
        """Become the stranger whom the victim is introduced to."""
        impostor = cls(victim, role=role)
        await impostor.introduce()
        return impostor

    @property
    def key(self) -> str:
        return self._public.serialise()

    @property
    def proof(self) -> str:
        """What `join` or `confirm` carries, made with what is known of the link."""
        psk, room = self._psk or NOTHING_SHARED, self._room.name
        a, b = self._sides()
        return encode(hello_a(psk, room, a) if self.role == "a" else hello_b(psk, room, a, b))

    async def introduce(self, *, key: str | None = None, mac: str | None = None) -> None:
        """Tell the victim that its partner is here."""
        role = _OPPOSITE[self.role]
        await self.victim.match(mid=self._mid, role=role, key=key or self.key, mac=mac)

    async def confirm(self, mac: str) -> None:
        await self.victim.send(type="confirm", mid=self._mid, mac=mac)

    def seal(self, payload: Payload) -> Record:
        return self._session.seal(payload)

    async def say(self, payload: Payload) -> None:
        record = self.seal(payload)
        await self.victim.signal(seq=record.seq, blob=record.blob)

    async def say_raw(self, plain: bytes) -> None:
        """Seal what our page would never write, under number 0."""
        cipher = self._session._sealer._cipher
        await self.victim.signal(seq=0, blob=encode(cipher.seal(0, plain)))

    async def hear(self, kind: str) -> Payload:
        """The victim's next payload of this kind, opened."""
        while True:
            message = await self.victim.receive("signal")
            payload = self.open(message)
            if payload["k"] == kind:
                return payload

    def open(self, message: Message) -> Payload:
        record = Record(seq=message["seq"], blob=message["blob"])
        return going(self._session.open(record))

    async def end(self) -> None:
        await self.victim.send(type="ended", mid=self._mid, reason="left")

    @property
    def _room(self) -> Room:
        """That of the victim: on a link the server knows its name, but not its key."""
        name = decode(self.victim.request.get("room", self._mid))
        assert name is not None
        return Room(name=name, psk=self._psk)

    def _sides(self) -> tuple[PublicKey, PublicKey]:
        theirs = PublicKey.parse(self.victim.request["key"])
        assert theirs is not None
        return (self._public, theirs) if self.role == "a" else (theirs, self._public)

    def _agree(self) -> Session:
        """As Handshake.accept does it, but without caring whether the victim proves anything."""
        a, b = self._sides()
        shared = agree(self._private_key, (b if self.role == "a" else a).point)
        assert shared is not None
        transcript = transcript_hash(self._room.name, a, b)
        keys = session_keys(shared, psk=self._psk or NOTHING_SHARED, transcript=transcript)
        return Session(
            role=self.role, room=self._room, keys=keys, transcript=transcript, hello=None
        )


@asynccontextmanager
async def between(one: Impostor, other: Impostor) -> AsyncIterator[None]:
    """Two impostors, back to back, hand on what their victims say: sealed to them, open here."""

    async def hand_on(taker: Impostor, giver: Impostor) -> None:
        async for message in taker.victim.messages():
            if message["type"] == "signal":
                await giver.say(taker.open(message))
            elif message["type"] == "leave":
                await giver.end()

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(hand_on(one, other)),
            group.create_task(hand_on(other, one)),
        ]
        yield
        for task in tasks:
            task.cancel()


def fingerprint(size: int = HASH_BYTES) -> str:
    """Of a certificate nobody has."""
    return encode(secrets.token_bytes(size))


def card(**changes: Any) -> Payload:
    """The card of a browser that does not exist, in a text chat; changed as told."""
    return {
        "v": 1,
        "u": "abcd",
        "p": "abcdefghijklmnopqrstuvwx",
        "f": fingerprint(),
        "c": [candidate()],
        "m": [application()],
        **changes,
    }


def application(**changes: Any) -> Payload:
    return {"kind": "application", "mid": "0", "size": 262144, **changes}


def audio(*, codec: Payload | None = None, **changes: Any) -> Payload:
    """A section for sound, with one codec; both changed as told."""
    opus = {"pt": 111, "name": "opus", "rate": 48000, "channels": 2}
    codecs = [{**opus, "format": "minptime=10", "feedback": ["transport-cc"], **(codec or {})}]
    section = {"kind": "audio", "mid": "0", "codecs": codecs, "extensions": {"mid": 4}}
    return {**section, "ssrcs": [1], **changes}


def candidate(**changes: Any) -> Payload:
    """One that leads nowhere: an address for documentation (RFC 5737)."""
    return {
        "foundation": "1",
        "priority": 2113937151,
        "address": "203.0.113.1",
        "port": 50000,
        "type": "host",
        **changes,
    }
