"""Two browsers agree on keys through a server that may lie about everything."""

import pytest

from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.handshake import (
    Handshake,
    PublicKey,
    Room,
    hello_a,
    hello_b,
    transcript_hash,
)
from chatzyo.sealing.keys import public_point
from chatzyo.sealing.link import link_room
from chatzyo.sealing.records import Record, serialise_payload
from tests.sealing.people import LINK, SECRET, STRANGERS, going, handshake, meet, private_key

BYE: dict[str, object] = {"k": "bye"}
ROOMS = pytest.mark.parametrize("room", [LINK, STRANGERS], ids=["link", "strangers"])


def key_with(point: bytes) -> str:
    return base64url.encode(point + bytes(16))


@ROOMS
def test_both_hear_each_other(room: Room) -> None:
    a, b = meet(room)
    for _ in range(3):
        assert b.open(a.seal(BYE)) == BYE
        assert a.open(b.seal(BYE)) == BYE
    assert a.transcript == b.transcript


def test_only_b_of_a_link_sends_a_hello() -> None:
    assert [session.hello is not None for session in meet(LINK)] == [False, True]
    assert [session.hello is not None for session in meet(STRANGERS)] == [False, False]
    assert handshake("a").hello(STRANGERS) is None


def test_the_values_are_those_of_the_protocol() -> None:
    ours = Handshake(private_key=private_key(b"\x11\x11"), nonce=b"\xaa" * 16)
    theirs = Handshake(private_key=private_key(b"\x22\x22"), nonce=b"\xbb" * 16)
    a, b = going(PublicKey.parse(ours.key)), going(PublicKey.parse(theirs.key))
    psk = LINK.psk or b""
    assert [
        base64url.encode(value)
        for value in (
            hello_a(psk, LINK.name, a),
            hello_b(psk, LINK.name, a, b),
            transcript_hash(LINK.name, a, b),
        )
    ] == [
        "x46zCZQKf7guUb5h8V19-dkmI0ZJfF81vQzdRWq2XOs",
        "UhBBFmXOGqRly5xqon9Q4lyaMxcKqJu0f6v4Uvvmvc4",
        "vhaetYqsiEIsF2FqtVJLGP38hSbzdfCY8zBB3J5acbE",
    ]
    session = going(theirs.accept(role="b", room=LINK, key=ours.key, hello=ours.hello(LINK)))
    assert session.hello == "UhBBFmXOGqRly5xqon9Q4lyaMxcKqJu0f6v4Uvvmvc4"


@ROOMS
@pytest.mark.parametrize(
    "key",
    [
        "",
        "AAAA",
        "not base64url!",
        key_with(b"\x04" + bytes(64)),
        key_with(b"\x02" + public_point(private_key(b"\x22"))[1:33]),
        key_with(b"\x06" + public_point(private_key(b"\x22"))[1:]),
        handshake("b").key + "AA",
    ],
)
def test_what_is_no_key_is_refused(room: Room, key: str) -> None:
    assert handshake("a").accept(role="a", room=room, key=key) is room.failure


@ROOMS
def test_our_own_key_is_refused(room: Room) -> None:
    ours = handshake("a")
    reflected = ours.accept(role="b", room=room, key=ours.key, hello=ours.hello(room))
    assert reflected is room.failure
    point = going(PublicKey.parse(ours.key)).point
    assert ours.accept(role="a", room=room, key=key_with(point)) is room.failure


def test_a_wrong_key_on_a_link_is_told_from_one_between_strangers() -> None:
    assert LINK.failure is Failure.LINK_MISMATCH
    assert STRANGERS.failure is Failure.SEALED_BROKEN


@pytest.mark.parametrize(
    "hello", ["missing", "no base64url!", "cut", "of b", "room", "link", "old"]
)
def test_b_refuses_whoever_does_not_prove_to_hold_the_link(hello: str) -> None:
    ours, theirs = handshake("a"), handshake("b")
    earlier = handshake("a on an earlier visit")
    other_room = Room(name=bytes(16), psk=LINK.psk)
    wrong = {
        "missing": None,
        "no base64url!": hello,
        "cut": (ours.hello(LINK) or "")[:40],
        "of b": theirs.hello(LINK),
        "room": ours.hello(other_room),
        "link": ours.hello(link_room(SECRET[::-1])),
        "old": earlier.hello(LINK),
    }[hello]
    outcome = theirs.accept(role="b", room=LINK, key=ours.key, hello=wrong)
    assert outcome is Failure.LINK_MISMATCH


@pytest.mark.parametrize("hello", ["", "no base64url!", "cut", "of a", "old"])
def test_a_refuses_whoever_does_not_prove_to_hold_the_link(hello: str) -> None:
    ours, theirs = handshake("a"), handshake("b")
    _, earlier = meet(LINK, a="a on an earlier visit")
    at_b = going(theirs.accept(role="b", room=LINK, key=ours.key, hello=ours.hello(LINK)))
    at_a = going(ours.accept(role="a", room=LINK, key=theirs.key))
    wrong = {"cut": (at_b.hello or "")[:40], "of a": ours.hello(LINK), "old": earlier.hello}
    assert at_a.handle_hello(wrong.get(hello, hello) or "") is Failure.LINK_MISMATCH
    assert at_a.open(at_b.seal(BYE)) is Failure.LINK_MISMATCH


def test_a_opens_nothing_before_the_hello() -> None:
    ours, theirs = handshake("a"), handshake("b")
    at_b = going(theirs.accept(role="b", room=LINK, key=ours.key, hello=ours.hello(LINK)))
    at_a = going(ours.accept(role="a", room=LINK, key=theirs.key))
    assert at_a.open(at_b.seal(BYE)) is Failure.LINK_MISMATCH
    assert at_a.handle_hello(at_b.hello or "") is Failure.LINK_MISMATCH


@ROOMS
def test_a_hello_that_nobody_waits_for_ends_the_conversation(room: Room) -> None:
    a, b = meet(room)
    unexpected = base64url.encode(bytes(32))
    assert b.handle_hello(unexpected) is room.failure
    assert b.open(a.seal(BYE)) is room.failure


def test_a_server_that_swaps_the_key_on_a_link_is_found() -> None:
    ours, server = handshake("a"), handshake("server")
    at_a = going(ours.accept(role="a", room=LINK, key=server.key))
    guess = going(server.accept(role="b", room=STRANGERS, key=ours.key))
    assert guess.hello is None
    assert at_a.handle_hello(base64url.encode(bytes(32))) is Failure.LINK_MISMATCH


def test_people_with_different_links_never_understand_each_other() -> None:
    ours, theirs = handshake("a"), handshake("b")
    same_room = Room(name=LINK.name, psk=bytes(range(32)))
    at_a = going(ours.accept(role="a", room=Room(name=LINK.name), key=theirs.key))
    at_b = going(theirs.accept(role="b", room=Room(name=bytes(16)), key=ours.key))
    assert at_a.open(at_b.seal(BYE)) is Failure.SEALED_BROKEN
    refused = theirs.accept(role="b", room=LINK, key=ours.key, hello=ours.hello(same_room))
    assert refused is Failure.LINK_MISMATCH


def test_two_who_are_told_the_same_role_never_understand_each_other() -> None:
    ours, theirs = handshake("a"), handshake("b")
    one = going(ours.accept(role="a", room=STRANGERS, key=theirs.key))
    other = going(theirs.accept(role="a", room=STRANGERS, key=ours.key))
    assert one.transcript != other.transcript
    assert one.open(other.seal(BYE)) is Failure.SEALED_BROKEN


def test_a_match_that_the_server_replays_is_refused() -> None:
    ours, theirs = handshake("a"), handshake("b")
    going(ours.accept(role="a", room=STRANGERS, key=theirs.key))
    again = ours.accept(role="a", room=STRANGERS, key=theirs.key)
    assert again is Failure.SEALED_BROKEN
    going(ours.accept(role="a", room=Room(name=b"another match id"), key=theirs.key))
    going(ours.accept(role="b", room=STRANGERS, key=theirs.key))


def test_a_broken_record_ends_the_conversation() -> None:
    a, b = meet(STRANGERS)
    assert b.open(Record(seq=0, blob="AAAA")) is Failure.SEALED_BROKEN
    assert b.open(a.seal(BYE)) is Failure.SEALED_BROKEN


def test_a_record_sent_back_is_refused() -> None:
    a, _ = meet(STRANGERS)
    assert a.open(a.seal(BYE)) is Failure.SEALED_BROKEN


def test_the_padding_reaches_the_wire() -> None:
    a, _ = meet(STRANGERS)
    assert len(base64url.decode(a.seal(BYE).blob) or b"") == len(serialise_payload(BYE)) + 16
