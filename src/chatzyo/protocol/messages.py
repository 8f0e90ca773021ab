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
    "room-full",
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
PublicKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{108}\Z")]
"""A P-256 point (65 bytes) and a nonce (16 bytes), base64url."""
Mac = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
RoomId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
Seat = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
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
    key: PublicKey
    """Fresh for this search: the public half of the key that will seal the signals."""
    hub: Hub = "world"
    """The place to search in; partners always are in the same hub."""
    languages: Annotated[tuple[Language, ...], Meta(max_length=limits.MAX_LANGUAGES)] = ()
    """ISO 639 codes; a partner shares at least one, until the search widens. Empty: any."""
    interests: Annotated[tuple[Interest, ...], Meta(max_length=limits.MAX_INTERESTS)] = ()
    """Free tags, letters and digits; a partner shares at least one, until the search widens."""


class Join(Wire, frozen=True, tag="join"):
    """Takes a seat in a private room and waits there for the other person.

    Sent again after `ended`, with a fresh key, to wait for the other person's return.
    """

    room: RoomId
    """Derived from the secret of the link; the server cannot go back from it to the secret."""
    seat: Seat
    """Random, chosen once per tab: whoever comes back with it gets the same seat."""
    key: PublicKey
    """Fresh for each `join`."""
    mac: Mac
    """Proof of the link's secret over `room` and `key`, checked by the other browser."""


class Cancel(Wire, frozen=True, tag="cancel"):
    """Stops searching, or waiting in a room, and gives the seat up.

    A `matched` may already be under way: answer that one with `leave`.
    """


class Confirm(Wire, frozen=True, tag="confirm"):
    """Role `b` in a private room proves that it has the link's secret as well."""

    mid: MatchId
    """The match this belongs to."""
    mac: Mac
    """Proof over the room and both keys, checked by the other browser."""


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


class Alone(Wire, frozen=True, tag="alone"):
    """Answers `join`: the seat is taken, the other person is not there. Also for a new room."""


class Matched(Wire, frozen=True, tag="matched", omit_defaults=True):
    """Two people are introduced. Both receive it; their roles differ."""

    mid: MatchId
    """16 random bytes, base64url; names the match in `signal`, `leave` and `ended`."""
    role: Role
    """`a` waited longer and is ICE-controlling."""
    mode: Mode
    """The mode both asked for; `video` in a private room, where each may send less."""
    languages: tuple[Language, ...]
    """Languages both asked for."""
    interests: tuple[Interest, ...]
    """Interests both asked for."""
    key: PublicKey
    """The partner's key of `find` or `join`."""
    mac: Mac | None = None
    """In a private room, for role `b`: the partner's proof of `join`."""


class PartnerConfirm(Wire, frozen=True, tag="confirm"):
    """The partner's `confirm`. Role `a` checks it before it opens a signal."""

    mid: MatchId
    """The match it belongs to."""
    mac: Mac
    """The partner's proof."""


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


ClientMessage = Hello | Find | Join | Cancel | Confirm | Signal | Leave
ServerMessage = (
    Welcome | Waiting | Alone | Matched | PartnerConfirm | PartnerSignal | Ended | Error | Restart
)
