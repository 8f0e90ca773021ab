"""Messages: the vectors of the RFC, round trips, and bytes that are none."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.traversal import address
from chatzyo.traversal.address import PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.errors import Malformed
from chatzyo.traversal.stun.message import Builder, Kind, Message, Method, parse
from tests.traversal.stun import vectors

TRANSACTION = bytes(range(12))


def build(method: int = Method.BINDING, kind: Kind = Kind.REQUEST) -> Builder:
    return Builder(method, kind, TRANSACTION)


@pytest.mark.parametrize(
    ("wire", "host"),
    [
        (vectors.IPV4_RESPONSE, "192.0.2.1"),
        (vectors.IPV6_RESPONSE, "2001:db8:1234:5678:11:2233:4455:6677"),
    ],
)
def test_responses_of_the_rfc_name_the_address(wire: bytes, host: str) -> None:
    message = parse(wire)
    mapped = message.first(stun.XOR_MAPPED_ADDRESS)
    assert mapped is not None
    assert address.unpack(mapped) == (host, 32853)
    assert (message.method, message.kind) == (Method.BINDING, Kind.SUCCESS)


def test_padding_may_hold_anything() -> None:
    assert parse(vectors.REQUEST).first(stun.USERNAME) == "evtj:h6vY"


def test_text_is_utf_8() -> None:
    assert parse(vectors.LONG_TERM_REQUEST).first(stun.USERNAME) == vectors.LONG_TERM_USER


@given(st.integers(0, 0xFFF), st.sampled_from(Kind), st.binary(min_size=12, max_size=12))
def test_method_and_class_are_woven_and_come_apart(
    method: int, kind: Kind, transaction: bytes
) -> None:
    message = parse(Builder(method, kind, transaction).serialise())
    assert (message.method, message.kind, message.transaction) == (method, kind, transaction)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=30)), max_size=6))
def test_attributes_keep_their_order_and_repetitions(pairs: list[tuple[int, bytes]]) -> None:
    special = {8, 0x1C, 0x8028}
    pairs = [pair for pair in pairs if pair[0] not in special]
    builder = build()
    for number, value in pairs:
        builder.add(
            stun.Attribute(number=number, parse=lambda v, _: v, serialise=lambda v, _: v), value
        )
    message = parse(builder.serialise())
    assert [(raw.number, raw.value) for raw in message.attributes] == pairs


def test_only_the_first_of_a_kind_counts_unless_all_are_asked_for() -> None:
    peers = [PeerAddress(address.pack("192.0.2.1", port)) for port in (1, 2)]
    builder = build(Method.CREATE_PERMISSION)
    for peer in peers:
        builder.add(stun.XOR_PEER_ADDRESS, peer)
    message = parse(builder.serialise())
    assert message.first(stun.XOR_PEER_ADDRESS) == peers[0]
    assert message.every(stun.XOR_PEER_ADDRESS) == peers
    assert message.first(stun.LIFETIME) is None


def after(*numbers: int) -> Message:
    builder = build()
    for number in numbers:
        size = {8: 20, 0x1C: 32, 0x8028: 4}.get(number, 4)
        builder.add(
            stun.Attribute(number=number, parse=lambda v, _: v, serialise=lambda v, _: v),
            bytes(size),
        )
    return parse(builder.serialise())


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ((8, 0x0D), (8,)),
        ((8, 0x1C, 0x8028), (8, 0x1C, 0x8028)),
        ((8, 0x0D, 0x8028), (8, 0x8028)),
        ((0x1C, 8, 0x8028), (0x1C, 0x8028)),
        ((0x8028, 8, 0x1C, 0x0D), (0x8028,)),
    ],
)
def test_behind_integrity_only_what_may_stand_there_counts(
    sent: tuple[int, ...], counted: tuple[int, ...]
) -> None:
    assert tuple(raw.number for raw in after(*sent).attributes) == counted


def test_unknown_attributes_are_told_once_and_only_if_they_must_be_understood() -> None:
    message = after(0x7F00, 0x0D, 0x7F00, 0x7F01, 0xFF00)
    assert message.not_understood({0x0D}) == [0x7F00, 0x7F01]


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        vectors.REQUEST[:19],
        b"\x40" + vectors.REQUEST[1:],
        vectors.REQUEST[:4] + b"\0\0\0\0" + vectors.REQUEST[8:],
        vectors.REQUEST[:-4],
        vectors.REQUEST + b"\0\0\0\0",
        build().serialise()[:2] + b"\0\1" + build().serialise()[4:] + b"\0",
        build().serialise()[:2] + b"\0\4" + build().serialise()[4:] + b"\0\6\0\1",
    ],
)
def test_what_is_no_message_is_refused(wire: bytes) -> None:
    with pytest.raises(Malformed):
        parse(wire)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        parse(data)


@given(st.binary(max_size=100).filter(lambda body: len(body) % 4 == 0))
def test_no_body_raises_anything_else(body: bytes) -> None:
    head = build().serialise()
    with contextlib.suppress(Malformed):
        parse(head[:2] + len(body).to_bytes(2, "big") + head[4:] + body)
