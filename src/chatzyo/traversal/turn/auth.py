"""Who: time-limited credentials (TURN REST), stateless nonces, and every rule of authentication.

RFC 8489 section 9.2. A nonce is checked before the user, so that a stale nonce with a good user
is 438 and not 401, and browsers try again by themselves.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatzyo.traversal.address import Flow
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.errors import Code
from chatzyo.traversal.stun.integrity import Signature
from chatzyo.traversal.stun.message import Message
from chatzyo.traversal.turn.answer import Challenge, Refusal

NONCE_SECONDS: Final = 600
"""RFC 8656 section 5 allows at most an hour."""

CREDENTIAL_SECONDS: Final = 2 * 60 * 60
"""Expiry gates new allocations only; who holds one goes on with the key it was made with."""

RANDOM_BYTES: Final = 12

ALGORITHMS: Final = (PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5)
"""In order of preference. Browsers know MD5 only and do not say so."""

NONCE_COOKIE: Final = "obMatJos2" + base64.b64encode(b"\x80\x00\x00").decode()
"""RFC 8489 section 9.2; feature bit 0, the leftmost, is password algorithms (section 18.1)."""

_EXPIRY_DIGITS: Final = 12
_DIGEST_CHARACTERS: Final = 20
_NONCE_CHARACTERS: Final = len(NONCE_COOKIE) + _EXPIRY_DIGITS + _DIGEST_CHARACTERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a client is given to use the relay."""

    username: str
    password: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A user for as long as an allocation lasts."""

    username: str
    passwords: Sequence[str]
    """one for each secret that is accepted, the newest first; only one of them once verified"""

    @property
    def match(self) -> str:
        """The label of the match; empty for credentials that belong to none."""
        return self.username.partition(".")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Authenticated:
    """A request that is who it says."""

    account: Account
    signature: Signature


def mint(secret: bytes, *, unix_now: float, random: bytes, match: str) -> Credentials:
    """Make the credentials of one of the two people of a match.

    `random` must be 12 fresh random bytes, `match` a random label of base64url characters that
    both people's credentials share and that means nothing elsewhere.
    """
    expiry = int(unix_now) + CREDENTIAL_SECONDS
    name = base64.urlsafe_b64encode(random).decode().rstrip("=")
    username = f"{expiry}:{name}.{match}"
    return Credentials(username=username, password=_password(secret, username))


def _password(secret: bytes, username: str) -> str:
    return base64.b64encode(hmac.digest(secret, username.encode(), hashlib.sha1)).decode()


def long_term_key(algorithm: PasswordAlgorithm, username: str, realm: str, password: str) -> bytes:
    """RFC 8489 sections 18.5.1.1 and 18.5.1.2."""
    text = f"{username}:{realm}:{password}".encode()
    if algorithm is PasswordAlgorithm.SHA_256:
        return hashlib.sha256(text).digest()
    return hashlib.md5(text).digest()  # noqa: S324 - what the RFC prescribes and browsers use


class Authenticator:
    """Checks requests. Nothing is kept about those who fail."""

    def __init__(self, *, realm: str, secrets: Sequence[bytes], boot_key: bytes) -> None:
        """Accept credentials signed with any of `secrets`; `boot_key` must be fresh and random."""
        self._realm = realm
        self._secrets = secrets
        self._boot_key = boot_key

    def authenticate(
        self, request: Message, flow: Flow, known: Account | None, now: float, unix_now: float
    ) -> Authenticated | Refusal:
        """Apply RFC 8489 section 9.2.4. `known` is who made the flow's allocation, if any.

        Raises Malformed when an attribute it needs is.
        """
        if not integrity.is_signed(request):
            return self._refuse(Code.UNAUTHENTICATED, flow, now)
        username = request.first(stun.USERNAME)
        nonce = request.first(stun.NONCE)
        realm = request.first(stun.REALM)
        if realm is None or nonce is None or (username is None and not request.find(stun.USERHASH)):
            return Refusal(code=Code.BAD_REQUEST)
        if not self._is_fresh(nonce, flow, now):
            return self._refuse(Code.STALE_NONCE, flow, now)
        algorithm = _chosen_algorithm(request)
        if algorithm is None:
            return Refusal(code=Code.BAD_REQUEST)
        if username is None or realm != self._realm:
            return self._refuse(Code.UNAUTHENTICATED, flow, now)
        account = (
            known if known and known.username == username else self._account(username, unix_now)
        )
        verified = account and self._verify(request, account, algorithm)
        return verified or self._refuse(Code.UNAUTHENTICATED, flow, now)

    def _verify(
        self, request: Message, account: Account, algorithm: PasswordAlgorithm
    ) -> Authenticated | None:
        for password in account.passwords:
            key = long_term_key(algorithm, account.username, self._realm, password)
            if integrity.verify(request, key):
                return Authenticated(
                    account=Account(username=account.username, passwords=(password,)),
                    signature=Signature(
                        key=key, sha256=bool(request.find(stun.MESSAGE_INTEGRITY_SHA256))
                    ),
                )
        return None

    def _account(self, username: str, unix_now: float) -> Account | None:
        expiry = username.partition(":")[0]
        if not (expiry.isascii() and expiry.isdigit()) or int(expiry[:16]) <= unix_now:
            return None
        passwords = [_password(secret, username) for secret in self._secrets]
        return Account(username=username, passwords=passwords)

    def _refuse(self, code: Code, flow: Flow, now: float) -> Refusal:
        challenge = Challenge(
            realm=self._realm, nonce=self.new_nonce(flow, now), algorithms=ALGORITHMS
        )
        return Refusal(code=code, challenge=challenge)

    def new_nonce(self, flow: Flow, now: float) -> str:
        """A nonce that is only good for this 5-tuple and this process."""
        expiry = f"{int(now) + NONCE_SECONDS:0{_EXPIRY_DIGITS}d}"
        return NONCE_COOKIE + expiry + self._digest(expiry, flow)

    def _is_fresh(self, nonce: str, flow: Flow, now: float) -> bool:
        if len(nonce) != _NONCE_CHARACTERS or not nonce.startswith(NONCE_COOKIE):
            return False
        expiry, claimed = (
            nonce[len(NONCE_COOKIE) : -_DIGEST_CHARACTERS],
            nonce[-_DIGEST_CHARACTERS:],
        )
        expected = self._digest(expiry, flow)
        return hmac.compare_digest(claimed.encode(), expected.encode()) and int(expiry) > now

    def _digest(self, expiry: str, flow: Flow) -> str:
        digest = hmac.digest(self._boot_key, expiry.encode() + flow, hashlib.sha256)
        return base64.b64encode(digest).decode()[:_DIGEST_CHARACTERS]


def _chosen_algorithm(request: Message) -> PasswordAlgorithm | None:
    """None when the choice or the list it is from is not what was offered: a bid-down."""
    algorithm = request.first(stun.PASSWORD_ALGORITHM)
    offered = request.first(stun.PASSWORD_ALGORITHMS)
    if algorithm is None and offered is None:
        return PasswordAlgorithm.MD5
    if offered is None or tuple(offered) != ALGORITHMS or algorithm not in ALGORITHMS:
        return None
    return PasswordAlgorithm(algorithm)
