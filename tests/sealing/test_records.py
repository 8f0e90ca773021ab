"""Records hide and bind what they carry; whatever is not the next one is dropped or refused."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.protocol.limits import MAX_BLOB_CHARS, MAX_SIGNALS_PER_DIRECTION
from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.records import (
    BLOCK_BYTES,
    MAX_DEPTH,
    MAX_PLAIN_BYTES,
    Cipher,
    Direction,
    Opener,
    Record,
    Sealer,
    pad,
    parse_payload,
    serialise_payload,
)

BYE: dict[str, object] = {"k": "bye"}


def cipher(*, key: bytes = b"k" * 32, room: bytes = b"room", direction: Direction = "ab") -> Cipher:
    return Cipher(key=key, room=room, direction=direction)


def sealed(plain: bytes, seq: int = 0) -> Record:
    return Record(seq=seq, blob=base64url.encode(cipher().seal(seq, plain)))


def opened(record: Record) -> object:
    return Opener(cipher()).open(record)


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data) ^ 1 << bit).to_bytes(len(data))


def nested(depth: int) -> object:
    return [nested(depth - 1)] if depth > 1 else []


def test_what_was_sealed_is_opened_in_order() -> None:
    sealer, opener = Sealer(cipher()), Opener(cipher())
    for seq in range(3):
        record = sealer.seal({"k": "card", "n": seq})
        assert record.seq == seq
        assert opener.open(record) == {"k": "card", "n": seq}


def test_a_record_sent_again_is_dropped_unopened() -> None:
    sealer, opener = Sealer(cipher()), Opener(cipher())
    opener.open(sealer.seal(BYE))
    assert opener.open(Record(seq=0, blob="anything")) is None
    assert opener.open(sealer.seal(BYE)) == BYE


@pytest.mark.parametrize("seq", [2, 64, 2**64 - 1, -1])
def test_a_gap_in_the_numbers_is_a_failure(seq: int) -> None:
    sealer, opener = Sealer(cipher()), Opener(cipher())
    opener.open(sealer.seal(BYE))
    assert opener.open(Record(seq=seq, blob=sealer.seal(BYE).blob)) is Failure.SEALED_BROKEN


def test_the_first_failure_is_final() -> None:
    opener, good = Opener(cipher()), sealed(serialise_payload(BYE))
    assert opener.open(Record(seq=0, blob="bad!")) is Failure.SEALED_BROKEN
    assert opener.open(good) is Failure.SEALED_BROKEN


def test_as_many_records_pass_as_the_server_forwards() -> None:
    sealer, opener = Sealer(cipher()), Opener(cipher())
    for _ in range(MAX_SIGNALS_PER_DIRECTION):
        assert opener.open(sealer.seal(BYE)) == BYE
    with pytest.raises(ValueError, match="no more records"):
        sealer.seal(BYE)
    one_more = sealed(serialise_payload(BYE), MAX_SIGNALS_PER_DIRECTION)
    assert opener.open(one_more) is Failure.SEALED_BROKEN


@pytest.mark.parametrize(
    "other",
    [cipher(key=b"x" * 32), cipher(room=b"moor"), cipher(direction="ba")],
    ids=["key", "room", "direction"],
)
def test_a_record_of_another_conversation_is_refused(other: Cipher) -> None:
    assert Opener(cipher()).open(Sealer(other).seal(BYE)) is Failure.SEALED_BROKEN


def test_a_record_under_another_number_is_refused() -> None:
    later = cipher().seal(1, serialise_payload(BYE))
    assert opened(Record(seq=0, blob=base64url.encode(later))) is Failure.SEALED_BROKEN


@given(bit=st.integers(0, 8 * (BLOCK_BYTES + 16) - 1))
def test_a_flipped_bit_is_refused(bit: int) -> None:
    data = flipped(cipher().seal(0, serialise_payload(BYE)), bit)
    assert opened(Record(seq=0, blob=base64url.encode(data))) is Failure.SEALED_BROKEN


@given(st.binary(max_size=2000))
def test_no_bytes_raise_anything(data: bytes) -> None:
    assert opened(Record(seq=0, blob=base64url.encode(data))) is Failure.SEALED_BROKEN
    assert opened(sealed(data)) is Failure.SEALED_BROKEN


def test_the_server_learns_sizes_in_steps_of_a_kilobyte() -> None:
    sizes = {len(base64url.decode(sealed(pad(b"x" * n)).blob) or b"") for n in (1, 1000, 1024)}
    assert sizes == {BLOCK_BYTES + 16}
    assert [len(pad(b"x" * n)) for n in (0, 1025, 2048, 2049)] == [0, 2048, 2048, 3072]


def test_the_largest_payload_fits_into_the_longest_blob() -> None:
    room_left = MAX_PLAIN_BYTES - len('{"k":"card","t":""}')
    record = Sealer(cipher()).seal({"k": "card", "t": "x" * room_left})
    assert len(record.blob) == MAX_BLOB_CHARS
    assert isinstance(opened(record), dict)
    with pytest.raises(ValueError, match="no blob"):
        serialise_payload({"k": "card", "t": "x" * (room_left + 1)})
    too_long = pad(json.dumps({"k": "x" * MAX_PLAIN_BYTES}, separators=(",", ":")).encode())
    assert opened(sealed(too_long)) is Failure.SEALED_BROKEN


def test_a_payload_is_padded_json_in_any_script() -> None:
    payload: dict[str, object] = {"k": "card", "nick": "வணக்கம் 🙂", "n": [1, True, None]}
    plain = serialise_payload(payload)
    assert len(plain) == BLOCK_BYTES
    assert plain.rstrip(b" ") == '{"k":"card","nick":"வணக்கம் 🙂","n":[1,true,null]}'.encode()
    assert parse_payload(plain) == payload


def test_a_payload_nests_as_deep_as_a_card_and_no_deeper() -> None:
    deepest = {"k": "card", "m": nested(MAX_DEPTH - 1)}
    assert parse_payload(serialise_payload(deepest)) == deepest
    too_deep = {"k": "card", "m": {"x": nested(MAX_DEPTH - 1)}}
    assert parse_payload(serialise_payload(too_deep)) is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b'"card"',
        b"{}",
        b'{"k":1}',
        b'{"K":"bye"}',
        b'{"k":"bye"',
        b'{"k":"bye"}{}',
        b'{"k":"bye","k":"bye"}',
        b'{"k": "bye"}',
        b' {"k":"bye"}',
        b'{"k":"bye"}\n',
        b'{"k":"b\\u0079e"}',
        b'{"k":"bye","n":NaN}',
        b'{"k":"bye","n":-Infinity}',
        b'{"k":"bye","n":1e400}',
        b'{"k":"bye","n":01}',
        b'{"k":"bye","s":"\\ud800"}',
        b'{"k":"bye","s":"\xff"}',
        b'{"k":"bye","s":"\xed\xa0\x80"}',
        b"\xef\xbb\xbf" + b'{"k":"bye"}',
        '{"k":"bye"}'.encode("utf-16-le"),
        b"[" * 1024,
        b'{"k":"bye"}' + b"\0",
    ],
)
def test_a_payload_has_one_spelling_only(text: bytes) -> None:
    assert parse_payload(pad(text)) is None


@pytest.mark.parametrize("cut", [lambda plain: plain[:-1], lambda plain: plain + b" "])
def test_a_payload_fills_its_blocks(cut: Callable[[bytes], bytes]) -> None:
    assert parse_payload(cut(serialise_payload(BYE))) is None
