"""The short way gives the same bytes as the long one, or nothing."""

from hypothesis import given
from hypothesis import strategies as st

from chatzyo.traversal.address import ClientAddress, flow_of
from chatzyo.traversal.stun.binding import answer_bare
from chatzyo.traversal.stun.message import Builder, Kind, Method, parse
from chatzyo.traversal.turn.answer import Success, encode

REQUEST = Builder(Method.BINDING, Kind.REQUEST, bytes(range(12))).serialise()
FLOW = flow_of(1, ClientAddress(b"\x10\x00\xc0\x00\x02\x01"))


@given(
    st.binary(min_size=6, max_size=6).filter(lambda client: any(client[:2])),
    st.binary(min_size=12, max_size=12),
)
def test_the_answer_is_the_one_of_the_general_path(client: bytes, transaction: bytes) -> None:
    request = Builder(Method.BINDING, Kind.REQUEST, transaction).serialise()
    mapped = ClientAddress(client)
    expected = encode(parse(request), Success(mapped=mapped), None)
    assert answer_bare(flow_of(1, mapped), request) == expected


def test_all_else_is_left_to_the_general_path() -> None:
    assert answer_bare(FLOW, REQUEST + b"\0\0\0\0") is None
    assert answer_bare(FLOW, REQUEST[:-1]) is None
    assert answer_bare(FLOW, b"\x00\x03" + REQUEST[2:]) is None
    assert answer_bare(flow_of(1, ClientAddress(bytes(6))), REQUEST) is None
    assert answer_bare(flow_of(1, ClientAddress(bytes(18))), REQUEST) is None
