"""Wishes that fit together, and every way in which they do not (RFC 8656 section 7.2)."""

import pytest

from chatzyo.traversal.address import Family
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.errors import Code
from chatzyo.traversal.stun.message import Builder, Kind, Method, parse
from chatzyo.traversal.turn.allocate import AllocateRequest, granted_lifetime, read
from chatzyo.traversal.turn.answer import Refusal

BOTH = (Family.IPV4, Family.IPV6)


def ask(
    *,
    transport: int | None = 17,
    family: int | None = None,
    additional: int | None = None,
    even: bool | None = None,
    token: bytes | None = None,
    available: tuple[Family, ...] = BOTH,
) -> AllocateRequest | Refusal:
    builder = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12))
    if transport is not None:
        builder.add(stun.REQUESTED_TRANSPORT, transport)
    if family is not None:
        builder.add(stun.REQUESTED_ADDRESS_FAMILY, family)
    if additional is not None:
        builder.add(stun.ADDITIONAL_ADDRESS_FAMILY, additional)
    if even is not None:
        builder.add(stun.EVEN_PORT, even)
    if token is not None:
        builder.add(stun.RESERVATION_TOKEN, token)
    return read(parse(builder.serialise()), available)


def wish(asked: AllocateRequest | Refusal) -> AllocateRequest:
    assert isinstance(asked, AllocateRequest)
    return asked


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (ask(transport=None), Code.BAD_REQUEST),
        (ask(transport=6), Code.UNSUPPORTED_TRANSPORT),
        (ask(token=bytes(8), even=False), Code.BAD_REQUEST),
        (ask(token=bytes(8), family=1), Code.BAD_REQUEST),
        (ask(family=1, additional=2), Code.BAD_REQUEST),
        (ask(additional=1), Code.BAD_REQUEST),
        (ask(additional=2, even=True), Code.BAD_REQUEST),
        (ask(additional=2, token=bytes(8)), Code.BAD_REQUEST),
        (ask(family=3), Code.ADDRESS_FAMILY_NOT_SUPPORTED),
        (ask(family=2, available=(Family.IPV4,)), Code.ADDRESS_FAMILY_NOT_SUPPORTED),
        (ask(available=(Family.IPV6,)), Code.ADDRESS_FAMILY_NOT_SUPPORTED),
        (ask(additional=2, available=()), Code.ADDRESS_FAMILY_NOT_SUPPORTED),
    ],
)
def test_what_cannot_be_is_refused(asked: AllocateRequest | Refusal, code: Code) -> None:
    assert asked == Refusal(code=code)


def test_ipv4_is_given_unless_ipv6_is_asked_for() -> None:
    assert wish(ask()).family is Family.IPV4
    assert wish(ask(family=1)).family is Family.IPV4
    assert wish(ask(family=2)).family is Family.IPV6


def test_a_dual_allocation_gets_the_half_that_can_be_had() -> None:
    both = wish(ask(additional=2))
    assert (both.family, both.additional, both.missing) == (Family.IPV4, Family.IPV6, None)
    lacking = (wish(ask(additional=2, available=(only,))) for only in BOTH)
    assert [(each.family, each.additional, each.missing) for each in lacking] == [
        (Family.IPV4, None, (Family.IPV6, Code.ADDRESS_FAMILY_NOT_SUPPORTED)),
        (Family.IPV6, None, (Family.IPV4, Code.ADDRESS_FAMILY_NOT_SUPPORTED)),
    ]


def test_everything_that_is_held_is_counted() -> None:
    assert [wish(each).count for each in (ask(), ask(additional=2), ask(even=True))] == [1, 2, 2]


def test_even_ports_are_asked_for_with_and_without_a_reservation() -> None:
    assert (wish(ask(even=False)).even, wish(ask(even=False)).reserve) == (True, False)
    assert (wish(ask(even=True)).even, wish(ask(even=True)).reserve) == (True, True)
    assert wish(ask(token=b"12345678")).token == b"12345678"


@pytest.mark.parametrize(
    ("wished", "granted"),
    [(None, 600), (0, 600), (599, 600), (601, 601), (3600, 3600), (9999, 3600)],
)
def test_lifetimes_are_between_ten_minutes_and_an_hour(wished: int | None, granted: int) -> None:
    assert granted_lifetime(wished) == granted
