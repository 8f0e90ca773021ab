"""What is in git is what is served; it is light, and nothing else is ever asked for."""

import asyncio
import subprocess
from contextlib import closing
from http.client import HTTPConnection
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from tests.browser.conftest import Arrive, Pair
from tests.browser.drivers.page import Browser
from tests.browser.people import meet
from tests.gates.tools import ROOT

_SOURCE: Final = "src/chatzyo/web"
_WEB: Final = files("chatzyo") / "web"

MAX_FIRST_SCREEN_BYTES: Final = 60_000
"""Compressed, as they cross the network; the promise of the project."""

_NOTES_WHEN_START_IS_USABLE = """
  new MutationObserver((_, observer) => {
    if (!document.querySelector('#preview > *')) return
    globalThis.usableAt ??= performance.now()
    observer.disconnect()
  }).observe(document, { childList: true, subtree: true })
"""
"""The preview is made by the task that also makes the buttons work."""

_FETCHED = """[...performance.getEntriesByType('navigation'),
    ...performance.getEntriesByType('resource')]
  .filter(({ startTime }) => startTime <= usableAt)
  .map(({ name, encodedBodySize, decodedBodySize }) => [name, encodedBodySize, decodedBodySize])"""


async def test_the_first_screen_is_light(browser: Browser, arrive: Arrive) -> None:
    person = await arrive(browser, script=_NOTES_WHEN_START_IS_USABLE)
    await person.page.wait_until("globalThis.usableAt")
    fetched = await person.page.evaluate(_FETCHED)
    assert {urlsplit(name).path for name, _, _ in fetched} >= {"/", "/js/main.js", "/app.css"}
    assert all(0 < encoded < decoded for _, encoded, decoded in fetched)
    assert sum(encoded for _, encoded, _ in fetched) < MAX_FIRST_SCREEN_BYTES


async def test_a_whole_visit_asks_only_its_origin_for_tracked_files(
    arrive: Arrive, mixed_pair: Pair
) -> None:
    people = [await (await arrive(browser)).start() for browser in mixed_pair]
    await meet(*people)
    for person in people:
        await person.sees_moving_pictures()
    await people[0].press("Stop")
    await people[1].sees("ended.left")

    tracked = _tracked()
    for person in people:
        requests = {urlsplit(url) for url in person.page.record.requests}
        origin = await person.page.evaluate("location.host")
        assert {request.netloc for request in requests} == {origin}
        assert {request.scheme for request in requests} <= {"http", "ws"}
        paths = {request.path for request in requests} - {"/ws"}
        assert len(paths) > 50
        for path in paths:
            name = path.strip("/") or "index.html"
            assert f"{_SOURCE}/{name}" in tracked
            served = await asyncio.to_thread(_get, origin, path)
            assert served == _WEB.joinpath(name).read_bytes()


def _tracked() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", _SOURCE], cwd=ROOT, capture_output=True, check=True
    )
    return set(listed.stdout.decode().split("\0"))


def _get(host: str, path: str) -> bytes:
    with closing(HTTPConnection(host)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()
