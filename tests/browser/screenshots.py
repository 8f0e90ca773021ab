"""Takes the screenshots of the documentation: python -m tests.browser.screenshots [FOLDER]."""

import asyncio
import base64
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.browser.drivers.chromium import Chromium, ChromiumPage
from tests.browser.drivers.page import DESKTOP, PHONE
from tests.browser.people import TEXTS, Mode, Person, meet
from tests.browser.server import Server
from tests.gates.tools import ROOT

_FOLDER: Final = ROOT / "docs/images"
_DRAWING: Final = Path(__file__).with_name("portraits.js")
_FRAMES: Final = 24
_COLOURS: Final = "128"
_CONVERSATION: Final = (
    "Hi! Where does this find you?",
    "Lisbon, on the balcony. And you?",
    "Chennai. The rain has just started 👏",
    "Then tell me everything about the rain.",
)


_DEVICE_NAMES: Final = """
  const names = { videoinput: 'Camera', audioinput: 'Microphone', audiooutput: 'Speakers' }
  Object.defineProperty(MediaDeviceInfo.prototype, 'label', { get() { return names[this.kind] } })
"""
"""Chromium names a fake device after its file."""

_IS_SETTLED: Final = """[...document.querySelectorAll('video')]
    .filter((each) => each.srcObject && each.checkVisibility())
    .every(({ currentTime, videoWidth }) => currentTime > 2 && videoWidth > 600)
  && document.getAnimations().every(({ playState, effect }) =>
    playState !== 'running' || effect.getTiming().iterations === Infinity)"""
"""Two seconds are enough for the encoder to reach a clear picture."""


async def take(folder: Path) -> None:
    """Every screenshot, from real calls between two Chromiums."""
    folder.mkdir(parents=True, exist_ok=True)
    server = await Server.start()
    with tempfile.TemporaryDirectory() as clips:
        await _film(Path(clips))
        async with _camera(Path(clips, "ben")) as mine, _camera(Path(clips, "anna")) as theirs:
            for look in ("light", "dark"):
                for kind, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
                    me = await _arrive(mine, server, viewport, dark=look == "dark")
                    stranger = await _arrive(theirs, server, DESKTOP)
                    await _visit(me, stranger, folder, kind, look)
            me = await _arrive(mine, server, PHONE)
            await _write(me, await _arrive(theirs, server, DESKTOP), folder)
    await server.stop()


async def _visit(me: Person, stranger: Person, shots: Path, kind: str, look: str) -> None:
    is_first = look == "light"
    await me.press(TEXTS["act.open.video"])
    await me.reads(TEXTS["preview.notYet"])
    if is_first:
        await _shoot(me, shots / f"lobby-{kind}.png")
    await me.start()
    await me.sees("searching.title")
    if is_first:
        await _shoot(me, shots / f"searching-{kind}.png")
    await stranger.start()
    await meet(me, stranger)
    await me.sees_moving_pictures()
    if kind == "desktop":
        await _talk(me, stranger)
    await _shoot(me, shots / f"call-{kind}-{look}.png")
    await stranger.press("Stop")
    await me.sees("ended.left")
    if is_first:
        await _shoot(me, shots / f"ended-{kind}.png")
    await _leave(me, stranger)


async def _write(me: Person, stranger: Person, folder: Path) -> None:
    mode: Mode = "Text"
    await me.start(mode)
    await stranger.start(mode)
    await meet(me, stranger)
    await _talk(me, stranger)
    await _shoot(me, folder / "text-phone.png")
    await _leave(me, stranger)


async def _talk(me: Person, stranger: Person) -> None:
    for turn, line in enumerate(_CONVERSATION):
        speaker, listener = (me, stranger) if turn % 2 else (stranger, me)
        await speaker.says(line)
        await listener.reads_line(line)


async def _shoot(person: Person, path: Path) -> None:
    """Wait until every picture plays and nothing moves across the screen."""
    await person.page.evaluate("scrollTo(0, 0)")
    await person.page.wait_until(_IS_SETTLED)
    await person.page.screenshot(path)
    await _shrink(path)


async def _shrink(path: Path) -> None:
    """Keep so many colours that nobody sees the difference; video noise is what PNG is bad at."""
    options = ("--force", "--nofs", "--speed", "1", "--output", str(path))
    tool = await asyncio.create_subprocess_exec("pngquant", *options, _COLOURS, str(path))
    if await tool.wait():
        raise SystemExit(f"pngquant could not read {path}")


async def _arrive(
    browser: Chromium, server: Server, viewport: tuple[int, int], *, dark: bool = False
) -> Person:
    page = await browser.new_page(viewport, dark=dark, touch=viewport == PHONE)
    await page.add_script(_DEVICE_NAMES)
    await page.goto(server.url)
    return Person(page)


async def _leave(*people: Person) -> None:
    for person in people:
        await person.page.close()


async def _film(folder: Path) -> None:
    """Write what each camera will see as motion JPEG, the format Chromium plays as a camera."""
    browser = await Chromium.launch()
    page = await browser.new_page()
    await page.goto("about:blank")
    await page.evaluate(f"() => {{ {_DRAWING.read_text()} }}")
    for name in ("anna", "ben"):
        frames = [await _draw(page, name, step) for step in range(_FRAMES)]
        Path(folder, f"{name}.mjpeg").write_bytes(b"".join(frames))
    await browser.close()


async def _draw(page: ChromiumPage, name: str, step: int) -> bytes:
    angle = step * 2 * 3.14159 / _FRAMES
    return base64.b64decode(await page.evaluate(f"drawPortrait('{name}', {angle})"))


@asynccontextmanager
async def _camera(clip: Path) -> AsyncIterator[Chromium]:
    path = clip.with_suffix(".mjpeg")
    browser = await Chromium.launch(arguments=[f"--use-file-for-fake-video-capture={path}"])
    yield browser
    await browser.close()


if __name__ == "__main__":
    if shutil.which("pngquant") is None:
        raise SystemExit("The screenshots need pngquant: apt-get install pngquant")
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER))
