"""Every screen, in light and dark, on a desktop and a phone, passes axe and has its names."""

from typing import Final

from tests.browser.conftest import Arrive
from tests.browser.drivers.chromium import Chromium, ChromiumPage
from tests.browser.drivers.page import DESKTOP, PHONE
from tests.browser.people import TEXTS, Person, meet
from tests.gates.tools import ROOT

MIN_TARGET_PX: Final = 44

_REFUSES_ONCE = """
  const devices = MediaDevices.prototype
  const original = devices.getUserMedia
  let asked = 0
  devices.getUserMedia = async function (constraints) {
    asked += 1
    if (asked === 1) throw new DOMException('Permission denied', 'NotAllowedError')
    return original.call(this, constraints)
  }
"""

_AXE: Final = ROOT / "node_modules/axe-core/axe.min.js"
_VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  })
  return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    [id, node.target.join(' '), node.failureSummary]))
}"""

_IS_STILL = (
    "document.getAnimations().every(({ playState, effect }) => "
    "playState !== 'running' || effect.getTiming().iterations === Infinity)"
)

_SMALL_TARGETS = """(least) =>
  [...document.querySelectorAll('button, a, input, select, textarea, summary')]
    .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((each) => [each.closest('label') ?? each, each])
    .map(([target, each]) => [target.getBoundingClientRect(), each.ariaLabel ?? each.textContent])
    .filter(([{ width, height }]) => Math.min(width, height) < least)
    .map(([{ width, height }, name]) => [name, width, height])"""


async def _open(arrive: Arrive, chromium: Chromium, script: str = "") -> Person:
    person = await arrive(chromium, script=script)
    await person.page.evaluate(f"() => {{ {_AXE.read_text()} }}")
    return person


async def _check(person: Person, *viewports: tuple[int, int]) -> None:
    """Look at the screen as it is in all its looks; the last one stays."""
    page = person.page
    assert isinstance(page, ChromiumPage)
    for viewport in viewports or (PHONE, DESKTOP):
        await page.set_viewport(*viewport)
        for dark in (True, False):
            await page.set_dark(dark=dark)
            await page.wait_until(_IS_STILL)
            assert await page.evaluate(_VIOLATIONS) == [], (viewport, dark)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def _check_targets(person: Person) -> None:
    for viewport in (PHONE, DESKTOP):
        await person.page.set_viewport(*viewport)
        assert await person.page.evaluate(_SMALL_TARGETS, MIN_TARGET_PX) == []


async def test_screens_before_a_call(arrive: Arrive, chromium: Chromium) -> None:
    person = await _open(arrive, chromium, _REFUSES_ONCE)
    await _check(person)
    await person.press(TEXTS["shortcuts.title"])
    await person.reads(TEXTS["shortcuts.letters"])
    await _check(person)
    await person.press(TEXTS["call.done"])
    await person.press(TEXTS["act.open.video"])
    await person.reads(TEXTS["help.blocked.title.video"])
    await _check(person)
    await person.press(TEXTS["act.retry"])
    await person.reads(TEXTS["preview.notYet"])
    await _check(person)
    await person.start()
    await person.sees("searching.title")
    await _check(person)


async def test_screens_of_a_video_call(arrive: Arrive, chromium: Chromium) -> None:
    person, other = await _open(arrive, chromium), await arrive(chromium)
    await person.start()
    await other.start()
    await meet(person, other)
    await person.sees_moving_pictures()
    await _check(person)
    await _check_targets(person)
    await person.press(TEXTS["call.settings"])
    await person.reads(TEXTS["device.microphone"])
    await _check(person)
    await person.press(TEXTS["call.done"])

    await person.press("Turn camera off")
    await other.press("Turn camera off")
    await person.reads(TEXTS["talking.off"])
    await _check(person)
    await person.press_key("Escape")
    await person.page.see("button", "Undo")
    await _check_targets(person)
    await person.press("Undo")
    await other.press("Stop")
    await person.sees("ended.left")
    await _check(person)
    await _check_targets(person)


async def test_screens_with_the_chat(arrive: Arrive, chromium: Chromium) -> None:
    person, other = await _open(arrive, chromium), await arrive(chromium)
    await person.start("Voice")
    await other.start("Voice")
    await meet(person, other)
    await other.says("a line to be read")
    await person.reads_line("a line to be read")
    await person.says("an answer")
    await _check(person, DESKTOP)
    await person.page.set_viewport(*PHONE)
    await person.press("Chat")
    await other.page.fill("textbox", "Message", "typing")
    await person.reads(TEXTS["chat.typing"])
    await _check(person, PHONE)
    assert await person.page.evaluate(_SMALL_TARGETS, MIN_TARGET_PX) == []


async def test_screens_of_a_conversation_by_text(arrive: Arrive, chromium: Chromium) -> None:
    person, other = await _open(arrive, chromium), await arrive(chromium)
    await person.start("Text")
    await other.start("Text")
    await meet(person, other)
    await other.says("hello")
    await person.says("hello yourself")
    await _check(person)
    await _check_targets(person)


async def test_the_promised_names_are_there(arrive: Arrive, chromium: Chromium) -> None:
    person, other = await arrive(chromium), await arrive(chromium)
    await person.page.see("button", "Start")
    await other.start()
    await person.start()
    await meet(person, other)
    for name in ("Next", "Stop", "Mute microphone", "Turn camera off", "Send"):
        await person.page.see("button", name)
    await person.page.see("textbox", "Message")
    for name in ("Stranger", "You"):
        await person.page.wait_until(
            "(name) => document.querySelector(`video[aria-label='${name}']`)?.checkVisibility()",
            name,
        )
