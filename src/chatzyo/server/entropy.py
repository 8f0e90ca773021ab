"""The one module that draws random numbers and reads the clock for the cores."""

import datetime as dt
import secrets
import time
from collections.abc import Iterator
from typing import Final

from chatzyo.signaling.match import MatchId

MATCH_ID_BYTES: Final = 16

clock = time.monotonic

random_bytes = secrets.token_bytes


def unix_now() -> float:
    """Wall-clock time: it may jump, and is only for what other machines must agree on."""
    return dt.datetime.now(dt.UTC).timestamp()


def match_ids() -> Iterator[MatchId]:
    """Unguessable match ids, without end."""
    while True:
        yield MatchId(secrets.token_urlsafe(MATCH_ID_BYTES))


def secret() -> bytes:
    """A fresh key that exists only in this process."""
    return secrets.token_bytes(32)


def spread_ms(seconds: int) -> int:
    """A random delay of up to `seconds`, in milliseconds, so that clients do not return at once."""
    return secrets.randbelow(seconds * 1000 + 1)
