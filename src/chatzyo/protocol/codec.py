"""Text frames to messages and back: strict, size-limited, raising nothing but `Refusal`.

Owns what counts as a well-formed message. Knows nothing of connections or matches.
JSON is RFC 8259; what a lenient parser would let through (duplicate keys, NaN, lone
surrogates, deep nesting) is refused here, so that no two readers ever disagree about a message.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import MAX_BLOB_CHARS, MAX_FRAME_BYTES, MAX_SIGNALS_PER_DIRECTION
from chatzyo.protocol.messages import ClientMessage, Error, ServerMessage, Signal

_decoder: Final = msgspec.json.Decoder(ClientMessage)
_encoder: Final = msgspec.json.Encoder()
_WORD: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_WORD_OR_SPACE: Final = _WORD + b" \t\r\n"
_SIGNAL_SKELETONS: Final = frozenset(
    b"{%b}" % b",".join([b'"":' if field == seq else b'"":""' for field in range(4)])
    for seq in range(4)
)

# A plain signal, part by part: its head, then one of these, then a blob, then the tail.
_SEQ_TO_BLOB: Final = frozenset(b'%d,"blob":"' % seq for seq in range(MAX_SIGNALS_PER_DIRECTION))
_SEQ_AT: Final = len(b'{"type":"signal","mid":"AAAAAAAAAAAAAAAAAAAAAA","seq":')
_HEAD: Final = slice(_SEQ_AT)
_ONE_DIGIT: Final = slice(_SEQ_AT, _SEQ_AT + len(b'0,"blob":"'))
_TWO_DIGITS: Final = slice(_SEQ_AT, _SEQ_AT + len(b'10,"blob":"'))
_TAIL: Final = slice(-len(b'"}'), None)
_PLAIN_SKELETON: Final = b'{"":"","":"","":,"":""}'
_MIN_PLAIN_BYTES: Final = _TWO_DIGITS.stop + len(b'x"}')
_MAX_PLAIN_BYTES: Final = _ONE_DIGIT.stop + MAX_BLOB_CHARS + len(b'"}')

_PATH: Final = re.compile(r" - at `\$\.([a-z_]+)[^`]*`$")
_REQUIRED: Final = re.compile(r"missing required field `([a-z_]+)`$")


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure of ours
    """Why a frame was refused: a close code, or an `Error` to send back."""

    def __init__(self, answer: CloseCode | Error) -> None:
        """Carry the answer; never the offending text."""
        super().__init__()
        self.answer = answer


def parse(frame: bytes) -> ClientMessage:
    """Decode one complete text frame from a client.

    Raises `Refusal` with a close code when the frame is too big or not strict JSON, and with an
    `Error` when it is JSON but not a valid message. Raises nothing else, whatever the bytes.
    """
    if len(frame) > MAX_FRAME_BYTES:
        raise Refusal(CloseCode.TOO_BIG)
    try:
        message: ClientMessage = _decoder.decode(frame)
    except msgspec.ValidationError as error:
        raise Refusal(_explain(frame, str(error))) from None
    except (ValueError, RecursionError):
        raise Refusal(CloseCode.MALFORMED) from None
    if isinstance(message, Signal):
        _check_signal(message, frame)
    else:
        _require_strict_json(frame)
    return message


def serialise(message: ServerMessage) -> bytes:
    """Encode one message of the server as the payload of a text frame."""
    return _encoder.encode(message)


def forward(signal: Signal) -> bytes:
    """Encode the partner's copy of a signal without looking into its blob."""
    return b'{"type":"signal","mid":"%b","seq":%d,"blob":%b}' % (
        signal.mid.encode(),
        signal.seq,
        signal.blob,
    )


def plain_signal_head(mid: str) -> bytes:
    """Return how the plain signals of a match begin, up to the digits of `seq`."""
    return b'{"type":"signal","mid":"%b","seq":' % mid.encode()


def is_plain_signal(frame: bytes, head: bytes) -> bool:
    """Whether a frame is a valid signal that begins with `head`, as `forward` would write it.

    Browsers send nothing else, and who knows the match can pass the very frame on undecoded. False
    says nothing: `parse` tells whether the frame is valid all the same. The skeleton leaves room
    for no punctuation but that of the parts compared before, so all the rest is the blob.
    """
    return (
        frame[_HEAD] == head
        and (frame[_ONE_DIGIT] in _SEQ_TO_BLOB or frame[_TWO_DIGITS] in _SEQ_TO_BLOB)
        and frame[_TAIL] == b'"}'
        and _MIN_PLAIN_BYTES <= len(frame) <= _MAX_PLAIN_BYTES
        and frame.translate(None, _WORD) == _PLAIN_SKELETON
    )


def _check_signal(signal: Signal, frame: bytes) -> None:
    """Refuse what the schema cannot say about a blob, at the cost of one scan.

    Keys and values of a signal are made of base64url characters alone, so without those and the
    space between tokens only its punctuation is left: that of four members, one of them a number,
    and nothing else. A duplicate key, an escape or a wrong character all show as another skeleton.
    """
    if frame.translate(None, _WORD_OR_SPACE) not in _SIGNAL_SKELETONS:
        _require_strict_json(frame)
        raise Refusal(Error(code="invalid-field", field="blob"))
    blob = bytes(signal.blob)
    if b" " in blob or not 1 <= len(blob) - len('""') <= MAX_BLOB_CHARS:
        raise Refusal(Error(code="invalid-field", field="blob"))


def _explain(frame: bytes, reason: str) -> CloseCode | Error:
    """Name the offending field of our own schema, or the syntax error that hides behind it.

    msgspec stops at the first wrong value and quotes the input, so its text is never passed on.
    """
    try:
        _require_strict_json(frame)
    except Refusal as refusal:
        return refusal.answer
    found = _PATH.search(reason) or _REQUIRED.search(reason)
    field = found.group(1) if found else None
    if field == "type" or reason.startswith("Expected `object`"):
        return Error(code="unknown-type")
    return Error(code="invalid-field", field=field)


def _require_strict_json(frame: bytes) -> None:
    """Refuse duplicate keys and non-finite numbers anywhere in the document."""
    try:
        json.loads(frame.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(CloseCode.MALFORMED) from None


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _no_constant(_name: str) -> object:
    raise ValueError
