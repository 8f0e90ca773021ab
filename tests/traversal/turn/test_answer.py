"""Every answer is complete, and answers to strangers are short."""

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Family, RelayedAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun import integrity
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.errors import Code
from chatzyo.traversal.stun.integrity import Signature
from chatzyo.traversal.stun.message import Builder, Kind, Message, Method, parse
from chatzyo.traversal.turn.answer import Challenge, Outcome, Refusal, Success, encode

CLIENT = ClientAddress(address.pack("198.51.100.7", 4000))
RELAYED = RelayedAddress(address.pack("192.0.2.1", 50000))


def request(*, fingerprint: bool = False) -> Message:
    wire = Builder(Method.ALLOCATE, Kind.REQUEST, bytes(12)).serialise()
    return parse(integrity.add_fingerprint(wire) if fingerprint else wire)


def answer(outcome: Outcome, signature: Signature | None = None) -> Message:
    return parse(encode(request(), outcome, signature))


def test_a_success_says_what_was_granted() -> None:
    outcome = Success(
        mapped=CLIENT,
        relayed=(RELAYED,),
        lifetime=600,
        token=b"12345678",
        missing=(Family.IPV6, Code.ADDRESS_FAMILY_NOT_SUPPORTED),
    )
    told = answer(outcome)
    assert (told.kind, told.method) == (Kind.SUCCESS, Method.ALLOCATE)
    assert told.first(stun.XOR_MAPPED_ADDRESS) == CLIENT
    assert told.every(stun.XOR_RELAYED_ADDRESS) == [RELAYED]
    assert told.first(stun.LIFETIME) == 600
    assert told.first(stun.RESERVATION_TOKEN) == b"12345678"
    assert told.first(stun.ADDRESS_ERROR_CODE) == (2, 440)


def test_a_success_without_values_is_a_bare_header() -> None:
    assert answer(Success()).attributes == []


def test_a_refusal_names_its_reason_and_what_to_do() -> None:
    challenge = Challenge(realm="relay", nonce="n", algorithms=[PasswordAlgorithm.MD5])
    told = answer(Refusal(code=Code.UNAUTHENTICATED, challenge=challenge))
    assert (told.first(stun.ERROR_CODE), told.first(stun.NONCE)) == (401, "n")
    assert (told.first(stun.REALM), told.first(stun.PASSWORD_ALGORITHMS)) == ("relay", [1])
    unknown = answer(Refusal(code=Code.UNKNOWN_ATTRIBUTE, unknown=[0x7F00]))
    assert unknown.first(stun.UNKNOWN_ATTRIBUTES) == [0x7F00]


def test_an_answer_is_signed_as_its_request_was() -> None:
    told = answer(Success(), Signature(key=b"key", sha256=True))
    assert integrity.verify(told, b"key")
    assert told.find(stun.MESSAGE_INTEGRITY_SHA256)


def test_a_fingerprint_is_answered_with_a_fingerprint() -> None:
    told = parse(encode(request(fingerprint=True), Success(), None))
    assert told.find(stun.FINGERPRINT)
    assert integrity.fingerprint_fits(told)
    assert not answer(Success()).find(stun.FINGERPRINT)


def test_the_answer_to_a_binding_request_is_as_short_as_can_be() -> None:
    assert len(encode(request(), Success(mapped=CLIENT), None)) == 32
