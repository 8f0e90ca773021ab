"""Protocol v1: every message between a browser and the server, defined once.

PROTOCOL.md's tables and the browser's types are generated from this module (protocol.document).
The server reads wishes; it never reads what two people send each other: `Signal.blob` is opaque.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw

from chatzyo.protocol import limits

Mode = Literal["video", "voice", "text"]
Role = Literal["a", "b"]
Widened = Literal["nothing", "interests", "languages", "again"]
EndReason = Literal["left", "lost"]
ErrorCode = Literal[
    "unknown-type",
    "invalid-field",
    "already-greeted",
    "already-searching",
    "in-match",
    "not-searching",
    "no-match",
    "too-many-signals",
]

Count = Annotated[int, Meta(ge=0, le=2**31)]
Hub = Annotated[str, Meta(pattern=r"^[a-z0-9-]+\Z", max_length=limits.MAX_HUB_CHARS)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}\Z")]
# Letters, digits and marks of any script: no punctuation, so no links, and no invisible or
# direction-changing characters (the two joiners that Indic scripts need are allowed).
_WORD = r"[^\0-/:-@\[-`{-\xbf\u2000-\u200b\u200e-\u206f\ufeff]+"
Interest = Annotated[
    str,
    Meta(pattern=rf"^{_WORD}(?:[ '-]{_WORD})*\Z", max_length=limits.MAX_INTEREST_CHARS),
]
MatchId = Annotated[str, Meta(min_length=22, max_length=22)]
Sequence = Annotated[int, Meta(ge=0, lt=limits.MAX_SIGNALS_PER_DIRECTION)]


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Base of all messages: strict, immutable, tagged by `type`."""


class Hello(Wire, frozen=True, tag="hello"):
    """Opens the conversation; must be the first message, within the hello deadline."""

    v: Count
    """Protocol version the client speaks: 1. Any other is answered with close code 4004."""


class Find(Wire, frozen=True, tag="find"):
    """Asks for a partner. Valid when neither searching nor in a match."""

    mode: Mode
    """`video`, `voice` or `text`; partners always have the same mode."""
    hub: Hub = "world"
    """The place to search in; partners always are in the same hub."""
    languages: Annotated[tuple[Language, ...], Meta(max_length=limits.MAX_LANGUAGES)] = ()
    """ISO 639 codes; a partner shares at least one, until the search widens. Empty: any."""
    interests: Annotated[tuple[Interest, ...], Meta(max_length=limits.MAX_INTERESTS)] = ()
    """Free tags, letters and digits; a partner shares at least one, until the search widens."""


class Cancel(Wire, frozen=True, tag="cancel"):
    """Stops searching. A `matched` may already be under way: answer that one with `leave`."""


class Signal(Wire, frozen=True, tag="signal"):
    """Carries an opaque blob to the partner of a match; the server forwards and forgets it."""

    mid: MatchId
    """The match this belongs to, exactly as received in `matched`."""
    seq: Sequence
    """Number of this signal in its direction, from 0, without gaps."""
    blob: Raw
    """base64url without padding, at most 15,040 characters, made and read only by browsers."""


class Leave(Wire, frozen=True, tag="leave"):
    """Ends a match for both."""

    mid: MatchId
    """The match to end."""


class Welcome(Wire, frozen=True, tag="welcome"):
    """Answers `hello`: the service is ready for `find`."""

    v: Count
    """Protocol version the server speaks."""
    online: Count
    """People connected now, rounded down to a coarse step; 0 means fewer than 8."""


class Waiting(Wire, frozen=True, tag="waiting"):
    """Answers `find` when nobody suits yet, and again whenever one of its fields changes."""

    waiting: Count
    """People searching in the same hub and mode, as a coarse step; 0 means fewer than 8."""
    estimate: Count | None
    """Seconds until a match, as a coarse step, from the waits of others; null when unknown."""
    widened: Widened
    """What is no longer asked of a partner; `again`: people met before are accepted, too."""


class Matched(Wire, frozen=True, tag="matched"):
    """Two people are introduced. Both receive it; their roles differ."""

    mid: MatchId
    """16 random bytes, base64url; names the match in `signal`, `leave` and `ended`."""
    role: Role
    """`a` waited longer. `a` is ICE-controlling and DTLS client, `b` the opposite."""
    mode: Mode
    """The mode both asked for."""
    languages: tuple[Language, ...]
    """Languages both asked for."""
    interests: tuple[Interest, ...]
    """Interests both asked for."""


class PartnerSignal(Wire, frozen=True, tag="signal"):
    """A blob from the partner, byte for byte as sent."""

    mid: MatchId
    """The match it belongs to."""
    seq: Sequence
    """Number of this signal in its direction."""
    blob: Raw
    """base64url without padding."""


class Ended(Wire, frozen=True, tag="ended"):
    """The match is over for the server; signals for it are answered with `no-match`."""

    mid: MatchId
    """The match that ended."""
    reason: EndReason
    """`left`: the partner pressed Next or Stop. `lost`: the partner's socket closed; a direct
    connection may still be alive and need not be ended."""


class Error(Wire, frozen=True, tag="error", omit_defaults=True):
    """A message was refused and changed nothing. The connection stays open."""

    code: ErrorCode
    """What was wrong."""
    field: str | None = None
    """For `invalid-field`: the protocol's name of the field, when it is known."""


class Restart(Wire, frozen=True, tag="restart"):
    """The server is about to close with 1012. Existing calls go on; come back after the delay."""

    after_ms: Count
    """Milliseconds to wait before connecting again, already spread at random."""


ClientMessage = Hello | Find | Cancel | Signal | Leave
ServerMessage = Welcome | Waiting | Matched | PartnerSignal | Ended | Error | Restart
