"""FINGERPRINT and both message integrities (RFC 8489 sections 14.5 to 14.7).

Each covers the message up to itself, under a header whose length ends with that very attribute.
"""

import hashlib
import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chatzyo.traversal.stun.attributes import (
    FINGERPRINT,
    MESSAGE_INTEGRITY,
    MESSAGE_INTEGRITY_SHA256,
    Attribute,
)
from chatzyo.traversal.stun.errors import Malformed
from chatzyo.traversal.stun.message import ATTRIBUTE_HEADER_BYTES, HEADER_BYTES, Message, Raw

_FINGERPRINT_MASK: Final = 0x5354554E
_FINGERPRINT_BYTES: Final = 4
_SHA1_BYTES: Final = 20
_SHA256_BYTES: Final = 32
_SHORTEST_SHA256_BYTES: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """How an authenticated answer is signed: with the key and the kind the request used."""

    key: bytes
    sha256: bool


def verify(message: Message, key: bytes) -> bool:
    """Whether every integrity attribute fits the key; False when there is none."""
    checks: tuple[tuple[Attribute[bytes], Callable[[Message, Raw, bytes], bool]], ...] = (
        (MESSAGE_INTEGRITY, _fits_sha1),
        (MESSAGE_INTEGRITY_SHA256, _fits_sha256),
    )
    found = [(message.find(attribute), fits) for attribute, fits in checks]
    results = [fits(message, raw, key) for raw, fits in found if raw is not None]
    return bool(results) and all(results)


def is_signed(message: Message) -> bool:
    """Whether there is an integrity attribute, right or wrong."""
    return bool(message.find(MESSAGE_INTEGRITY) or message.find(MESSAGE_INTEGRITY_SHA256))


def fingerprint_fits(message: Message) -> bool:
    """Whether FINGERPRINT is right or absent."""
    raw = message.find(FINGERPRINT)
    if raw is None:
        return True
    try:
        claimed = FINGERPRINT.parse(raw.value, message.transaction)
    except Malformed:
        return False
    return claimed == zlib.crc32(_covered(message, raw)) ^ _FINGERPRINT_MASK


def sign(wire: bytes, signature: Signature) -> bytes:
    """Append the integrity attribute."""
    if signature.sha256:
        attribute, size, hash_function = MESSAGE_INTEGRITY_SHA256, _SHA256_BYTES, hashlib.sha256
    else:
        attribute, size, hash_function = MESSAGE_INTEGRITY, _SHA1_BYTES, hashlib.sha1
    covered = _make_room(wire, size)
    digest = hmac.digest(signature.key, covered, hash_function)
    return covered + _header(attribute.number, size) + digest


def add_fingerprint(wire: bytes) -> bytes:
    """Append FINGERPRINT, the last attribute of a message."""
    covered = _make_room(wire, _FINGERPRINT_BYTES)
    checksum = zlib.crc32(covered) ^ _FINGERPRINT_MASK
    return covered + _header(FINGERPRINT.number, _FINGERPRINT_BYTES) + checksum.to_bytes(4, "big")


def _make_room(wire: bytes, size: int) -> bytes:
    """The message as if an attribute of `size` bytes had been appended: what that one covers."""
    length = len(wire) - HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + size
    return wire[:2] + length.to_bytes(2, "big") + wire[4:]


def _header(number: int, size: int) -> bytes:
    return number.to_bytes(2, "big") + size.to_bytes(2, "big")


def _fits_sha1(message: Message, raw: Raw, key: bytes) -> bool:
    expected = hmac.digest(key, _covered(message, raw), hashlib.sha1)
    return hmac.compare_digest(expected, raw.value)


def _fits_sha256(message: Message, raw: Raw, key: bytes) -> bool:
    """It may be shortened to 16, 20, ... 32 bytes (RFC 8489 section 14.6)."""
    size = len(raw.value)
    if size % 4 or not _SHORTEST_SHA256_BYTES <= size <= _SHA256_BYTES:
        return False
    expected = hmac.digest(key, _covered(message, raw), hashlib.sha256)
    return hmac.compare_digest(expected[:size], raw.value)


def _covered(message: Message, raw: Raw) -> bytes:
    length = raw.offset - HEADER_BYTES + ATTRIBUTE_HEADER_BYTES + len(raw.value)
    return message.wire[:2] + length.to_bytes(2, "big") + message.wire[4 : raw.offset]
