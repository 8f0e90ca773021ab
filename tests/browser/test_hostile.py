"""A stranger with a modified client can end a conversation, and do no more."""

import json
from unicodedata import normalize

import pytest

from tests.browser.conftest import Arrive
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import PHONE, Browser
from tests.browser.people import TEXTS, Person, meet

_TEXT_LIMIT = 2000

_HOSTILE_TEXTS = (
    "<script>globalThis.harmed = true</script><img src=x onerror='globalThis.harmed = true'>",
    "\u202egnp.exe\u202c \u2067left\u2069 \u2066right\u2069 \u200f\u200e",
    "\u202e" * 200 + "unclosed",
    "a" + "\u0338" * (_TEXT_LIMIT - 1),
    "e\u0323\u0330\u0489" * (_TEXT_LIMIT // 4),
    "W" * _TEXT_LIMIT,
    "\n" * (_TEXT_LIMIT - 1) + "!",
    "javascript:alert(1) https://example.com/ &lt;b&gt; {{7*7}} ${7*7}",
    "𒐫﷽" * (_TEXT_LIMIT // 3),
)

_RAW_CHANNEL = """
  const channels = []
  const create = RTCPeerConnection.prototype.createDataChannel
  RTCPeerConnection.prototype.createDataChannel = function (...wanted) {
    channels.push(create.apply(this, wanted))
    return channels.at(-1)
  }
  globalThis.sendRaw = (data) => channels.find((each) => each.readyState === 'open').send(data)
"""

# A received card is written again by the page, to compare its spelling: that one is spared.
_FORGED_CARD = """
  const { parse, stringify } = JSON
  const received = new WeakSet()
  const forge = %s
  JSON.parse = (...wanted) => {
    const value = parse(...wanted)
    if (value?.k === 'card') received.add(value)
    return value
  }
  JSON.stringify = (value, ...rest) => {
    if (value?.k === 'card' && !received.has(value)) forge(value.card)
    return stringify(value, ...rest)
  }
"""

_FORGED_SIGNAL = """
  const send = WebSocket.prototype.send
  const forge = %s
  WebSocket.prototype.send = function (text) {
    const message = JSON.parse(text)
    if (message.type === 'signal') forge(message)
    send.call(this, JSON.stringify(message))
  }
"""

# Else its page gives up first and says so, and the victim is told that it left.
_STAYS = """
  {
    const send = WebSocket.prototype.send
    WebSocket.prototype.send = function (text) {
      if (JSON.parse(text).type !== 'leave') send.call(this, text)
    }
  }
"""

_HAS_NO_OVERFLOW = """() => {
  const { scrollWidth, scrollHeight } = document.documentElement
  return scrollWidth <= innerWidth && scrollHeight <= innerHeight
}"""


async def _meet_a_modified_client(
    arrive: Arrive, browser: Browser, chromium: Chromium
) -> tuple[Person, Person]:
    hostile = await (await arrive(chromium, script=_RAW_CHANNEL)).start("Text")
    victim = await (await arrive(browser)).start("Text")
    await meet(hostile, victim)
    return hostile, victim


async def _sends(hostile: Person, text: str) -> None:
    await hostile.page.evaluate("(raw) => sendRaw(raw)", json.dumps({"k": "text", "text": text}))


async def test_hostile_text_is_shown_as_text_and_stays_in_its_place(
    browser: Browser, arrive: Arrive, chromium: Chromium
) -> None:
    hostile, victim = await _meet_a_modified_client(arrive, browser, chromium)
    for text in _HOSTILE_TEXTS:
        await _sends(hostile, text)
        await victim.reads_line(normalize("NFC", text))
        await victim.page.wait_until(_HAS_NO_OVERFLOW)
    assert await victim.page.evaluate("globalThis.harmed === undefined")
    assert await victim.page.evaluate("document.querySelector('[role=log] :is(a, img)')") is None
    for viewport in (PHONE, (320, 640)):
        await victim.page.set_viewport(*viewport)
        await victim.page.wait_until(_HAS_NO_OVERFLOW)
    await victim.says("unimpressed")
    await hostile.reads_line("unimpressed")


async def test_what_the_page_itself_sends_is_clipped_to_the_limit(
    browser: Browser, arrive: Arrive
) -> None:
    first, second = [await (await arrive(browser)).start("Text") for _ in range(2)]
    await meet(first, second)
    await first.page.evaluate(
        """(text) => {
          const field = document.querySelector('textarea')
          field.value = text
          field.dispatchEvent(new Event('input', { bubbles: true }))
        }""",
        "x" + "\u0300" * 5000,
    )
    await first.press("Send")
    await second.page.wait_until("document.querySelector('[role=log] p') !== null")
    assert await second.lines() == await first.lines() == ["x" + "\u0300" * (_TEXT_LIMIT - 1)]
    await second.page.wait_until(_HAS_NO_OVERFLOW)


@pytest.mark.parametrize(
    "expression",
    [
        "'not JSON'",
        "JSON.stringify({ k: 'text', text: 'x', extra: 1 })",
        "JSON.stringify({ k: 'text', text: '\\ud800' })",
        f"JSON.stringify({{ k: 'text', text: 'x'.repeat({_TEXT_LIMIT + 1}) }})",
        "'['.repeat(20_000)",
        "new Uint8Array([1, 2, 3])",
    ],
)
async def test_what_our_page_would_never_send_ends_the_call_visibly(
    arrive: Arrive, chromium: Chromium, expression: str
) -> None:
    hostile, victim = await _meet_a_modified_client(arrive, chromium, chromium)
    await hostile.page.evaluate(f"sendRaw({expression})")
    await _ended_as("broken", victim)


async def test_a_flood_of_messages_is_dropped_and_the_page_stays_usable(
    arrive: Arrive, chromium: Chromium
) -> None:
    hostile, victim = await _meet_a_modified_client(arrive, chromium, chromium)
    await hostile.page.evaluate(
        """() => {
          for (let i = 0; i < 5000; i += 1) sendRaw(JSON.stringify({ k: 'text', text: `${i}` }))
        }"""
    )
    await victim.says("enough")
    await hostile.reads_line("enough")
    assert len(await victim.lines()) < 200
    await victim.press("Next")
    await victim.sees("searching.title")


@pytest.mark.parametrize(
    ("script", "forge", "ending"),
    [
        (_FORGED_CARD, "(card) => { card.u = 'abcd\\r\\na=ice-lite' }", "broken"),
        (_FORGED_CARD, "(card) => { card.c = Array(17).fill(card.c[0]) }", "broken"),
        (_FORGED_SIGNAL, "(message) => { message.blob = 'AAAA' }", "sealed-broken"),
        (_FORGED_SIGNAL, "(message) => { message.seq = 7 }", "sealed-broken"),
    ],
)
async def test_a_forged_card_ends_the_call_visibly(
    arrive: Arrive, chromium: Chromium, script: str, forge: str, ending: str
) -> None:
    hostile = await arrive(chromium, script=script % forge)
    victim = await arrive(chromium)
    await hostile.start("Text")
    await victim.start("Text")
    await _ended_as(ending, victim)


async def test_a_card_that_names_another_certificate_leads_to_no_call(
    browser: Browser, arrive: Arrive, chromium: Chromium
) -> None:
    other_certificate = "(card) => { card.f = 'A'.repeat(43) }"
    script = _FORGED_CARD % other_certificate + _STAYS
    hostile = await arrive(chromium, script=script)
    victim = await arrive(browser)
    await hostile.start("Text")
    await victim.start("Text")
    await victim.page.wait_until(
        "(texts) => texts.includes(document.querySelector('h1').textContent)",
        [TEXTS[f"ended.{ending}"] for ending in ("failed", "identity-changed")],
        timeout=20,
    )


async def _ended_as(ending: str, victim: Person) -> None:
    await victim.sees(f"ended.{ending}")
    await victim.reads(TEXTS[f"ended.{ending}.body"])
    await victim.press("Next")
    await victim.sees("searching.title")
