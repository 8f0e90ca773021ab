"""Every frame becomes a message or a refusal; nothing else is ever raised."""

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatzyo.protocol import codec
from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import MAX_BLOB_CHARS, MAX_FRAME_BYTES, MAX_SIGNALS_PER_DIRECTION
from chatzyo.protocol.messages import Error, Find, Hello, Leave, Signal, Welcome

MID = "A" * 22
KEY = "K" * 108
SIGNAL = b'{"type":"signal","mid":"%b","seq":3,"blob":"%b"}'
HEAD = codec.plain_signal_head(MID)


def refusal_of(frame: bytes) -> CloseCode | Error:
    with pytest.raises(codec.Refusal) as caught:
        codec.parse(frame)
    return caught.value.answer


def find(**fields: object) -> bytes:
    return json.dumps({"type": "find", "mode": "text", "key": KEY, **fields}).encode()


def test_every_client_message_is_parsed() -> None:
    assert codec.parse(b'{"type":"hello","v":1}') == Hello(v=1)
    assert codec.parse(find(languages=["ta"], hub="tamil")) == Find(
        mode="text", key=KEY, hub="tamil", languages=("ta",)
    )
    assert codec.parse(b'{"type":"leave","mid":"%b"}' % MID.encode()) == Leave(mid=MID)


def test_a_signal_is_forwarded_with_the_same_blob() -> None:
    frame = SIGNAL % (MID.encode(), b"abc_-9")
    signal = codec.parse(frame)
    assert isinstance(signal, Signal)
    assert codec.forward(signal) == frame


def test_space_between_tokens_and_the_order_of_members_do_not_matter() -> None:
    signal = codec.parse(
        b' { "blob" : "x",\t"seq":3,\n"mid":"%b", "type":"signal" } ' % MID.encode()
    )
    assert isinstance(signal, Signal)
    assert codec.forward(signal) == SIGNAL % (MID.encode(), b"x")


@pytest.mark.parametrize("seq", range(MAX_SIGNALS_PER_DIRECTION))
def test_a_signal_as_browsers_write_it_is_plain(seq: int) -> None:
    for blob in (b"xy", b"-_aZ09" * 50, b"a" * (MAX_BLOB_CHARS - 1)):
        assert codec.is_plain_signal(SIGNAL.replace(b"3", b"%d" % seq) % (MID.encode(), blob), HEAD)


def test_the_signal_of_another_match_is_not_plain() -> None:
    frame = SIGNAL % (MID.encode(), b"abc")
    assert not codec.is_plain_signal(frame, codec.plain_signal_head("B" * 22))


# Whatever can be mistaken for a plain signal comes from one that is changed in a few places.
hostile = st.sampled_from([*(bytes([byte]) for byte in b'aZ9_-0"\\:,{}[] .\n\0\xff'), b'","', b""])
changes = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 3), hostile), max_size=3)


@given(st.integers(-1, 120), st.text("aZ9-_", max_size=20), changes)
@example(10, "a", [(64, 0, b"x")])
@example(3, "abcd", [(66, 0, b'"')])
@example(3, "a" * MAX_BLOB_CHARS, [])
@example(3, "a" * (MAX_BLOB_CHARS + 1), [])
@example(13, "a" * (MAX_BLOB_CHARS + 1), [])
def test_what_is_plain_is_valid_and_what_would_be_forwarded(
    seq: int, blob: str, changes: list[tuple[int, int, bytes]]
) -> None:
    frame = SIGNAL.replace(b"3", b"%d" % seq) % (MID.encode(), blob.encode())
    for place, length, replacement in changes:
        frame = frame[:place] + replacement + frame[place + length :]
    if codec.is_plain_signal(frame, HEAD):
        signal = codec.parse(frame)
        assert isinstance(signal, Signal)
        assert codec.forward(signal) == frame


def test_a_server_message_is_one_json_object() -> None:
    assert codec.serialise(Welcome(v=1, online=8)) == b'{"type":"welcome","v":1,"online":8}'


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"type":"hello","v":NaN}',
        b'{"type":"hello","v":1,"x":Infinity}',
        b'{"type":"hello","v":1,"v":1}',
        b'{"type":"find","mode":"text","hub":{"a":1,"a":2}}',
        b'{"type":"find","mode":"text","hub":"\\ud800"}',
        b'{"type":"hello","v":1}x',
        b'{"type":"find","x":' + b'{"a":' * 2000 + b"1" + b"}" * 2001,
        b"[" * 16_000,
        SIGNAL[:-1] % (MID.encode(), b"abc") + b',"seq":3}',
        '{"type":"hello","v":1}'.encode("utf-16"),
    ],
)
def test_what_is_not_one_strict_json_object_is_malformed(frame: bytes) -> None:
    assert refusal_of(frame) is CloseCode.MALFORMED


@pytest.mark.parametrize("frame", [b"[]", b"1", b'"x"', b"null", b"{}", b'{"type":"y"}'])
def test_json_that_is_no_message_has_an_unknown_type(frame: bytes) -> None:
    assert refusal_of(frame) == Error(code="unknown-type")


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        (find(mode="smell"), "mode"),
        (find(languages=["TA"]), "languages"),
        (find(languages=["ta"] * 6), "languages"),
        (find(interests=["x.example"]), "interests"),
        (find(interests=["a" * 25]), "interests"),
        (find(interests=["a\u202eb"]), "interests"),
        (find(interests=["a "]), "interests"),
        (find(hub="../x"), "hub"),
        (find(surprise=1), None),
        (b'{"type":"find"}', "mode"),
        (find(key="short"), "key"),
        (b'{"type":"hello","v":-1}', "v"),
        (b'{"type":"hello","v":1180591620717411303424}', "v"),
        (b'{"type":"leave","mid":"short"}', "mid"),
        (SIGNAL % (MID.encode(), b""), "blob"),
        (SIGNAL % (MID.encode(), b"a b"), "blob"),
        (SIGNAL % (MID.encode(), b"a.b"), "blob"),
        (SIGNAL % (MID.encode(), b"\\u0061"), "blob"),
        (SIGNAL.replace(b'"%b"}', b"%b}") % (MID.encode(), b"12"), "blob"),
        (SIGNAL % (MID.encode(), b"a" * (MAX_BLOB_CHARS + 1)), "blob"),
        (SIGNAL.replace(b"3", b"64") % (MID.encode(), b"a"), "seq"),
    ],
)
def test_a_wrong_field_is_named(frame: bytes, field: str | None) -> None:
    assert refusal_of(frame) == Error(code="invalid-field", field=field)


def test_interests_in_indic_scripts_are_accepted() -> None:
    message = codec.parse(find(interests=["தமிழ் இசை", "മലയാളം", "rock-n roll"]))
    assert message == Find(mode="text", key=KEY, interests=("தமிழ் இசை", "മലയാളം", "rock-n roll"))


def test_the_largest_blob_and_the_largest_frame_are_accepted() -> None:
    assert isinstance(codec.parse(SIGNAL % (MID.encode(), b"a" * MAX_BLOB_CHARS)), Signal)
    hello = b'{"type":"hello","v":1}'
    assert codec.parse(hello.rjust(MAX_FRAME_BYTES)) == Hello(v=1)
    assert refusal_of(hello.rjust(MAX_FRAME_BYTES + 1)) is CloseCode.TOO_BIG


@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_nothing_but_a_refusal(frame: bytes) -> None:
    refusal_of(frame)


texts = st.text(alphabet='aZ09_-"\\ \u202e\ud800\U0001f600', max_size=6)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
json_values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=3)


@given(
    st.dictionaries(
        st.sampled_from(["mode", "hub", "languages", "interests", "mid", "seq", "blob", "v", "x"]),
        json_values,
    ),
    st.sampled_from(["hello", "find", "cancel", "signal", "leave", "other"]),
)
def test_arbitrary_fields_raise_nothing_but_a_refusal(fields: dict[str, object], kind: str) -> None:
    with contextlib.suppress(codec.Refusal):
        codec.parse(json.dumps({"type": kind, **fields}).encode())
