"""The log: our own sentences, nothing else. stderr is talk, stdout is data.

A record that does not come from `Log` is a message of a library; only its level and logger name
are shown, because its text may carry what a stranger sent. Tracebacks are our own bugs: the frames
and the exception's type are shown, the exception's text is not.
"""

import logging
import traceback
from typing import Final, Literal, TextIO

Event = Literal["origin-refused", "connections-full"]

_REMEDIES: Final[dict[Event, str]] = {
    "origin-refused": "a page of another origin tried to connect; if it is yours, add its origin "
    "to --origins",
    "connections-full": "a visitor was turned away; raise --max-connections if this machine can "
    "carry more",
}

_log: Final = logging.getLogger("chatzyo")


def configure(stream: TextIO) -> None:
    """Send everything to `stream` through one formatter that cannot leak."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def warn(event: Event) -> None:
    """Log an event and what the operator can do about it."""
    _log.warning("%s: %s", event, _REMEDIES[event])


def bug() -> None:
    """Log the exception being handled: where it happened, not what it was about."""
    _log.error("bug", exc_info=True)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        is_ours = record.name == _log.name
        text = record.getMessage() if is_ours else f"message from {record.name}"
        return f"{record.levelname.lower()}: {text}{_frames(record)}"


def _frames(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    kind, _, trace = record.exc_info
    return "\n" + "".join(traceback.format_tb(trace)) + kind.__name__
