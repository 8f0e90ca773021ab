"""The one module that draws random numbers and reads the clock for the cores."""

import secrets
import time
from collections.abc import Iterator
from typing import Final

from chatzyo.signaling.match import MatchId

MATCH_ID_BYTES: Final = 16

clock = time.monotonic


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
