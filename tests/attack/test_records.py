"""What the server does to sealed records ends the call visibly, or changes nothing."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

import pytest

from chatzyo.sealing.base64url import decode, encode
from tests.attack.conftest import Lure, Victim
from tests.attack.impostor import Impostor, candidate, card
from tests.attack.server import Message, Visitor, introduce, relaying
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import TEXTS, meet

Corruption = Callable[[Message, Message], list[Message]]
"""What is handed over instead of the partner's first record, knowing both first records."""


def _with(message: Message, **changes: object) -> list[Message]:
    return [{**message, **changes}]


def _edited(message: Message, edit: Callable[[bytearray], object]) -> list[Message]:
    sealed = bytearray(decode(message["blob"]) or b"")
    edit(sealed)
    return _with(message, blob=encode(bytes(sealed)))


def _flip(place: int) -> Corruption:
    def flip(sealed: bytearray) -> None:
        sealed[place] ^= 1

    return lambda _, theirs: _edited(theirs, flip)


def _spliced(own: Message, theirs: Message) -> list[Message]:
    half = len(theirs["blob"]) // 8 * 4
    return _with(theirs, blob=theirs["blob"][:half] + own["blob"][half:])


_CORRUPTIONS: Final[dict[str, Corruption]] = {
    "the first bit flipped": _flip(0),
    "a bit in the middle flipped": _flip(500),
    "a bit of the tag flipped": _flip(-1),
    "truncated": lambda _, theirs: _edited(theirs, lambda sealed: sealed.pop()),
    "only its tag": lambda _, theirs: _with(theirs, blob=theirs["blob"][:22] + "A"),
    "empty": lambda _, theirs: _with(theirs, blob=""),
    "extended": lambda _, theirs: _edited(theirs, lambda sealed: sealed.append(0)),
    "reflected": lambda own, _: [own],
    "spliced with the own": _spliced,
    "renumbered": lambda _, theirs: _with(theirs, seq=1),
    "a number below all": lambda _, theirs: _with(theirs, seq=-1),
    "a number between": lambda _, theirs: _with(theirs, seq=0.5),
    "a number as text": lambda _, theirs: _with(theirs, seq="0"),
    "a number beyond all": lambda _, theirs: _with(theirs, seq=2**53),
    "no number": lambda _, theirs: _with(theirs, seq=None),
    "no record": lambda _, theirs: _with(theirs, blob=None),
    "standard base64": lambda _, theirs: _with(theirs, blob="+/" + theirs["blob"][2:]),
    "padded base64": lambda _, theirs: _with(theirs, blob=theirs["blob"] + "="),
    "a little oversized": lambda _, theirs: _with(theirs, blob="A" * 15044),
    "far oversized": lambda _, theirs: _with(theirs, blob="A" * 4_000_000),
    "again as the next": lambda _, theirs: [theirs, {**theirs, "seq": 1}],
}


async def _two(lure: Lure, browser: Browser) -> tuple[Victim, Victim]:
    victims = await lure(browser), await lure(browser)
    for person, _ in victims:
        await person.start("Text")
    return victims


async def test_no_corrupted_record_is_taken(lure: Lure, browser: Browser) -> None:
    victims = await _two(lure, browser)
    earlier: dict[Visitor, Message] = {}
    for name, corrupt in _CORRUPTIONS.items():
        first = await _first_records(victims)
        for (_, visitor), (_, partner) in (victims, victims[::-1]):
            for message in corrupt(first[visitor], first[partner]):
                await visitor.send(**{**message, "mid": visitor.mid})
        await _are_told(victims, name)
        earlier = first
    await _first_records(victims)
    for (_, visitor), (_, partner) in (victims, victims[::-1]):
        await visitor.send(**{**earlier[partner], "mid": visitor.mid})
    await _are_told(victims, "that of an earlier match")


async def test_records_in_another_order_are_not_taken(lure: Lure, browser: Browser) -> None:
    person, visitor = await lure(browser)
    await person.start("Text")
    await visitor.asks()
    impostor = await Impostor.meet(visitor)
    first = impostor.seal({"k": "card", "card": card()})
    second = impostor.seal({"k": "ice", "candidate": candidate()})
    for record in (second, first):
        await visitor.signal(seq=record.seq, blob=record.blob)
    await person.sees("ended.sealed-broken")
    assert await person.page.evaluate("told") == []


async def test_a_record_that_comes_again_changes_nothing(lure: Lure, browser: Browser) -> None:
    def thrice(_: Visitor, message: Message) -> Iterable[Message]:
        return [message] * 3

    (one, at_one), (other, at_other) = await _two(lure, browser)
    await at_one.asks()
    await at_other.asks()
    await introduce(at_one, at_other)
    async with relaying(at_one, at_other, thrice):
        await meet(one, other)
        await one.says("vanakkam")
        await other.reads_line("vanakkam")
        assert await other.lines() == ["vanakkam"]


@pytest.mark.parametrize("years", [-30, 30])
async def test_a_clock_that_is_decades_off_keeps_nobody_apart(
    lure: Lure, chromium: Chromium, years: int
) -> None:
    lost_in_time = f"""
      const now = Date.now.bind(Date)
      const offset = {years} * 365 * 24 * 3600 * 1000
      globalThis.Date = class extends Date {{
        constructor(...given) {{ super(...(given.length > 0 ? given : [now() + offset])) }}
        static now() {{ return now() + offset }}
      }}
    """
    (one, at_one) = await lure(chromium, script=lost_in_time)
    (other, at_other) = await lure(chromium)
    for person, visitor in ((one, at_one), (other, at_other)):
        await person.start("Text")
        await visitor.asks()
    await introduce(at_one, at_other)
    async with relaying(at_one, at_other):
        await meet(one, other)
        shown = await one.page.evaluate("new Date().getFullYear()")
        assert abs(shown - datetime.now(UTC).year) > 20


async def _first_records(victims: tuple[Victim, Victim]) -> dict[Visitor, Message]:
    (_, one), (_, other) = victims
    await one.asks()
    await other.asks()
    await introduce(one, other)
    return {one: await one.receive("signal"), other: await other.receive("signal")}


async def _are_told(victims: tuple[Victim, Victim], name: str) -> None:
    print(f"handed over: {name}")
    for person, visitor in victims:
        await visitor.leaves()
        await person.sees("ended.sealed-broken")
        await person.reads(TEXTS["ended.sealed-broken.body"])
        # Only "again as the next" has brought a record that may be taken: the true one.
        assert name.startswith("again") or await person.page.evaluate("told") == []
        await person.page.evaluate("told.length = 0")
        await person.press("Next")
