"""When a quiet connection is pinged, and when it is given up."""

from typing import Literal

from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import (
    HELLO_DEADLINE_SECONDS,
    PING_AFTER_SECONDS,
    SILENCE_LIMIT_SECONDS,
)
from chatzyo.signaling.visitor import Resting, Visitor

Care = Literal["nothing", "ping"] | CloseCode


def care_for(visitor: Visitor, *, connected: float, heard: float, now: float) -> Care:
    """What a connection needs now.

    `connected` and `heard` are the times, in seconds, of its start and of its last frame of any
    kind. Asking several times while it is quiet pings several times; that does no harm.
    """
    if visitor.state is Resting.NEW:
        late = now - connected >= HELLO_DEADLINE_SECONDS
        return CloseCode.HELLO_TIMEOUT if late else "nothing"
    silent = now - heard
    if silent >= SILENCE_LIMIT_SECONDS:
        return CloseCode.SILENT
    return "ping" if silent >= PING_AFTER_SECONDS else "nothing"
