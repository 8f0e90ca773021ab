"""However the question for camera and microphone ends, the page explains it and leads on.

Real engines where they can produce the situation; elsewhere getUserMedia ends as the script says.
"""

from dataclasses import dataclass

import pytest

from tests.browser.conftest import Arrive, Launch, Serve, Visit
from tests.browser.drivers.chromium import Chromium, ChromiumPage
from tests.browser.drivers.firefox import Firefox
from tests.browser.drivers.page import Browser, Media
from tests.browser.people import TEXTS, Person, meet
from tests.browser.server import free_port, own_address

_ENDS = """
  globalThis.rejections = [%s]
  const devices = globalThis.MediaDevices?.prototype
  const original = devices?.getUserMedia
  if (devices) devices.getUserMedia = async function (constraints) {
    const [name, message, after] = globalThis.rejections.shift() ?? []
    if (name) {
      await new Promise((resolve) => setTimeout(resolve, after))
      throw new DOMException(message, name)
    }
    return original.call(this, constraints)
  }
"""
_BY_A_PERSON_MS = 400
"""Slower than a refusal that the browser remembered."""

_NEVER_ANSWERS = (
    "if (globalThis.MediaDevices) MediaDevices.prototype.getUserMedia = () => new Promise(() => {})"
)
_NO_INTERFACE = """
  Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined })
"""
_IN_APP = f"""{_NO_INTERFACE}
  const agent = 'Mozilla/5.0 (Linux; Android 15; wv) AppleWebKit/537.36 Chrome/140 Mobile'
  Object.defineProperty(Navigator.prototype, 'userAgent', {{ get: () => agent }})
"""


def _ends(name: str, message: str, after: int = 0) -> str:
    return _ENDS % f"[{name!r}, {message!r}, {after}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class _End:
    """How getUserMedia ends, and which of the page's explanations belongs to it."""

    outcome: str
    script: str


_RETRIED = (
    _End(
        outcome="refused",
        script=_ends("NotAllowedError", "Permission denied", _BY_A_PERSON_MS),
    ),
    _End(outcome="blocked", script=_ends("NotAllowedError", "Permission denied")),
    _End(
        outcome="dismissed",
        script=_ends("NotAllowedError", "Permission dismissed", _BY_A_PERSON_MS),
    ),
    _End(
        outcome="system",
        script=_ends("NotAllowedError", "Permission denied by system", _BY_A_PERSON_MS),
    ),
    _End(outcome="missing", script=_ends("NotFoundError", "Requested device not found")),
    _End(outcome="busy", script=_ends("NotReadableError", "Could not start video source")),
    _End(outcome="busy", script=_ends("AbortError", "Starting videoinput failed")),
    _End(outcome="failed", script=_ends("TypeError", "something new")),
)


async def _is_explained(person: Person, outcome: str) -> None:
    await person.reads(TEXTS[f"help.{outcome}.title.video"])
    await person.reads(TEXTS[f"help.{outcome}.body"])


async def _goes_on_with_text(person: Person, other: Person) -> None:
    await person.press(TEXTS["act.text"])
    await other.start("Text")
    await meet(person, other)
    await person.says("words do")
    await other.reads_line("words do")


@pytest.mark.parametrize("end", _RETRIED, ids=lambda end: end.outcome)
async def test_after_an_explanation_trying_again_leads_to_a_call(
    arrive: Arrive, chromium: Chromium, end: _End
) -> None:
    person = await arrive(chromium, script=end.script)
    other = await arrive(chromium)
    await person.start()
    await _is_explained(person, end.outcome)
    await person.press(TEXTS["act.retry"])
    await other.start()
    await meet(person, other)


@pytest.mark.parametrize("outcome", ["refused", "missing"])
async def test_after_an_explanation_voice_leads_to_a_call(
    arrive: Arrive, firefox: Firefox, outcome: str
) -> None:
    end = next(each for each in _RETRIED if each.outcome == outcome)
    person = await arrive(firefox, script=end.script)
    other = await arrive(firefox)
    await person.start()
    await _is_explained(person, outcome)
    await person.press(TEXTS["act.voice"])
    await other.start("Voice")
    await meet(person, other)
    await other.hears_sound()


@pytest.mark.parametrize(("media", "outcome"), [("denied", "blocked"), ("missing", "missing")])
async def test_what_a_real_engine_withholds_is_explained_and_text_leads_on(
    launch: Launch, arrive: Arrive, media: Media, outcome: str
) -> None:
    browser = await launch(media)
    person, other = await arrive(browser), await arrive(browser)
    await person.start()
    await _is_explained(person, outcome)
    await _goes_on_with_text(person, other)


async def test_a_permission_given_in_the_browsers_settings_is_noticed(
    visit: Visit, site: str
) -> None:
    browser = await Chromium.launch("denied")
    page = await visit(browser, site)
    assert isinstance(page, ChromiumPage)
    await page.block_devices()
    person = Person(page)
    await person.start()
    await _is_explained(person, "blocked")
    await page.allow_devices()
    await person.reads(TEXTS["preview.notYet"])
    await person.press("Start")
    await person.sees("searching.title")
    await browser.close()


async def test_a_question_that_stays_open_points_to_it_and_offers_ways_around(
    arrive: Arrive, chromium: Chromium
) -> None:
    person = await arrive(chromium, script=_NEVER_ANSWERS)
    other = await arrive(chromium)
    await person.start()
    await person.reads(TEXTS["asking.title"])
    await person.reads(TEXTS["slow.title"])
    await person.reads(TEXTS["slow.body"])
    await _goes_on_with_text(person, other)


@pytest.mark.parametrize(
    ("script", "outcome"),
    [(_IN_APP, "webview"), (_NO_INTERFACE, "unsupported")],
    ids=["webview", "unsupported"],
)
async def test_a_browser_without_the_interface_says_so_and_text_leads_on(
    browser: Browser, arrive: Arrive, script: str, outcome: str
) -> None:
    person, other = await arrive(browser, script=script), await arrive(browser)
    await person.start()
    await _is_explained(person, outcome)
    await _goes_on_with_text(person, other)


async def test_plain_http_is_explained_with_its_cure(
    browser: Browser, arrive: Arrive, serve: Serve
) -> None:
    """Without a secure context there are neither devices nor keys, so no way on but https."""
    port = free_port()
    url = f"http://{own_address()}:{port}"
    await serve("--host", "0.0.0.0", "--port", str(port), "--origins", url)
    person = await arrive(browser, url=url)
    assert await person.page.evaluate("isSecureContext") is False
    await person.start()
    await _is_explained(person, "insecure")
    await person.reads("--tls local")
    # Chromium says that it leaves out a header which means nothing without https.
    errors = person.page.record.errors
    assert all("Cross-Origin-Opener-Policy" in line for line in errors)
    errors.clear()
