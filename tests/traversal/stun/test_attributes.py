"""Every attribute reads what it writes and refuses what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.attributes import Attribute, Value
from chatzyo.traversal.stun.errors import Malformed

TRANSACTION = bytes(range(12))
EVERY = [each for each in vars(stun).values() if isinstance(each, Attribute)]


def round_trip(attribute: Attribute[Value], value: Value) -> Value:
    return attribute.parse(attribute.serialise(value, TRANSACTION), TRANSACTION)


def test_no_two_attributes_share_a_number() -> None:
    assert len({each.number for each in EVERY}) == len(EVERY)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_addresses_are_masked_and_come_back(host: str) -> None:
    peer = PeerAddress(address.pack(host, 32853))
    assert round_trip(stun.XOR_PEER_ADDRESS, peer) == peer
    assert stun.XOR_PEER_ADDRESS.serialise(peer, TRANSACTION).find(peer) == -1


def test_the_mask_of_ipv6_depends_on_the_transaction() -> None:
    client = ClientAddress(address.pack("2001:db8::1", 1))
    written = stun.XOR_MAPPED_ADDRESS.serialise(client, TRANSACTION)
    assert written != stun.XOR_MAPPED_ADDRESS.serialise(client, bytes(12))


@given(st.text(max_size=100))
def test_texts_come_back(text: str) -> None:
    assert round_trip(stun.USERNAME, text) == text


@given(st.integers(0, 0xFFFF), st.booleans(), st.lists(st.integers(0, 0xFFFF), max_size=5))
def test_numbers_flags_and_lists_come_back(number: int, flag: bool, numbers: list[int]) -> None:  # noqa: FBT001
    assert round_trip(stun.CHANNEL_NUMBER, number) == number
    assert round_trip(stun.LIFETIME, number) == number
    assert round_trip(stun.EVEN_PORT, flag) is flag
    assert round_trip(stun.UNKNOWN_ATTRIBUTES, numbers) == numbers
    assert round_trip(stun.PASSWORD_ALGORITHMS, numbers) == numbers
    assert round_trip(stun.PASSWORD_ALGORITHM, number) == number


def test_a_missing_half_names_its_family_and_the_reason() -> None:
    assert round_trip(stun.ADDRESS_ERROR_CODE, (2, 440)) == (2, 440)
    assert round_trip(stun.ERROR_CODE, 486) == 486


def test_bytes_come_back() -> None:
    assert round_trip(stun.DATA, b"anything") == b"anything"
    assert round_trip(stun.RESERVATION_TOKEN, b"12345678") == b"12345678"


def test_parameters_of_an_algorithm_are_skipped() -> None:
    assert stun.PASSWORD_ALGORITHM.parse(b"\0\2\0\1x\0\0\0", TRANSACTION) == 2


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (stun.XOR_PEER_ADDRESS, b"\0\1\0\0\0\0\0"),
        (stun.XOR_PEER_ADDRESS, b"\0\2\0\0\0\0\0\0"),
        (stun.XOR_PEER_ADDRESS, b"\0\1" + bytes(18)),
        (stun.USERNAME, b"x" * (stun.MAX_USERNAME_BYTES + 1)),
        (stun.REALM, b"\xff"),
        (stun.RESERVATION_TOKEN, b"short"),
        (stun.LIFETIME, b"\0\0\0"),
        (stun.CHANNEL_NUMBER, b"\x40\0"),
        (stun.EVEN_PORT, b""),
        (stun.ERROR_CODE, b"\0\0\4"),
        (stun.ERROR_CODE, b"\0\0\4\x64"),
        (stun.ADDRESS_ERROR_CODE, b""),
        (stun.UNKNOWN_ATTRIBUTES, b"\0"),
        (stun.PASSWORD_ALGORITHM, b"\0\1\0"),
        (stun.PASSWORD_ALGORITHM, b"\0\1\0\1"),
        (stun.PASSWORD_ALGORITHMS, b"\0\1\0\0\0"),
    ],
)
def test_what_is_no_value_is_refused(attribute: Attribute[object], value: bytes) -> None:
    with pytest.raises(Malformed):
        attribute.parse(value, TRANSACTION)


def test_the_longest_texts_are_accepted() -> None:
    stun.USERNAME.parse(b"x" * stun.MAX_USERNAME_BYTES, TRANSACTION)
    stun.NONCE.parse(b"x" * stun.MAX_TEXT_BYTES, TRANSACTION)


@given(st.sampled_from(EVERY), st.binary(max_size=80))
def test_no_bytes_raise_anything_else(attribute: Attribute[object], value: bytes) -> None:
    try:
        attribute.parse(value, TRANSACTION)
    except Malformed:
        return
