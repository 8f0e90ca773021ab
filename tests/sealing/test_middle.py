"""Whoever sits between two strangers, in whatever roles, cannot make their codes agree."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from chatzyo.protocol.messages import Role
from chatzyo.sealing.handshake import NONCE_BYTES, Handshake, Room, Session
from chatzyo.sealing.sas import Binding, CodeExchange, Say, Show
from tests.sealing.people import going, private_key

SHORT_BITS = 8
"""Codes cut to this, so that lucky attackers can be counted."""

ROLES: list[tuple[Role, Role]] = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]


def person(chance: random.Random) -> Handshake:
    return Handshake(
        private_key=private_key(chance.randbytes(31) + b"\1"), nonce=chance.randbytes(NONCE_BYTES)
    )


def opposite(role: Role) -> Role:
    return "b" if role == "a" else "a"


def intercept(victim: Handshake, role: Role, room: Room, chance: random.Random) -> Session:
    """The server puts its own key in place of the partner's; the victim cannot tell."""
    middle = person(chance)
    session = going(victim.accept(role=role, room=room, key=middle.key))
    theirs = going(middle.accept(role=opposite(role), room=room, key=victim.key))
    assert going(theirs.open(session.seal({"k": "bye"}))) == {"k": "bye"}
    return session


def binding(role: Role, session: Session, chance: random.Random) -> Binding:
    """What the victim sees: its own certificate and that of the one in the middle."""
    own, middle = chance.randbytes(32), chance.randbytes(32)
    fp_a, fp_b = (own, middle) if role == "a" else (middle, own)
    return Binding(fp_a=fp_a, fp_b=fp_b, transcript=session.transcript)


def next_text(exchange: CodeExchange) -> bytes:
    command = exchange.next_command()
    assert isinstance(command, Say)
    return command.text


def shown(exchange: CodeExchange) -> tuple[int, ...]:
    command = exchange.next_command()
    assert isinstance(command, Show)
    return command.code


def code_of(role: Role, seen: Binding, chance: random.Random) -> tuple[int, ...]:
    """The code a victim is shown when the one in the middle plays the other role by the rules."""
    victim = CodeExchange(role=role, binding=seen, nonce=chance.randbytes(32), now=0)
    middle = CodeExchange(role=opposite(role), binding=seen, nonce=chance.randbytes(32), now=0)
    a, b = (victim, middle) if role == "a" else (middle, victim)
    b.handle_message(next_text(a))
    a.handle_message(next_text(b))
    b.handle_message(next_text(a))
    code = shown(victim)
    assert code == shown(middle)
    return code


@pytest.mark.slow
@pytest.mark.parametrize("roles", ROLES, ids="".join)
def test_two_people_with_somebody_between_them_see_different_codes(
    roles: tuple[Role, Role],
) -> None:
    chance = random.Random(f"middle {roles}")
    different = 0
    for _ in range(250):
        room = Room(name=chance.randbytes(16))
        codes = []
        for role in roles:
            session = intercept(person(chance), role, room, chance)
            codes.append(code_of(role, binding(role, session, chance), chance))
        different += codes[0] != codes[1]
    assert different == 250


def short(sas: bytes) -> int:
    return sas[0] >> (8 - SHORT_BITS)


Attack = Callable[[random.Random], bool]


def _bindings(chance: random.Random) -> tuple[Binding, Binding]:
    def make() -> Binding:
        fp_a, fp_b, transcript = (chance.randbytes(32) for _ in range(3))
        return Binding(fp_a=fp_a, fp_b=fp_b, transcript=transcript)

    return make(), make()


def two_who_commit(chance: random.Random) -> bool:
    """Both victims are `a`: answer the first, learn its code, search an answer for the second."""
    one, two = _bindings(chance)
    r1, r2 = chance.randbytes(32), chance.randbytes(32)
    c1, c2 = one.commit(r1), two.commit(r2)
    target = short(one.derive(r1, guess := chance.randbytes(32), c1))
    # The second number is still hidden: the best answer is one that would fit a guess of it.
    answer = _search(chance, lambda r: short(two.derive(guess, r, c2)) == target)
    return short(two.derive(r2, answer, c2)) == target


def two_who_answer(chance: random.Random) -> bool:
    """Both victims are `b`: let the first answer, then search a commitment for the second."""
    one, two = _bindings(chance)
    r1, r2 = chance.randbytes(32), chance.randbytes(32)
    mine = chance.randbytes(32)
    target = short(one.derive(mine, r1, one.commit(mine)))
    guess = chance.randbytes(32)
    bound = _search(chance, lambda r: short(two.derive(r, guess, two.commit(r))) == target)
    return short(two.derive(bound, r2, two.commit(bound))) == target


def commits_first(chance: random.Random) -> bool:
    """One victim of each role: learn the code of `a`, search a commitment towards `b`."""
    one, two = _bindings(chance)
    r1, r2 = chance.randbytes(32), chance.randbytes(32)
    target = short(one.derive(r1, guess := chance.randbytes(32), one.commit(r1)))
    bound = _search(chance, lambda r: short(two.derive(r, guess, two.commit(r))) == target)
    return short(two.derive(bound, r2, two.commit(bound))) == target


def answers_last(chance: random.Random) -> bool:
    """One victim of each role: learn the code of `b`, search an answer to `a`."""
    one, two = _bindings(chance)
    r1, r2 = chance.randbytes(32), chance.randbytes(32)
    mine, guess = chance.randbytes(32), chance.randbytes(32)
    target = short(two.derive(mine, r2, two.commit(mine)))
    c1 = one.commit(r1)
    answer = _search(chance, lambda r: short(one.derive(guess, r, c1)) == target)
    return short(one.derive(r1, answer, c1)) == target


def _search(chance: random.Random, fits: Callable[[bytes], bool], tries: int = 8) -> bytes:
    """A few tries: the answer is worth no more than the guess behind it."""
    for _ in range(tries):
        if fits(number := chance.randbytes(32)):
            return number
    return chance.randbytes(32)


ATTACKS = [two_who_commit, two_who_answer, commits_first, answers_last]


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_with_short_codes_the_attacker_is_no_better_than_chance(attack: Attack) -> None:
    chance = random.Random(attack.__name__)
    wins = Counter(attack(chance) for _ in range(20_000))[True]
    assert abs(wins - 20_000 / 2**SHORT_BITS) <= 27


def test_an_attacker_who_could_see_the_hidden_number_would_win() -> None:
    # The control of the test above: what is searched for there exists and is found.
    chance = random.Random("control")
    for _ in range(20):
        one, two = _bindings(chance)
        r1, r2, guess = (chance.randbytes(32) for _ in range(3))
        c1, c2 = one.commit(r1), two.commit(r2)
        target = short(one.derive(r1, guess, c1))
        fits = partial(_fits, two, r2, c2, target)
        assert fits(_search(chance, fits, tries=10_000))


def _fits(seen: Binding, nonce_a: bytes, commitment: bytes, target: int, nonce_b: bytes) -> bool:
    return short(seen.derive(nonce_a, nonce_b, commitment)) == target
