"""Labels, fields and derivations are those of the protocol, and of the RFCs beneath."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chatzyo.sealing.keys import (
    agree,
    digest,
    hkdf,
    label,
    length_prefixed,
    mac,
    public_point,
    session_keys,
)
from tests.sealing.people import made_up, private_key

OURS, THEIRS = private_key(made_up("ours", 32)), private_key(made_up("theirs", 32))
POINT = public_point(THEIRS)


def test_a_label_names_the_protocol_and_its_version() -> None:
    assert label("sas") == b"chatzyo/1 sas"


def test_fields_that_join_alike_are_told_apart() -> None:
    assert length_prefixed(b"ab", b"c") == b"\0\2ab\0\1c"
    assert length_prefixed(b"a", b"bc") == b"\0\1a\0\2bc"
    assert length_prefixed() == b""


def test_hashes_and_macs_cover_the_length_of_each_field() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert mac(b"key", b"ab", b"c") != mac(b"key", b"a", b"bc")
    assert mac(b"key", b"ab") != mac(b"yek", b"ab")


# RFC 5869 appendix A.1 and A.3
@pytest.mark.parametrize(
    ("salt", "info", "expected"),
    [
        (
            bytes(range(0x0D)),
            bytes(range(0xF0, 0xFA)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            b"",
            b"",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_hkdf_is_that_of_the_rfc(salt: bytes, info: bytes, expected: str) -> None:
    assert hkdf(b"\x0b" * 22, salt=salt, info=info, length=42).hex() == expected


def test_both_sides_agree_on_the_same_secret() -> None:
    shared = agree(OURS, POINT)
    assert shared is not None
    assert len(shared) == 32
    assert shared == agree(THEIRS, public_point(OURS))


@pytest.mark.parametrize(
    "point",
    [
        b"",
        b"\0",
        POINT[1:],
        POINT + b"\0",
        b"\x02" + POINT[1:33],
        b"\x06" + POINT[1:],
        b"\x04" + bytes(64),
        POINT[:-1] + bytes([POINT[-1] ^ 1]),
        public_point(ec.derive_private_key(7, ec.SECP256K1())),
    ],
    ids=["empty", "infinity", "63", "66", "compressed", "hybrid", "zero", "off", "other curve"],
)
def test_what_is_no_point_of_the_curve_is_refused(point: bytes) -> None:
    assert agree(OURS, point) is None


def test_each_direction_has_its_own_key() -> None:
    keys = session_keys(bytes(32), psk=bytes(32), transcript=bytes(32))
    assert len({keys.ab, keys.ba, keys.x}) == 3
    assert {len(keys.ab), len(keys.ba), len(keys.x)} == {32}


def test_keys_follow_from_everything_that_both_share() -> None:
    one = bytes(31) + b"\1"
    base = session_keys(bytes(32), psk=bytes(32), transcript=bytes(32))
    assert session_keys(one, psk=bytes(32), transcript=bytes(32)) != base
    assert session_keys(bytes(32), psk=one, transcript=bytes(32)) != base
    assert session_keys(bytes(32), psk=bytes(32), transcript=one) != base
