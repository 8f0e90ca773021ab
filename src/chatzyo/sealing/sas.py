"""The code two people read to each other (a short authentication string), by commit and reveal.

`a` binds itself to a random number before it sees that of `b`, so nobody in the middle can choose
numbers until both codes agree: there is one guess in 2^42 for each call. It runs by itself over
the DataChannel, once per connection, and any step out of order ends the call.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import msgspec

from chatzyo.protocol.messages import Role
from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.keys import HASH_BYTES, digest, hkdf, label, length_prefixed

NONCE_BYTES: Final = 32

CODE_LENGTH: Final = 7
"""Numbers of six bits. 42 bits, because each silently aborted call is one guess."""

EXCHANGE_SECONDS: Final = 9.0
"""Until the reveal; some round trips of a bad mobile link."""

_SAS_BYTES: Final = 6


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="k"):
    """What travels over the DataChannel."""


class _Commitment(_Message, frozen=True, tag="sas1"):
    c: str


class _Answer(_Message, frozen=True, tag="sas2"):
    r: str


class _Reveal(_Message, frozen=True, tag="sas3"):
    r: str


class _Verdict(_Message, frozen=True, tag="sas4"):
    ok: bool


_decoder: Final = msgspec.json.Decoder(_Commitment | _Answer | _Reveal | _Verdict)
_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """What the code vouches for: both certificates' SHA-256, and the transcript of the handshake.

    As this side sees them; whoever sits in the middle makes them differ.
    """

    fp_a: bytes
    fp_b: bytes
    transcript: bytes

    def commit(self, nonce_a: bytes) -> bytes:
        """`C`: binds `a` to its number without showing it."""
        return digest(label("sas-commit"), self.fp_a, self.fp_b, self.transcript, nonce_a)

    def derive(self, nonce_a: bytes, nonce_b: bytes, commitment: bytes) -> bytes:
        """The bytes whose first 42 bits are the code."""
        info = length_prefixed(label("sas"), self.fp_a, self.fp_b, self.transcript, commitment)
        return hkdf(nonce_a + nonce_b, salt=bytes(HASH_BYTES), info=info, length=_SAS_BYTES)


def code_numbers(sas: bytes) -> tuple[int, ...]:
    """Seven numbers from 0 to 63, each the index of an emoji."""
    bits = int.from_bytes(sas) >> (8 * _SAS_BYTES - 6 * CODE_LENGTH)
    return tuple(bits >> 6 * i & 63 for i in reversed(range(CODE_LENGTH)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Say:
    """Send this text over the DataChannel."""

    text: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Show:
    """Show this code to the person."""

    code: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verify:
    """Both people said that the codes match: show the badge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """End the call and say why."""

    failure: Failure


Command = Say | Show | Verify | End


class _Stage(Enum):
    COMMITMENT = auto()
    """`b` waits for the commitment of `a` and has said nothing yet."""
    ANSWER = auto()
    """`a` is bound and waits for the number of `b`."""
    REVEAL = auto()
    """`b` waits to see what `a` was bound to."""
    COMPARISON = auto()
    """The code is shown; people compare, and each may say so once."""
    FAILED = auto()


class CodeExchange:
    """One side of the one exchange of one connection."""

    def __init__(self, *, role: Role, binding: Binding, nonce: bytes, now: float) -> None:
        """Begin as soon as the certificates are checked; `nonce` is 32 fresh random bytes."""
        self._binding = binding
        self._nonce = nonce
        self._commitment = binding.commit(nonce) if role == "a" else b""
        self._deadline: float | None = now + EXCHANGE_SECONDS
        self._has_our_verdict = False
        self._has_their_verdict = False
        self._commands: deque[Command] = deque()
        self._stage = _Stage.COMMITMENT
        if role == "a":
            self._say(_Commitment(c=base64url.encode(self._commitment)))
            self._stage = _Stage.ANSWER

    def handle_message(self, text: bytes) -> None:
        """Take the partner's next step; any other than the one that is due ends the call."""
        try:
            message = _decoder.decode(text)
        except (ValueError, RecursionError):
            message = None
        match self._stage, message:
            case _Stage.COMMITMENT, _Commitment(c=commitment):
                self._answer(_number(commitment))
            case _Stage.ANSWER, _Answer(r=nonce):
                self._reveal(_number(nonce))
            case _Stage.REVEAL, _Reveal(r=nonce):
                self._check(_number(nonce))
            case _Stage.COMPARISON, _Verdict(ok=ok) if not self._has_their_verdict:
                self._has_their_verdict = True
                self._conclude(ok=ok)
            case _:
                self._fail(Failure.CODE_BROKEN)

    def handle_verdict(self, *, ok: bool) -> None:
        """Take what our person pressed; only the first press counts, and only beside a code."""
        if self._stage is _Stage.COMPARISON and not self._has_our_verdict:
            self._has_our_verdict = True
            self._say(_Verdict(ok=ok))
            self._conclude(ok=ok)

    def handle_timeout(self, now: float) -> None:
        """End the call if the partner kept us waiting."""
        if self._deadline is not None and now >= self._deadline:
            self._fail(Failure.CODE_BROKEN)

    def poll_timeout(self) -> float | None:
        """When `handle_timeout` is wanted next, or None."""
        return self._deadline

    def next_command(self) -> Command | None:
        """The next thing to do, in order; None when all is done."""
        return self._commands.popleft() if self._commands else None

    def _answer(self, commitment: bytes | None) -> None:
        if commitment is None:
            self._fail(Failure.CODE_BROKEN)
            return
        self._commitment = commitment
        self._stage = _Stage.REVEAL
        self._say(_Answer(r=base64url.encode(self._nonce)))

    def _reveal(self, nonce_b: bytes | None) -> None:
        if nonce_b is None:
            self._fail(Failure.CODE_BROKEN)
            return
        self._say(_Reveal(r=base64url.encode(self._nonce)))
        self._show(self._nonce, nonce_b)

    def _check(self, nonce_a: bytes | None) -> None:
        if nonce_a is None or self._binding.commit(nonce_a) != self._commitment:
            self._fail(Failure.CODE_BROKEN)
            return
        self._show(nonce_a, self._nonce)

    def _show(self, nonce_a: bytes, nonce_b: bytes) -> None:
        self._stage = _Stage.COMPARISON
        self._deadline = None
        sas = self._binding.derive(nonce_a, nonce_b, self._commitment)
        self._commands.append(Show(code=code_numbers(sas)))

    def _conclude(self, *, ok: bool) -> None:
        if not ok:
            self._fail(Failure.CODE_DIFFERENT)
        elif self._has_our_verdict and self._has_their_verdict:
            self._commands.append(Verify())

    def _say(self, message: _Message) -> None:
        self._commands.append(Say(text=_encoder.encode(message)))

    def _fail(self, failure: Failure) -> None:
        """The first failure is the last command."""
        if self._stage is not _Stage.FAILED:
            self._commands.append(End(failure=failure))
        self._stage = _Stage.FAILED
        self._deadline = None


def _number(text: str) -> bytes | None:
    """A commitment or a random number; None if it has another size or spelling."""
    number = base64url.decode(text)
    return number if number is not None and len(number) == HASH_BYTES else None
