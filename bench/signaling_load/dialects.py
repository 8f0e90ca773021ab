"""What each server wants to hear: upgrade request, greeting, wish, relayed message."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

SDP_CHARS: Final = 1200
CANDIDATE_CHARS: Final = 300

BLOBS: Final = ("A" * SDP_CHARS, *(letter * CANDIDATE_CHARS for letter in "BCD"))
"""One description, then three candidates: what one side sends at the start of a call."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """What a visitor must know to write to its partner."""

    mid: str
    partner: str
    """Id of the partner, for servers that address people and not matches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """How two visitors are introduced by a server that does that."""

    find: bytes
    """The wish for a partner."""
    waiting: bytes
    """Beginning of the answer when nobody is there yet."""
    matched: bytes
    """Beginning of the introduction."""
    ended: bytes
    """Beginning of the news that the partner left."""
    match_id: Callable[[bytes], str]
    """Introduction -> id of the match."""
    leave: Callable[[str], bytes]
    """Match id -> text that ends it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How to do the same job on one server."""

    path: Callable[[str], str]
    """Visitor's id -> request target of the WebSocket upgrade."""
    opening: bytes | None
    """Text the client sends as soon as the upgrade is done."""
    greeting: Sequence[tuple[bytes, bytes | None]]
    """Beginnings of the texts the server sends before it is ready, and the client's answers."""
    matching: Matching | None
    """None where people find each other elsewhere and only the relay is offered."""
    signals: Callable[[Match], list[bytes]]
    """The texts that carry BLOBS."""


def _text(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _mid_of(text: bytes) -> str:
    return str(json.loads(text)["mid"])


def _plain_signals(match: Match) -> list[bytes]:
    return [
        _text({"type": "signal", "mid": match.mid, "seq": seq, "blob": blob})
        for seq, blob in enumerate(BLOBS)
    ]


OURS: Final = Dialect(
    path=lambda _id: "/ws",
    opening=_text({"type": "hello", "v": 1}),
    greeting=[(b'{"type":"welcome"', None)],
    matching=Matching(
        find=_text({"type": "find", "mode": "text", "key": "K" * 108}),
        waiting=b'{"type":"waiting"',
        matched=b'{"type":"matched"',
        ended=b'{"type":"ended"',
        match_id=_mid_of,
        leave=lambda mid: _text({"type": "leave", "mid": mid}),
    ),
    signals=_plain_signals,
)

WS: Final = Dialect(
    path=lambda _id: "/",
    opening=None,
    greeting=[(b'{"type":"welcome"', None)],
    matching=Matching(
        find=_text({"type": "find"}),
        waiting=b'{"type":"waiting"',
        matched=b'{"type":"matched"',
        ended=b'{"type":"ended"',
        match_id=_mid_of,
        leave=lambda mid: _text({"type": "leave", "mid": mid}),
    ),
    signals=_plain_signals,
)


def _event(name: str, *arguments: object) -> bytes:
    return b"42" + _text([name, *arguments])


SOCKET_IO: Final = Dialect(
    path=lambda _id: "/socket.io/?EIO=4&transport=websocket",
    opening=None,
    greeting=[(b"0{", b"40"), (b"40{", None)],
    matching=Matching(
        find=_event("find"),
        waiting=b'42["waiting"',
        matched=b'42["matched"',
        ended=b'42["ended"',
        match_id=lambda text: str(json.loads(text[2:])[1]["mid"]),
        leave=lambda _mid: _event("leave"),
    ),
    signals=lambda match: [
        _event("signal", {"mid": match.mid, "seq": seq, "blob": blob})
        for seq, blob in enumerate(BLOBS)
    ],
)


def _peerjs_signals(match: Match) -> list[bytes]:
    connection = {"type": "media", "connectionId": f"mc_{match.mid}"}
    description, *candidates = BLOBS
    offer = {**connection, "sdp": {"type": "offer", "sdp": description}}
    return [
        _text({"type": "OFFER", "payload": offer, "dst": match.partner}),
        *(
            _text(
                {
                    "type": "CANDIDATE",
                    "payload": {**connection, "candidate": {"candidate": candidate}},
                    "dst": match.partner,
                }
            )
            for candidate in candidates
        ),
    ]


PEER_JS: Final = Dialect(
    path=lambda visitor: f"/peerjs?key=peerjs&id={visitor}&token={visitor}&version=1.5.5",
    opening=None,
    greeting=[(b'{"type":"OPEN"', None)],
    matching=None,
    signals=_peerjs_signals,
)
