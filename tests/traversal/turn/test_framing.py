"""Streams are cut where messages end, wherever the network cut them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.traversal.stun.errors import Malformed
from chatzyo.traversal.stun.message import Builder, Kind, Method
from chatzyo.traversal.turn.framing import LARGEST_FRAME, Deframer, padding
from tests.traversal.stun import vectors


def channel(data: bytes) -> bytes:
    return b"\x40\x01" + len(data).to_bytes(2, "big") + data


FRAMES = [
    Builder(Method.BINDING, Kind.REQUEST, bytes(12)).serialise(),
    channel(b"odd"),
    vectors.REQUEST,
    channel(b""),
    channel(b"even"),
]
STREAM = b"".join(frame + padding(len(frame)) for frame in FRAMES)


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_it_does_not_matter_where_a_stream_is_split(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    deframer = Deframer()
    found = [frame for start, end in pairwise(places) for frame in deframer.feed(STREAM[start:end])]
    assert found == FRAMES


def test_byte_by_byte_gives_the_same() -> None:
    deframer = Deframer()
    assert [frame for byte in STREAM for frame in deframer.feed(bytes((byte,)))] == FRAMES


@pytest.mark.parametrize(
    "first", [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01", channel(b"early"), b"\0\1\0\0cook", b"\1"]
)
def test_a_stream_must_begin_with_a_stun_request(first: bytes) -> None:
    with pytest.raises(Malformed):
        list(Deframer().feed(first))


@pytest.mark.parametrize("later", [b"\x80\0\0\0", b"\x3f\0\0\0", b"\0\1\0\3", b"\x04\0\0\0"])
def test_what_is_no_message_ends_the_stream(later: bytes) -> None:
    deframer = Deframer()
    assert list(deframer.feed(FRAMES[0])) == FRAMES[:1]
    with pytest.raises(Malformed):
        list(deframer.feed(later))


def test_a_frame_at_the_limit_passes_and_one_beyond_ends_the_stream() -> None:
    deframer = Deframer()
    largest = channel(bytes(LARGEST_FRAME - 4))
    assert list(deframer.feed(FRAMES[0] + largest)) == [FRAMES[0], largest]
    with pytest.raises(Malformed):
        list(deframer.feed(channel(bytes(LARGEST_FRAME - 3))))
