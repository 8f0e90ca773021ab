"""Close codes are documented and come from the ranges RFC 6455 gives us."""

from chatzyo.protocol.closing import CloseCode


def test_every_code_has_a_meaning_and_a_legal_number() -> None:
    for code in CloseCode:
        assert code.meaning.endswith(".")
        assert code in (1002, 1003, 1009, 1012) or 4000 <= code <= 4999


def test_no_number_has_two_meanings() -> None:
    assert len({int(code) for code in CloseCode}) == len(list(CloseCode))
