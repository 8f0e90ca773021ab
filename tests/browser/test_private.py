"""Two people meet by a private link, come back to it, and read the code to each other."""

import json
from typing import Final

import pytest

from chatzyo.sealing.base64url import encode
from chatzyo.sealing.link import format_link, link_room, parse_fragment
from tests.browser.conftest import Arrive, Pair
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import CONNECT_SECONDS, TEXTS, Mode, Person

_LINK = """() => document.querySelector('.invitation input')?.value"""

_CODE = """() => {
  const names = [...document.querySelectorAll('.code [role=img]')]
    .map((each) => each.getAttribute('aria-label'))
  return names.length === 7 && names
}"""

_OTHER_ROOM: Final = """
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (text) {
    const message = JSON.parse(text)
    if (message.type === 'join') message.room = ROOM
    return send.call(this, JSON.stringify(message))
  }
"""
"""Knows where others meet, but not their secret: what a server could do to mix two links up."""


_POSITIONS: Final = """
  globalThis.positions = []
  const look = () => {
    const join = document.querySelector('#start')
    const top = join?.getBoundingClientRect().top
    const isReady = join && join.textContent !== 'Start'
    if (isReady && !positions.includes(top)) positions.push(top)
    requestAnimationFrame(look)
  }
  look()
"""
"""Where the button to join was, from the moment it says so."""

_SECOND_SCREEN_CAME: Final = """() =>
  performance.getEntriesByType('resource').some(({ name }) => name.endsWith('phone.css')) &&
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))
"""

_NO_KEYS: Final = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"
"""As on a page without https."""


async def _invite(host: Person) -> str:
    await host.press(TEXTS["lobby.private.create"])
    link: str = await host.page.wait_until(_LINK)
    return link


async def _join(person: Person, mode: Mode = "Video") -> None:
    await person.page.click("radio", mode)
    await person.press(TEXTS["private.join"])


async def _together(*people: Person) -> None:
    for person in people:
        await person.sees("room.talking", timeout=CONNECT_SECONDS)


async def _call(arrive: Arrive, pair: Pair) -> tuple[Person, Person, str]:
    first, second = pair
    host = await arrive(first)
    link = await _invite(host)
    await host.declare_adult()
    await _join(host)
    await host.sees("room.alone")
    guest = await arrive(second, url=link)
    await guest.declare_adult()
    await _join(guest)
    await _together(host, guest)
    return host, guest, link


async def test_a_link_brings_two_together(arrive: Arrive, pair: Pair) -> None:
    host, guest, link = await _call(arrive, pair)
    for person in (host, guest):
        await person.sees_moving_pictures()
        await person.hears_sound()
        await person.page.see("button", TEXTS["security.link"])
    await host.says("vanakkam")
    await guest.reads_line("vanakkam")
    secret = link.partition("#")[2]
    assert secret not in await guest.page.evaluate("location.href")
    # A driver may tell the link itself as it was typed; nothing else may carry the secret.
    assert not any(secret in each for each in guest.page.record.requests if each != link)

    await guest.press("Stop")
    await host.sees("room.apart")
    await guest.sees("lobby.title")
    assert await guest.page.evaluate("sessionStorage.length") == 0


async def test_nothing_moves_under_the_finger_of_who_is_invited(
    arrive: Arrive, browser: Browser, site: str
) -> None:
    guest = await arrive(browser, url=format_link(site, bytes(16)), script=_POSITIONS)
    await guest.sees("private.title.guest")
    await guest.declare_adult()
    await guest.page.wait_until(_SECOND_SCREEN_CAME)
    assert len(await guest.page.evaluate("positions")) == 1


@pytest.mark.parametrize("mode", ["Video", "Text"])
async def test_each_sends_what_they_like(arrive: Arrive, chromium: Chromium, mode: Mode) -> None:
    host = await arrive(chromium)
    link = await _invite(host)
    await host.declare_adult()
    await _join(host, "Voice")
    await host.sees("room.alone")
    guest = await arrive(chromium, url=link)
    await guest.declare_adult()
    await _join(guest, mode)
    await _together(host, guest)
    await host.says("vanakkam")
    await guest.reads_line("vanakkam")
    if mode == "Video":
        await guest.hears_sound()
    else:
        assert await guest.requested() == []
    assert not any(each.get("video") for each in await host.requested())


async def test_either_side_comes_back_after_a_reload(arrive: Arrive, mixed_pair: Pair) -> None:
    host, guest, _link = await _call(arrive, mixed_pair)
    for gone, waiting in ((host, guest), (guest, host)):
        await gone.page.reload()
        await waiting.sees("room.apart", timeout=CONNECT_SECONDS)
        await _join(gone)
        await _together(host, guest)
        await waiting.sees_moving_pictures()


async def test_a_third_visitor_is_told_that_the_call_is_full(
    arrive: Arrive, chromium: Chromium
) -> None:
    host, guest, link = await _call(arrive, (chromium, chromium))
    third = await arrive(chromium, url=link)
    await third.declare_adult()
    await _join(third, "Text")
    await third.sees("room.full")
    await guest.press("Stop")
    await host.sees("room.apart")
    await third.press(TEXTS["call.again"])
    await _together(host, third)


async def test_a_wrong_secret_is_told_to_both(arrive: Arrive, chromium: Chromium) -> None:
    host = await arrive(chromium)
    link = await _invite(host)
    await host.declare_adult()
    await _join(host, "Text")
    await host.sees("room.alone")
    secret = parse_fragment("#" + link.partition("#")[2])
    assert isinstance(secret, bytes)
    room = encode(link_room(secret).name)
    script = _OTHER_ROOM.replace("ROOM", json.dumps(room))
    guest = await arrive(chromium, script=script)
    await _invite(guest)
    await guest.declare_adult()
    await _join(guest, "Text")
    for person in (host, guest):
        await person.sees("ended.link-mismatch", timeout=CONNECT_SECONDS)


async def test_a_link_that_is_cut_short_is_said_to_be_incomplete(
    arrive: Arrive, chromium: Chromium, site: str
) -> None:
    guest = await arrive(chromium, url=f"{site}/p#1.AAAA")
    await guest.reads(TEXTS["link-malformed"])
    assert await guest.page.evaluate("location.hash") == ""


async def test_both_see_the_same_code_and_say_so(arrive: Arrive, mixed_pair: Pair) -> None:
    host, guest, _link = await _call(arrive, mixed_pair)
    codes = []
    for person in (host, guest):
        await person.press(TEXTS["security.link"])
        codes.append(await person.page.wait_until(_CODE))
    assert codes[0] == codes[1]
    await host.press(TEXTS["code.match"])
    await host.reads(TEXTS["code.judged"])
    await guest.press(TEXTS["code.match"])
    for person in (host, guest):
        await person.reads(TEXTS["code.verified"])


async def test_who_sees_another_code_ends_the_call_for_both(
    arrive: Arrive, chromium: Chromium
) -> None:
    host, guest, _link = await _call(arrive, (chromium, chromium))
    await host.press(TEXTS["security.link"])
    await host.page.wait_until(_CODE)
    await host.press(TEXTS["code.differ"])
    for person in (host, guest):
        await person.sees("ended.code-different")


async def test_where_the_browser_makes_no_keys_nothing_is_sent_unsealed(
    arrive: Arrive, chromium: Chromium
) -> None:
    person = await arrive(chromium, script=_NO_KEYS)
    await person.start("Text")
    await person.sees("ended.no-keys")
