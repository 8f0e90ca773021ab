"""A conversation outlives what happens around it, and its end is never a riddle."""

import asyncio
import re

import pytest

from tests.browser.conftest import Arrive, Pair, Serve
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.people import TEXTS, Person, meet
from tests.browser.server import free_port

_CABLES = """
  const unplugged = new Set()
  const devices = globalThis.MediaDevices?.prototype
  const original = devices?.getUserMedia
  if (devices) devices.getUserMedia = async function (constraints) {
    for (const kind of ['audio', 'video']) {
      if (constraints[kind] && unplugged.has(kind)) throw new DOMException('gone', 'NotFoundError')
    }
    return original.call(this, constraints)
  }

  const listeners = new Map()  // Firefox lets no script dispatch events at a track
  MediaStreamTrack.prototype.addEventListener = function (type, listener) {
    if (type === 'ended') listeners.set(this, listener)
    EventTarget.prototype.addEventListener.call(this, type, listener)
  }

  const end = (kind) => {
    for (const [track, listener] of listeners) {
      if (track.kind !== kind || track.readyState === 'ended') continue
      track.stop()
      listener(new Event('ended'))
    }
  }
  globalThis.cables = {
    break: end,
    unplug: (kind) => { unplugged.add(kind); end(kind) },
    plugIn: (kind) => unplugged.delete(kind),
  }
"""
"""No engine lets a test pull a cable: this says what the browser would say."""

_KEPT = """async () => ({
  local: { ...localStorage },
  session: { ...sessionStorage },
  cookies: document.cookie,
  databases: (await indexedDB.databases()).map(({ name }) => name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
_NOTHING = {
    "local": {},
    "session": {},
    "cookies": "",
    "databases": [],
    "caches": [],
    "workers": 0,
}


_FAILED_CONNECTION = re.compile("connection|Failed to load resource", re.IGNORECASE).search
_COMES_BACK_SECONDS = 40
"""The longest pause between two attempts, and the attempt."""


async def _call(arrive: Arrive, pair: Pair, **options: str) -> tuple[Person, Person]:
    first, second = [await (await arrive(browser, **options)).start() for browser in pair]
    await meet(first, second)
    return first, second


def _forgive_lost_connections(*people: Person) -> None:
    """Engines note every failed connection, which is right while there is no server."""
    for person in people:
        record = person.page.record
        lines = record.errors + record.exceptions
        assert [line for line in lines if not _FAILED_CONNECTION(line)] == []
        record.errors.clear()
        record.exceptions.clear()


# Devices


async def test_a_lost_camera_is_told_to_both_and_comes_back_on_request(
    arrive: Arrive, mixed_pair: Pair
) -> None:
    first, second = await _call(arrive, mixed_pair, script=_CABLES)
    await first.page.evaluate("cables.unplug('video')")
    await first.reads(TEXTS["notice.lost.camera"])
    await second.reads(TEXTS["talking.off"])
    await second.hears_sound()
    await first.sees_moving_pictures()

    await first.page.evaluate("cables.plugIn('video')")
    await first.press("Turn camera off")
    await second.sees_moving_pictures()


async def test_a_lost_microphone_gives_way_to_another(arrive: Arrive, chromium: Chromium) -> None:
    first, second = await _call(arrive, (chromium, chromium), script=_CABLES)
    await first.page.evaluate("cables.break('audio')")
    await first.reads(TEXTS["notice.switched.microphone"].partition("{")[0])
    await second.hears_sound()
    await second.sees_moving_pictures()


async def test_a_lost_microphone_without_another_is_told_to_both(
    arrive: Arrive, chromium: Chromium
) -> None:
    first, second = await _call(arrive, (chromium, chromium), script=_CABLES)
    await first.page.evaluate("cables.unplug('audio')")
    await first.reads(TEXTS["notice.lost.microphone"])
    await second.reads(TEXTS["call.muted"])
    await second.sees_moving_pictures()
    await first.says("I can still write")
    await second.reads_line("I can still write")


# Pages


async def test_a_reload_in_mid_call_ends_it_clearly_and_leaves_nothing_behind(
    arrive: Arrive, mixed_pair: Pair
) -> None:
    first, second = await _call(arrive, mixed_pair)
    await first.says("a secret")
    await second.reads_line("a secret")
    await first.page.reload()
    await second.sees("ended.left", timeout=5)
    await first.sees("lobby.title")
    assert await first.page.evaluate(_KEPT) == _NOTHING
    assert await second.page.evaluate(_KEPT) == _NOTHING
    assert await first.lines() == []

    await first.press("Start")  # the declaration holds for as long as the tab
    await first.sees("searching.title")


async def test_a_connection_that_drops_without_goodbye_is_told_apart_from_leaving(
    arrive: Arrive, chromium: Chromium
) -> None:
    first, second = [await (await arrive(chromium)).start("Text") for _ in range(2)]
    await meet(first, second)
    await first.page.evaluate(
        """() => {
          WebSocket.prototype.send = () => undefined
          probe.connections.find((each) => each.connectionState === 'connected').close()
        }"""
    )
    await second.sees("ended.lost")
    await second.reads(TEXTS["ended.lost.body"])


# The service


async def test_a_killed_server_ends_no_call(
    arrive: Arrive, serve: Serve, chromium: Chromium, firefox: Firefox
) -> None:
    port = str(free_port())
    server = await serve("--port", port)
    first, second = await _call(arrive, (chromium, firefox), url=server.url)
    await server.kill()
    for person in (first, second):
        await person.reads(TEXTS["service.reconnecting"])
    await asyncio.gather(
        first.sees_moving_pictures(),
        second.sees_moving_pictures(),
        first.hears_sound(),
        second.hears_sound(),
    )
    await first.says("are you there?")
    await second.reads_line("are you there?")

    await serve("--port", port)
    for person in (first, second):
        await person.no_longer_reads(TEXTS["service.reconnecting"], timeout=_COMES_BACK_SECONDS)
        await person.sees("talking.title")
        await person.sees_moving_pictures()
    await second.says("still here")
    await first.reads_line("still here")

    third = await arrive(chromium, url=server.url)
    await third.start()
    await first.press("Next")
    await second.sees("ended.left")
    await meet(first, third)
    _forgive_lost_connections(first, second, third)


@pytest.mark.parametrize("phase", ["searching", "talking"])
async def test_a_restart_is_announced_and_visitors_come_back(
    arrive: Arrive, serve: Serve, chromium: Chromium, phase: str
) -> None:
    port = str(free_port())
    options = ("--port", port, "--restart-spread", "1")
    server = await serve(*options)
    first = await (await arrive(chromium, url=server.url)).start("Text")
    people = [first]
    if phase == "talking":
        people.append(await (await arrive(chromium, url=server.url)).start("Text"))
        await meet(*people)
    await server.stop()
    for person in people:
        await person.is_told(TEXTS["service.restarting"])

    await serve(*options)
    if phase == "searching":
        people.append(await (await arrive(chromium, url=server.url)).start("Text"))
    await meet(*people)
    await first.says("back")
    await people[1].reads_line("back")
    _forgive_lost_connections(*people)
