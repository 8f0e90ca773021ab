"""The primitives of sealed signaling: labelled, length-prefixed input to SHA-256, HMAC and HKDF.

Every input starts with a label and every field with its length, so that no value made for one
purpose can pass for another. One suite and no negotiation, so no downgrade: ECDH on P-256 (raw
65-byte points), SHA-256, AES-256-GCM. Another suite would be another label prefix.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT_BYTES: Final = 65
HASH_BYTES: Final = 32

_LABEL_PREFIX: Final = b"chatzyo/1 "
_UNCOMPRESSED: Final = 4
"""First byte of a point that carries both of its coordinates (SEC 1 section 2.3.3)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionKeys:
    """What both people hold and nobody else."""

    ab: bytes
    """Seals what `a` sends."""
    ba: bytes
    x: bytes
    """Reserved: derived so that a later use changes nothing else."""


def label(name: str) -> bytes:
    """The label that opens every input made for this purpose."""
    return _LABEL_PREFIX + name.encode()


def length_prefixed(*fields: bytes) -> bytes:
    """The fields, each after its length in two bytes, so that no two lists spell the same."""
    return b"".join(len(field).to_bytes(2) + field for field in fields)


def digest(*fields: bytes) -> bytes:
    """SHA-256 of the fields."""
    return hashlib.sha256(length_prefixed(*fields)).digest()


def mac(key: bytes, *fields: bytes) -> bytes:
    """HMAC-SHA256 of the fields."""
    return hmac.digest(key, length_prefixed(*fields), "sha256")


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def public_point(private_key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key on P-256, as it crosses the wire."""
    public_key = private_key.public_key()
    return public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def agree(private_key: ec.EllipticCurvePrivateKey, point: bytes) -> bytes | None:
    """The x-coordinate that both sides compute; None unless the point is one of P-256."""
    # Before the import: importers take the compressed and some the hybrid form as well.
    if len(point) != POINT_BYTES or point[0] != _UNCOMPRESSED:
        return None
    try:
        public_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return None
    return private_key.exchange(ec.ECDH(), public_key)


def session_keys(shared: bytes, *, psk: bytes, transcript: bytes) -> SessionKeys:
    """The keys of one conversation, from what only its two ends can compute."""
    keys = hkdf(shared + psk, salt=transcript, info=label("keys"), length=96)
    return SessionKeys(ab=keys[:32], ba=keys[32:64], x=keys[64:])
