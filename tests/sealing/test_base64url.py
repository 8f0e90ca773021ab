"""base64url has one spelling per value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.sealing import base64url


@given(st.binary(max_size=200))
def test_all_bytes_survive(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


def test_the_text_fits_into_addresses_and_needs_no_padding() -> None:
    assert base64url.encode(b"\xfb\xff\xfe\x00") == "-__-AA"


@pytest.mark.parametrize("text", ["A", "AB", "AAB", "-_+/", "AA==", "AA\n", " AAAA", "ää"])
def test_a_value_has_one_spelling_only(text: str) -> None:
    assert base64url.decode(text) is None
