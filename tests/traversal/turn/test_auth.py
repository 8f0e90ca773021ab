"""Who is let in, and in which order one is told what is wrong (RFC 8489 section 9.2.4)."""

import base64
import hashlib
import hmac

import pytest

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Flow
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.errors import Code
from chatzyo.traversal.stun.integrity import Signature
from chatzyo.traversal.stun.message import Builder, Kind, Message, Method, parse
from chatzyo.traversal.turn.answer import Refusal
from chatzyo.traversal.turn.auth import (
    CREDENTIAL_SECONDS,
    NONCE_COOKIE,
    NONCE_SECONDS,
    Account,
    Authenticated,
    Authenticator,
    Credentials,
    long_term_key,
    mint,
)

OLD, NEW = b"old secret", b"new secret"
REALM = "relay"
NOW, UNIX = 50.0, 1_000_000.0
FLOW = address.flow_of(1, ClientAddress(address.pack("198.51.100.7", 4000)))
OTHER = address.flow_of(1, ClientAddress(address.pack("198.51.100.7", 4001)))
GATE = Authenticator(realm=REALM, secrets=[NEW, OLD], boot_key=b"boot")
MINE = mint(NEW, unix_now=UNIX, random=b"x" * 12, match="label")
NAMELESS = Credentials(username="", password="")
BOTH = (PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5)


def request(
    credentials: Credentials = MINE,
    *,
    nonce: str | None = "",
    realm: str | None = REALM,
    algorithm: int | None = None,
    offered: tuple[int, ...] | None = None,
    sha256: bool = False,
) -> Message:
    builder = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12))
    if credentials is not NAMELESS:
        builder.add(stun.USERNAME, credentials.username)
    if realm is not None:
        builder.add(stun.REALM, realm)
    if nonce is not None:
        builder.add(stun.NONCE, nonce or GATE.new_nonce(FLOW, NOW))
    if algorithm is not None:
        builder.add(stun.PASSWORD_ALGORITHM, algorithm)
    if offered is not None:
        builder.add(stun.PASSWORD_ALGORITHMS, offered)
    kind = PasswordAlgorithm.SHA_256 if algorithm == 2 else PasswordAlgorithm.MD5
    key = long_term_key(kind, credentials.username, REALM, credentials.password)
    return parse(integrity.sign(builder.serialise(), Signature(key=key, sha256=sha256)))


def judge(
    asked: Message,
    known: Account | None = None,
    *,
    now: float = NOW,
    flow: Flow = FLOW,
    unix: float = UNIX,
    gate: Authenticator = GATE,
) -> Authenticated | Refusal:
    return gate.authenticate(asked, flow, known, now, unix)


def refusal(verdict: Authenticated | Refusal) -> Refusal:
    assert isinstance(verdict, Refusal)
    return verdict


def accepted(verdict: Authenticated | Refusal) -> Authenticated:
    assert isinstance(verdict, Authenticated)
    return verdict


def test_credentials_follow_the_rest_convention() -> None:
    expiry, _, _ = MINE.username.partition(":")
    assert int(expiry) == UNIX + CREDENTIAL_SECONDS
    digest = hmac.digest(NEW, MINE.username.encode(), hashlib.sha1)
    assert MINE.password == base64.b64encode(digest).decode()


def test_the_label_of_the_match_is_read_from_the_username() -> None:
    assert accepted(judge(request())).account.match == "label"
    assert Account(username="1:name", passwords=()).match == ""


def test_without_integrity_one_is_told_how_to_authenticate() -> None:
    told = refusal(judge(parse(Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12)).serialise())))
    assert told.code is Code.UNAUTHENTICATED
    assert told.challenge
    assert told.challenge.realm == REALM
    assert told.challenge.nonce.startswith(NONCE_COOKIE)
    assert told.challenge.algorithms == BOTH


@pytest.mark.parametrize(
    "asked",
    [request(nonce=None), request(realm=None), request(NAMELESS)],
    ids=["nonce", "realm", "user"],
)
def test_a_missing_part_is_a_bad_request_without_a_challenge(asked: Message) -> None:
    told = refusal(judge(asked))
    assert (told.code, told.challenge) == (Code.BAD_REQUEST, None)


def test_a_hashed_username_is_nobody_we_know() -> None:
    builder = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12)).add(stun.USERHASH, bytes(32))
    builder.add(stun.REALM, REALM).add(stun.NONCE, GATE.new_nonce(FLOW, NOW))
    wire = integrity.sign(builder.serialise(), Signature(key=b"any", sha256=True))
    assert refusal(judge(parse(wire))).code is Code.UNAUTHENTICATED


def test_a_good_request_is_answered_with_the_key_it_used() -> None:
    who = accepted(judge(request()))
    key = long_term_key(PasswordAlgorithm.MD5, MINE.username, REALM, MINE.password)
    assert who.signature == Signature(key=key, sha256=False)
    assert who.account == Account(username=MINE.username, passwords=(MINE.password,))


@pytest.mark.parametrize("algorithm", BOTH)
@pytest.mark.parametrize("sha256", [False, True])
def test_both_algorithms_and_both_integrities_are_accepted(
    algorithm: PasswordAlgorithm, *, sha256: bool
) -> None:
    who = accepted(judge(request(algorithm=algorithm, offered=BOTH, sha256=sha256)))
    assert who.signature.sha256 is sha256
    assert len(who.signature.key) == (32 if algorithm is PasswordAlgorithm.SHA_256 else 16)


@pytest.mark.parametrize(
    ("algorithm", "offered"),
    [(2, None), (None, BOTH), (1, (1,)), (1, (1, 2)), (3, BOTH)],
)
def test_bidding_down_is_a_bad_request(
    algorithm: int | None, offered: tuple[int, ...] | None
) -> None:
    told = refusal(judge(request(algorithm=algorithm, offered=offered)))
    assert told.code is Code.BAD_REQUEST


@pytest.mark.parametrize(
    "nonce", ["x", "x" * len(GATE.new_nonce(FLOW, NOW)), GATE.new_nonce(OTHER, NOW)]
)
def test_a_nonce_of_others_is_stale(nonce: str) -> None:
    told = refusal(judge(request(nonce=nonce)))
    assert told.code is Code.STALE_NONCE
    assert told.challenge
    fresh = told.challenge.nonce
    accepted(judge(request(nonce=fresh)))


def test_a_nonce_with_a_forged_expiry_is_stale() -> None:
    good = GATE.new_nonce(FLOW, NOW)
    start = len(NONCE_COOKIE)
    forged = good[:start] + "999999999999" + good[start + 12 :]
    assert refusal(judge(request(nonce=forged))).code is Code.STALE_NONCE


def test_a_nonce_is_stale_after_its_time_even_for_a_wrong_user() -> None:
    """Stale nonce first: browsers then try again by themselves."""
    asked = request(Credentials(username="nobody", password=""), nonce=GATE.new_nonce(FLOW, NOW))
    assert refusal(judge(asked, now=NOW + NONCE_SECONDS)).code is Code.STALE_NONCE
    assert refusal(judge(asked, now=NOW + NONCE_SECONDS - 1)).code is Code.UNAUTHENTICATED


def test_a_nonce_of_an_earlier_start_is_stale() -> None:
    restarted = Authenticator(realm=REALM, secrets=[NEW], boot_key=b"another")
    assert refusal(judge(request(), gate=restarted)).code is Code.STALE_NONCE


@pytest.mark.parametrize(
    "username",
    [
        "nobody",
        "",
        ":",
        "²:x",
        f"{int(UNIX)}:just.expired",
        "-1:x",
        "9" * 400 + ":x",
    ],
)
def test_forged_and_expired_users_are_refused(username: str) -> None:
    asked = request(Credentials(username=username, password="guess"))
    assert refusal(judge(asked)).code is Code.UNAUTHENTICATED


def test_credentials_end_with_their_expiry() -> None:
    accepted(judge(request(), unix=UNIX + CREDENTIAL_SECONDS - 1))
    late = refusal(judge(request(), unix=UNIX + CREDENTIAL_SECONDS))
    assert late.code is Code.UNAUTHENTICATED


def test_who_holds_an_allocation_goes_on_after_the_credentials_expired() -> None:
    account = accepted(judge(request())).account
    accepted(judge(request(), account, unix=UNIX + 10 * CREDENTIAL_SECONDS))


def test_changing_the_match_in_a_username_breaks_its_password() -> None:
    forged = Credentials(username=MINE.username + "x", password=MINE.password)
    assert refusal(judge(request(forged))).code is Code.UNAUTHENTICATED


def test_an_older_secret_is_accepted_until_it_is_removed() -> None:
    old = mint(OLD, unix_now=UNIX, random=b"y" * 12, match="label")
    accepted(judge(request(old)))
    rotated = Authenticator(realm=REALM, secrets=[NEW], boot_key=b"boot")
    assert refusal(judge(request(old), gate=rotated)).code is Code.UNAUTHENTICATED


def test_another_realm_is_refused() -> None:
    assert refusal(judge(request(realm="elsewhere"))).code is Code.UNAUTHENTICATED
