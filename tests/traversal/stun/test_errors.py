"""Codes are the numbers of the RFCs."""

import pytest

from chatzyo.traversal.stun import attributes
from chatzyo.traversal.stun.errors import Code


@pytest.mark.parametrize("code", Code)
def test_a_code_survives_its_two_digits_of_number_and_one_of_class(code: Code) -> None:
    wire = attributes.ERROR_CODE.serialise(code, bytes(12))
    assert attributes.ERROR_CODE.parse(wire, bytes(12)) == code
