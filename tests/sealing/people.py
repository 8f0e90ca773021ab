"""Two people with made-up keys, so that every run is the same."""

import hashlib
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ec

from chatzyo.sealing.failure import Failure
from chatzyo.sealing.handshake import NONCE_BYTES, Handshake, Room, Session
from chatzyo.sealing.link import link_room

T = TypeVar("T")

SECRET = bytes(range(16))
LINK = link_room(SECRET)
STRANGERS = Room(name=bytes(16))


def made_up(name: str, size: int) -> bytes:
    """Bytes that look random and follow from the name."""
    return hashlib.shake_256(name.encode()).digest(size)


def private_key(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1())


def handshake(name: str) -> Handshake:
    return Handshake(
        private_key=private_key(made_up(f"{name} private", 32)),
        nonce=made_up(f"{name} nonce", NONCE_BYTES),
    )


def going(outcome: T | Failure | None) -> T:
    """What came out, unless it failed."""
    assert outcome is not None
    assert not isinstance(outcome, Failure)
    return outcome


def meet(room: Room, *, a: str = "a", b: str = "b") -> tuple[Session, Session]:
    """An honest server introduces two people; on a link, `b` has already sent its hello."""
    ours, theirs = handshake(a), handshake(b)
    at_b = going(theirs.accept(role="b", room=room, key=ours.key, hello=ours.hello(room)))
    at_a = going(ours.accept(role="a", room=room, key=theirs.key))
    if at_b.hello:
        assert at_a.handle_hello(at_b.hello) is None
    return at_a, at_b
