"""Failures have the names that the browser shows its words for."""

from chatzyo.sealing.failure import Failure


def test_every_failure_has_its_own_name() -> None:
    assert sorted(failure.value for failure in Failure) == [
        "code-broken",
        "code-different",
        "link-malformed",
        "link-mismatch",
        "sealed-broken",
        "version",
    ]
