"""Both people get the same code unless somebody sits between them; every step out of order ends."""

import json
from collections.abc import Iterable

import pytest

from chatzyo.protocol.messages import Role
from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.sas import (
    EXCHANGE_SECONDS,
    Binding,
    CodeExchange,
    Command,
    End,
    Say,
    Show,
    Verify,
    code_numbers,
)
from tests.sealing.people import made_up

BINDING = Binding(fp_a=made_up("A", 32), fp_b=made_up("B", 32), transcript=made_up("th", 32))
OTHER = Binding(fp_a=made_up("A", 32), fp_b=made_up("M", 32), transcript=made_up("th", 32))

BROKEN = End(failure=Failure.CODE_BROKEN)
DIFFERENT = End(failure=Failure.CODE_DIFFERENT)
NUMBER = base64url.encode(bytes(32))
STEPS = {
    "commitment": json.dumps({"k": "sas1", "c": NUMBER}).encode(),
    "answer": json.dumps({"k": "sas2", "r": NUMBER}).encode(),
    "reveal": json.dumps({"k": "sas3", "r": NUMBER}).encode(),
    "match": b'{"k":"sas4","ok":true}',
}


def side(role: Role, binding: Binding = BINDING) -> CodeExchange:
    return CodeExchange(role=role, binding=binding, nonce=made_up(f"r{role}", 32), now=100)


def drain(exchange: CodeExchange) -> list[Command]:
    commands = []
    while command := exchange.next_command():
        commands.append(command)
    return commands


def tell(exchange: CodeExchange, text: bytes) -> list[Command]:
    exchange.handle_message(text)
    return drain(exchange)


def said(commands: Iterable[Command]) -> bytes:
    (text,) = [command.text for command in commands if isinstance(command, Say)]
    return text


def compare(
    a_binding: Binding = BINDING, b_binding: Binding = BINDING
) -> tuple[CodeExchange, CodeExchange, list[Command], list[Command]]:
    """Run the exchange honestly up to the code, and return both sides with their last commands."""
    a, b = side("a", a_binding), side("b", b_binding)
    answer = tell(b, said(drain(a)))
    shown_to_a = tell(a, said(answer))
    shown_to_b = tell(b, said(shown_to_a))
    return a, b, shown_to_a[1:], shown_to_b


def at(role: Role, stage: str) -> CodeExchange:
    """A side that waits at this stage."""
    a, b = side("a"), side("b")
    commitment = said(drain(a))
    if stage == "comparison":
        a, b, _, _ = compare()
    elif stage == "reveal":
        tell(b, commitment)
    elif stage == "verified":
        a, b, _, _ = compare()
        a.handle_verdict(ok=True)
        tell(b, said(drain(a)))
        b.handle_verdict(ok=True)
        tell(a, said(drain(b)))
    return a if role == "a" else b


def test_both_are_shown_the_same_code() -> None:
    _, _, at_a, at_b = compare()
    assert at_a == at_b
    assert isinstance(at_a[0], Show)
    assert len(at_a[0].code) == 7
    assert all(0 <= number < 64 for number in at_a[0].code)


def test_the_code_is_that_of_the_protocol() -> None:
    assert code_numbers(bytes.fromhex("b7cab1af19da")) == (45, 60, 42, 49, 43, 49, 39)
    assert code_numbers(b"\xff" * 6) == (63,) * 7
    assert code_numbers(bytes(5) + b"\x3f") == (0,) * 7


def test_b_says_nothing_before_a_is_bound() -> None:
    assert drain(side("b")) == []


def test_a_does_not_reveal_before_b_has_chosen() -> None:
    a = side("a")
    assert json.loads(said(drain(a))) == {
        "k": "sas1",
        "c": base64url.encode(BINDING.commit(made_up("ra", 32))),
    }
    assert drain(a) == []


@pytest.mark.parametrize("field", ["fp_a", "fp_b", "transcript"])
def test_whoever_sees_something_else_refuses_the_reveal(field: str) -> None:
    values = {name: getattr(BINDING, name) for name in ("fp_a", "fp_b", "transcript")}
    _, _, _, at_b = compare(b_binding=Binding(**values | {field: bytes(32)}))
    assert at_b == [BROKEN]


def test_a_reveal_of_another_number_ends_the_call() -> None:
    b = at("b", "reveal")
    assert tell(b, STEPS["reveal"]) == [BROKEN]


def test_the_badge_appears_when_both_said_yes() -> None:
    a, b, _, _ = compare()
    a.handle_verdict(ok=True)
    yes = said(drain(a))
    assert json.loads(yes) == {"k": "sas4", "ok": True}
    assert tell(b, yes) == []
    b.handle_verdict(ok=True)
    commands = drain(b)
    assert commands[1:] == [Verify()]
    assert tell(a, said(commands)) == [Verify()]


def test_one_no_ends_the_call_for_both() -> None:
    a, b, _, _ = compare()
    a.handle_verdict(ok=False)
    commands = drain(a)
    assert commands[1:] == [DIFFERENT]
    assert tell(b, said(commands)) == [DIFFERENT]


def test_only_the_first_press_counts_and_only_beside_a_code() -> None:
    a, early = at("a", "comparison"), side("b")
    early.handle_verdict(ok=True)
    assert drain(early) == []
    a.handle_verdict(ok=True)
    drain(a)
    a.handle_verdict(ok=False)
    assert drain(a) == []


EXPECTED = {
    ("a", "commitment"): "answer",
    ("b", "commitment"): "commitment",
    ("b", "reveal"): "reveal",
    ("a", "comparison"): "match",
    ("b", "comparison"): "match",
    ("a", "verified"): None,
    ("b", "verified"): None,
}


@pytest.mark.parametrize(
    ("role", "stage", "step"),
    [
        (role, stage, step)
        for (role, stage), expected in EXPECTED.items()
        for step in STEPS
        if step != expected
    ],
)
def test_a_step_out_of_order_ends_the_call(role: Role, stage: str, step: str) -> None:
    exchange = at(role, stage)
    drain(exchange)
    assert tell(exchange, STEPS[step]) == [BROKEN]
    assert exchange.poll_timeout() is None


@pytest.mark.parametrize("role", ["a", "b"])
def test_saying_it_twice_ends_the_call(role: Role) -> None:
    exchange = at(role, "comparison")
    assert tell(exchange, STEPS["match"]) == []
    assert tell(exchange, STEPS["match"]) == [BROKEN]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"k":"sas1"}',
        b'{"k":"sas1","c":1}',
        b'{"k":"sas9","c":"AAAA"}',
        b'{"k":"sas1","c":"AAAA"}',
        b'{"k":"sas2","r":"AAAA"}',
        b'{"k":"sas3","r":"AAAA"}',
        b'{"k":"sas4","ok":1}',
        STEPS["commitment"].replace(b"}", b',"more":1}'),
        STEPS["commitment"].replace(b'A"', b'B"'),
        STEPS["answer"].replace(b'A"', b'AA"'),
    ],
)
@pytest.mark.parametrize(
    ("role", "stage"), [("a", "commitment"), ("b", "commitment"), ("b", "reveal")]
)
def test_a_malformed_step_ends_the_call(role: Role, stage: str, text: bytes) -> None:
    exchange = at(role, stage)
    drain(exchange)
    assert tell(exchange, text) == [BROKEN]


def test_the_first_failure_is_the_last_word() -> None:
    b = side("b")
    assert tell(b, b"") == [BROKEN]
    assert tell(b, STEPS["commitment"]) == []
    b.handle_verdict(ok=True)
    b.handle_timeout(1000)
    assert drain(b) == []


@pytest.mark.parametrize(
    ("role", "stage"), [("a", "commitment"), ("b", "commitment"), ("b", "reveal")]
)
def test_a_partner_that_keeps_us_waiting_ends_the_call(role: Role, stage: str) -> None:
    exchange = at(role, stage)
    drain(exchange)
    due = exchange.poll_timeout()
    assert due == 100 + EXCHANGE_SECONDS
    exchange.handle_timeout(due - 0.01)
    assert drain(exchange) == []
    exchange.handle_timeout(due)
    assert drain(exchange) == [BROKEN]


def test_people_may_take_their_time_to_compare() -> None:
    a = at("a", "comparison")
    assert a.poll_timeout() is None
    a.handle_timeout(1e9)
    assert drain(a) == []
