"""Everything can be done by keyboard, and the focus is always somewhere."""

from typing import Any, Final

from tests.browser.conftest import Arrive
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import PHONE, Browser
from tests.browser.people import TEXTS, Person, meet

UNDO_WINDOW_MS: Final = 2000

_FOCUS = """(() => {
  const element = document.activeElement
  const shown = (each) => each && getComputedStyle(each).outlineStyle !== 'none'
  return {
    tag: element.localName,
    name: element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent,
    marked: shown(element) || shown(element.closest('label')),
  }
})()"""
_MORE_THAN_ALL_STOPS = 60


async def _focus(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = await person.page.evaluate(_FOCUS)
    assert found["tag"] != "body", "the focus is lost"
    return found


async def _tab_to(person: Person, name: str, keys: str = "Tab") -> None:
    """Press Tab until the control of this name has the focus; every stop must show itself."""
    for _ in range(_MORE_THAN_ALL_STOPS):
        await person.press_key(keys)
        focus = await _focus(person)
        assert focus["marked"], f"nothing shows that {focus} has the focus"
        if focus["name"] == name:
            return
    raise AssertionError(f"{keys} never reaches {name!r}")


async def _chat(arrive: Arrive, browser: Browser) -> tuple[Person, Person]:
    first, second = [await (await arrive(browser)).start("Text") for _ in range(2)]
    await meet(first, second)
    return first, second


async def test_a_whole_visit_needs_no_mouse(browser: Browser, arrive: Arrive) -> None:
    person, other = await arrive(browser), await arrive(browser)
    await _tab_to(person, TEXTS["lobby.adult"])
    await person.press_key("Space")
    await _tab_to(person, "Start")
    await person.press_key("Enter")
    await person.sees("searching.title")
    await _focus(person)

    await other.start()
    await meet(person, other)
    await _focus(person)
    await person.press_key("t")
    assert (await _focus(person))["name"] == "Message"
    for key in "hi":
        await person.press_key(key)
    await person.press_key("Enter")
    await other.reads_line("hi")
    assert (await _focus(person))["name"] == "Message"

    await _tab_to(person, "Mute microphone", "Shift+Tab")
    await person.press_key("Space")
    await other.reads(TEXTS["call.muted"])
    await _tab_to(person, "Next")
    await person.press_key("Enter")
    await other.sees("ended.left")
    await person.sees("searching.title")
    await _focus(person)
    await _focus(other)

    await _tab_to(person, "Stop")
    await person.press_key("Enter")
    await person.sees("lobby.title")
    await _focus(person)


async def test_modes_are_chosen_with_the_arrow_keys(browser: Browser, arrive: Arrive) -> None:
    person = await arrive(browser)
    await _tab_to(person, "Video")
    await person.press_key("ArrowRight")
    await person.press_key("ArrowRight")
    await person.reads(TEXTS["prime.text.title"])
    assert (await _focus(person))["name"] == "Text"


async def test_start_without_the_declaration_leads_to_it(arrive: Arrive, browser: Browser) -> None:
    person = await arrive(browser)
    await _tab_to(person, "Start")
    await person.press_key("Enter")
    await person.reads(TEXTS["lobby.adult.error"])
    assert (await _focus(person))["name"] == TEXTS["lobby.adult"]


async def test_escape_can_be_undone(browser: Browser, arrive: Arrive) -> None:
    first, second = await _chat(arrive, browser)
    await first.press_key("Escape")
    await first.press("Undo")
    await first.press_key("Escape")
    await first.page.see("button", "Undo")
    await first.press_key("Control+z")
    await first.is_told(TEXTS["say.undone"])
    # Only time can show that nothing happens any more.
    await first.page.evaluate(f"new Promise((done) => setTimeout(done, {UNDO_WINDOW_MS + 200}))")
    await meet(first, second)
    await first.says("I stay")
    await second.reads_line("I stay")


async def test_escape_leaves_when_it_is_not_undone(browser: Browser, arrive: Arrive) -> None:
    first, second = await _chat(arrive, browser)
    await first.press_key("Escape")
    await first.page.see("button", "Undo")
    await first.sees("searching.title")
    await second.sees("ended.left")
    await _focus(first)
    await _focus(second)


async def test_escape_twice_leaves_at_once(browser: Browser, arrive: Arrive) -> None:
    first, second = await _chat(arrive, browser)
    await first.press_key("Escape")
    await first.press_key("Escape")
    title = await first.page.evaluate("document.querySelector('h1').textContent")
    assert title == TEXTS["searching.title"]
    await second.sees("ended.left")


async def test_enter_sends_and_shift_enter_starts_a_line(browser: Browser, arrive: Arrive) -> None:
    first, second = await _chat(arrive, browser)
    assert (await _focus(first))["name"] == "Message"
    await first.press_key("a")
    await first.press_key("Shift+Enter")
    await first.press_key("b")
    await first.press_key("Enter")
    await second.reads_line("a\nb")
    await first.press_key("Enter")
    await first.says("not empty")
    await second.reads_line("not empty")
    assert await second.lines() == ["a\nb", "not empty"]


async def test_letters_act_only_outside_of_fields(arrive: Arrive, chromium: Chromium) -> None:
    first, second = [await (await arrive(chromium)).start("Voice") for _ in range(2)]
    await meet(first, second)
    await first.press_key("m")
    await second.reads(TEXTS["call.muted"])
    await first.press_key("m")
    await second.no_longer_reads(TEXTS["call.muted"])
    await first.press_key("t")
    for key in "ms":
        await first.press_key(key)
    await first.press_key("Enter")
    await second.reads_line("ms")
    await second.no_longer_reads(TEXTS["call.muted"])


async def test_escape_closes_what_lies_over_the_call_before_it_leaves(
    arrive: Arrive, chromium: Chromium
) -> None:
    first, second = [await (await arrive(chromium)).start("Voice") for _ in range(2)]
    await meet(first, second)
    await first.press_key("?")
    await first.reads(TEXTS["shortcuts.undo"])
    await first.press_key("Escape")
    await first.no_longer_reads(TEXTS["shortcuts.undo"])

    await first.page.set_viewport(*PHONE)
    await first.press("Chat")
    assert (await _focus(first))["name"] == "Message"
    await first.press_key("Escape")
    assert (await _focus(first))["name"] == "Chat"
    assert not await first.page.evaluate(
        "(text) => [...document.querySelectorAll('button')]"
        ".some((each) => each.textContent === text && each.checkVisibility())",
        "Undo",
    )
    await meet(first, second)
