"""A partner that says nothing, or too little, ends the search for it visibly and in time."""

import asyncio
import time
from typing import Final

from chatzyo.sealing.link import link_room
from tests.attack.conftest import Lure
from tests.attack.impostor import Impostor
from tests.attack.private import CODE_SILENCED, join_link
from tests.attack.server import MaliciousServer, hiding_ends, introduce, relaying
from tests.browser.conftest import Visit
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import TEXTS, Person, meet

_LIMIT_SECONDS: Final = 10
"""The page gives up after nine; the rest is for two busy engines and the driver."""


async def _is_told_in_time(person: Person, ending: str, began: float) -> None:
    await person.sees(f"ended.{ending}", timeout=_LIMIT_SECONDS)
    assert time.monotonic() - began < _LIMIT_SECONDS
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
    people = [person for person, _ in (*strangers, host)]
    await asyncio.gather(*(_is_told_in_time(each, "peer-silent", began) for each in people))
    for person in people:
        assert await person.page.evaluate("told") == []


async def test_a_code_that_is_not_built_ends_the_call(lure: Lure, chromium: Chromium) -> None:
    silent, at_silent = zip(
        *[await lure(chromium, script=CODE_SILENCED) for _ in "ab"], strict=True
    )
    people, at_people = zip(*[await lure(chromium) for _ in "ab"], strict=True)
    for person, visitor in zip(silent + people, at_silent + at_people, strict=True):
        await person.start("Text")
        await visitor.asks()
    await introduce(at_silent[0], at_people[0])
    await introduce(at_people[1], at_silent[1])
    # Who is silent misses the code too, perhaps first: that must not be what ends it.
    async with (
        relaying(at_silent[0], at_people[0], hiding_ends),
        relaying(at_silent[1], at_people[1], hiding_ends),
    ):
        await meet(*people)
        began = time.monotonic()
        await asyncio.gather(*(_is_told_in_time(each, "code-broken", began) for each in people))


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


async def test_a_malformed_link_is_said_to_be_incomplete(
    visit: Visit, server: MaliciousServer, chromium: Chromium
) -> None:
    page = await visit(chromium, server.origin)
    for fragment in _MALFORMED:
        print(f"followed: {fragment[:40]}")
        await page.goto(f"{server.origin}/p{fragment}")
        await Person(page).reads(TEXTS["link-malformed"])
        assert await page.evaluate("location.hash + location.pathname") == "/"


async def test_a_link_of_a_later_version_asks_to_reload(lure: Lure, chromium: Chromium) -> None:
    person, _ = await lure(chromium, "/p#2." + "A" * 40)
    await person.reads(TEXTS["version"])
