"""The log shows our own sentences and never a stranger's text."""

import io
import logging

import pytest

from chatzyo.operations import logs

CANARY = "203.0.113.77 வணக்கம்"


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    logs.configure(stream)
    return stream


def test_an_event_is_told_with_its_remedy(log: io.StringIO) -> None:
    logs.warn("origin-refused")
    assert log.getvalue().startswith("warning: origin-refused: a page of another origin")


def test_a_librarys_text_is_not_shown(log: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("from %s", CANARY)
    told = log.getvalue()
    assert told == "warning: message from uvicorn.error\n"


def test_a_bug_is_loud_but_does_not_quote_its_values(log: io.StringIO) -> None:
    try:
        int(CANARY)
    except ValueError:
        logs.bug()
    told = log.getvalue()
    assert "ValueError" in told
    assert "test_logs.py" in told
    assert CANARY not in told
