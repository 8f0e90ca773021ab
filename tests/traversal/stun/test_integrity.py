"""Integrity and fingerprint: the vectors, round trips, and every flipped bit."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.errors import Malformed
from chatzyo.traversal.stun.integrity import Signature
from chatzyo.traversal.stun.message import Builder, Kind, Method, parse
from chatzyo.traversal.turn.auth import long_term_key
from tests.traversal.stun import vectors

KEY = b"key"
SHORT_TERM_KEY = vectors.SHORT_TERM_PASSWORD.encode()


def long_term(algorithm: stun.PasswordAlgorithm) -> bytes:
    return long_term_key(
        algorithm, vectors.LONG_TERM_USER, vectors.LONG_TERM_REALM, vectors.LONG_TERM_PASSWORD
    )


def unsigned() -> bytes:
    return Builder(Method.REFRESH, Kind.REQUEST, bytes(12)).add(stun.LIFETIME, 600).serialise()


@pytest.mark.parametrize("wire", [vectors.REQUEST, vectors.IPV4_RESPONSE, vectors.IPV6_RESPONSE])
def test_short_term_vectors_fit(wire: bytes) -> None:
    message = parse(wire)
    assert integrity.verify(message, SHORT_TERM_KEY)
    assert integrity.fingerprint_fits(message)


def test_long_term_vectors_fit() -> None:
    md5 = parse(vectors.LONG_TERM_REQUEST)
    assert integrity.verify(md5, long_term(stun.PasswordAlgorithm.MD5))
    sha256 = parse(vectors.SHA256_REQUEST)
    assert integrity.verify(sha256, long_term(stun.PasswordAlgorithm.SHA_256))
    assert not integrity.verify(sha256, long_term(stun.PasswordAlgorithm.MD5))


@given(st.integers(0, len(vectors.REQUEST) * 8 - 1))
def test_no_bit_can_be_flipped(bit: int) -> None:
    changed = bytearray(vectors.REQUEST)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        message = parse(bytes(changed))
    except Malformed:
        return
    assert not (
        integrity.verify(message, SHORT_TERM_KEY)
        and message.find(stun.FINGERPRINT)
        and integrity.fingerprint_fits(message)
    )


@pytest.mark.parametrize("sha256", [False, True])
def test_what_is_signed_verifies_with_this_key_only(*, sha256: bool) -> None:
    wire = integrity.sign(unsigned(), Signature(key=KEY, sha256=sha256))
    message = parse(integrity.add_fingerprint(wire))
    assert integrity.is_signed(message)
    assert integrity.verify(message, KEY)
    assert not integrity.verify(message, b"other")
    assert integrity.fingerprint_fits(message)


def test_both_integrities_must_fit_if_both_are_there() -> None:
    good = integrity.sign(unsigned(), Signature(key=KEY, sha256=False))
    assert integrity.verify(parse(integrity.sign(good, Signature(key=KEY, sha256=True))), KEY)
    mixed = integrity.sign(good, Signature(key=b"other", sha256=True))
    assert not integrity.verify(parse(mixed), KEY)


@pytest.mark.parametrize(
    ("size", "fits"), [(12, False), (16, True), (18, False), (28, True), (36, False)]
)
def test_sha256_may_be_shortened_to_sixteen_bytes(size: int, *, fits: bool) -> None:
    wire = unsigned()
    claimed = len(wire) - 20 + 4 + size
    covered = wire[:2] + claimed.to_bytes(2, "big") + wire[4:]
    digest = (hmac.digest(KEY, covered, "sha256") + bytes(4))[:size]
    total = claimed + -size % 4
    sent = wire[:2] + total.to_bytes(2, "big") + wire[4:]
    sent += b"\0\x1c" + size.to_bytes(2, "big") + digest + bytes(-size % 4)
    assert integrity.verify(parse(sent), KEY) is fits


def test_nothing_is_verified_by_nothing() -> None:
    message = parse(unsigned())
    assert not integrity.is_signed(message)
    assert not integrity.verify(message, KEY)
    assert integrity.fingerprint_fits(message)


def test_a_fingerprint_of_another_size_does_not_fit() -> None:
    wire = unsigned()
    sent = wire[:2] + b"\0\x10" + wire[4:] + b"\x80\x28\0\2\0\0\0\0"
    assert not integrity.fingerprint_fits(parse(sent))
