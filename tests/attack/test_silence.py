"""A partner that says nothing, or too little, ends the search for it visibly and in time."""

import asyncio
import time
from typing import Final

import pytest

from chatzyo.sealing.link import link_room
from tests.attack.conftest import Lure, Victim
from tests.attack.impostor import Impostor
from tests.attack.private import CODE_SILENCED, join_link
from tests.attack.server import introduce, relaying
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import TEXTS, meet

_LIMIT_SECONDS: Final = 10
_TOLERANCE_SECONDS: Final = 1.5
"""For two engines busy on two cores, and for the driver that asks again and again."""


async def _is_told_in_time(victim: Victim, ending: str, began: float) -> None:
    person, _ = victim
    await person.sees(f"ended.{ending}", timeout=_LIMIT_SECONDS + _TOLERANCE_SECONDS)
    assert time.monotonic() - began < _LIMIT_SECONDS + _TOLERANCE_SECONDS
    await person.reads(TEXTS[f"ended.{ending}.body"])


async def test_who_never_answers_is_said_not_to_have_answered(
    lure: Lure, chromium: Chromium, firefox: Browser
) -> None:
    strangers = [await lure(browser) for browser in (chromium, firefox)]
    for person, visitor in strangers:
        await person.start("Text")
        await visitor.asks()
    host, secret = await join_link(lure, chromium)
    impostors = [
        Impostor(strangers[0][1], role="a"),
        Impostor(strangers[1][1], role="b"),
        Impostor(host[1], role="a", psk=link_room(secret).psk),
    ]
    began = time.monotonic()
    for impostor in impostors:
        await impostor.introduce(mac=impostor.proof)
    victims = [*strangers, host]
    await asyncio.gather(*(_is_told_in_time(each, "peer-silent", began) for each in victims))
    for person, _ in victims:
        assert await person.page.evaluate("told") == []


@pytest.mark.parametrize("silent", [0, 1], ids=["who waited", "who came"])
async def test_a_code_that_is_not_built_ends_the_call(
    lure: Lure, chromium: Chromium, silent: int
) -> None:
    victims = [await lure(chromium, script=CODE_SILENCED if i == silent else "") for i in (0, 1)]
    for person, visitor in victims:
        await person.start("Text")
        await visitor.asks()
    (one, at_one), (other, at_other) = victims
    await introduce(at_one, at_other)
    async with relaying(at_one, at_other):
        await meet(one, other)
        await _is_told_in_time(victims[1 - silent], "code-broken", time.monotonic())


_MALFORMED: Final = (
    "",
    "#",
    "#1",
    "#1.",
    "#1." + "A" * 21,
    "#1." + "A" * 23,
    "#1." + "A" * 21 + "B",
    "#1." + "A" * 21 + "=",
    "#1." + "A" * 21 + "%41",
    "#1." + "A" * 21 + "+",
    "#1." + "A" * 22 + "#1." + "A" * 22,
    "#" + "A" * 22,
    "#01." + "A" * 22,
    "#<img src=x onerror=alert(1)>",
    "#1." + "A" * 100_000,
)


async def test_a_malformed_link_is_said_to_be_incomplete(lure: Lure, chromium: Chromium) -> None:
    for fragment in _MALFORMED:
        print(f"followed: {fragment[:40]}")
        person, _ = await lure(chromium, f"/p{fragment}")
        await person.reads(TEXTS["link-malformed"])
        assert await person.page.evaluate("location.hash + location.pathname") == "/"
        await person.page.close()


async def test_a_link_of_a_later_version_asks_to_reload(lure: Lure, chromium: Chromium) -> None:
    person, _ = await lure(chromium, "/p#2." + "A" * 40)
    await person.reads(TEXTS["version"])
