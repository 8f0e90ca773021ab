"""Answers, written in one place: no handler can forget realm, nonce, integrity or fingerprint."""

from collections.abc import Sequence
from dataclasses import dataclass

from chatzyo.traversal.address import ClientAddress, Family, RelayedAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.errors import Code
from chatzyo.traversal.stun.integrity import Signature, add_fingerprint, sign
from chatzyo.traversal.stun.message import Builder, Kind, Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """What a client needs to authenticate (RFC 8489 section 9.2.4)."""

    realm: str
    nonce: str
    algorithms: Sequence[PasswordAlgorithm]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """The error value of a handler, which is the reply."""

    code: Code
    unknown: Sequence[int] = ()
    challenge: Challenge | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Success:
    """What a request achieved."""

    mapped: ClientAddress | None = None
    relayed: Sequence[RelayedAddress] = ()
    lifetime: int | None = None
    token: bytes | None = None
    missing: tuple[Family, Code] | None = None
    """the half of a dual allocation that could not be had, and why"""


Outcome = Success | Refusal


def encode(request: Message, outcome: Outcome, signature: Signature | None) -> bytes:
    """Write the answer, signed as the request was, with FINGERPRINT if the request had one."""
    if isinstance(outcome, Refusal):
        builder = _refuse(request, outcome)
    else:
        builder = _grant(request, outcome)
    wire = builder.serialise()
    if signature:
        wire = sign(wire, signature)
    return add_fingerprint(wire) if request.find(stun.FINGERPRINT) else wire


def _refuse(request: Message, refusal: Refusal) -> Builder:
    builder = Builder(request.method, Kind.ERROR, request.transaction)
    builder.add(stun.ERROR_CODE, refusal.code)
    if refusal.unknown:
        builder.add(stun.UNKNOWN_ATTRIBUTES, refusal.unknown)
    if challenge := refusal.challenge:
        builder.add(stun.REALM, challenge.realm).add(stun.NONCE, challenge.nonce)
        builder.add(stun.PASSWORD_ALGORITHMS, challenge.algorithms)
    return builder


def _grant(request: Message, success: Success) -> Builder:
    builder = Builder(request.method, Kind.SUCCESS, request.transaction)
    for relayed in success.relayed:
        builder.add(stun.XOR_RELAYED_ADDRESS, relayed)
    if success.lifetime is not None:
        builder.add(stun.LIFETIME, success.lifetime)
    if success.token is not None:
        builder.add(stun.RESERVATION_TOKEN, success.token)
    if success.missing is not None:
        builder.add(stun.ADDRESS_ERROR_CODE, success.missing)
    if success.mapped is not None:
        builder.add(stun.XOR_MAPPED_ADDRESS, success.mapped)
    return builder
