"""Once two are connected, their certificates are fixed: whoever names another ends the call."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest

from chatzyo.sealing.base64url import encode
from tests.attack.conftest import Lure, Victim
from tests.attack.impostor import Impostor, Payload, application, candidate, card, fingerprint
from tests.attack.server import introduce, relaying
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import TEXTS, Person, meet

_SEAL_MORE: Final = """
  const channels = []
  const create = RTCPeerConnection.prototype.createDataChannel
  RTCPeerConnection.prototype.createDataChannel = function (...wanted) {
    channels.push(create.apply(this, wanted))
    return channels.at(-1)
  }
  const talking = () => channels.findLast(({ readyState }) => readyState === 'open')
  globalThis.sendRaw = (data) => talking().send(data)

  const { encrypt } = SubtleCrypto.prototype
  const numbered = (bytes, seq) => bytes.slice().fill(0, -8).fill(seq, -1)
  const pad = (text) => text.padEnd(Math.ceil(text.length / 1024) * 1024)
  SubtleCrypto.prototype.encrypt = function (algorithm, key, plain) {
    const { k, card } = JSON.parse(new TextDecoder().decode(plain))
    if (k === 'card') {
      globalThis.ownCard = card
      globalThis.sealMore = async ({ seq, payload }) => {
        const { name, iv, additionalData } = algorithm
        const more = {
          name,
          iv: numbered(iv, seq),
          additionalData: numbered(additionalData, seq),
        }
        const text = new TextEncoder().encode(pad(JSON.stringify(payload)))
        return [...new Uint8Array(await encrypt.call(this, more, key, text))]
      }
    }
    return encrypt.call(this, algorithm, key, plain)
  }
"""
"""Keeps the key of its records, so that it can seal whatever it likes under later numbers."""

Payloads = Callable[[Payload], list[Payload]]
"""What is said during the call, knowing the true card."""


def _renamed(true: Payload) -> Payload:
    return {**true, "f": fingerprint()}


def _another_certificate(kind: str, true: Payload) -> list[Payload]:
    return [{"k": kind, "card": _renamed(true)}]


_NO_PATH: Final = {"k": "ice", "candidate": candidate()}
_NO_LINE: Final = {"k": "ice", "candidate": candidate(foundation="1\r\na=x")}
_SDP: Final = {"k": "offer", "sdp": "v=0\r\n"}

_SAID: Final[dict[str, tuple[Payloads, str]]] = {
    "a card that names another certificate": (
        partial(_another_certificate, "card"),
        "identity-changed",
    ),
    "an answer that names another certificate": (
        partial(_another_certificate, "answer"),
        "identity-changed",
    ),
    "a card like the first": (lambda true: [{"k": "card", "card": true}], "broken"),
    "a card of another path": (
        lambda true: [{"k": "card", "card": {**true, "u": "dcba", "c": [candidate()]}}],
        "broken",
    ),
    "an answer": (lambda true: [{"k": "answer", "card": true}], "broken"),
    "a session description": (lambda _: [_SDP], "broken"),
    "too many candidates": (lambda _: [_NO_PATH] * 17, "broken"),
    "an odd candidate": (lambda _: [_NO_LINE], "broken"),
}


async def test_what_changes_a_connection_through_the_server_ends_the_call(
    lure: Lure, browser: Browser, chromium: Chromium
) -> None:
    hostile = await lure(chromium, script=_SEAL_MORE)
    victim = await lure(browser)
    for person, _ in (hostile, victim):
        await person.start("Text")
    for i, (name, (payloads, ending)) in enumerate(_SAID.items()):
        print(f"said: {name}")
        await _in_a_call(hostile, victim, payloads, ending, in_turn=i)


async def test_another_certificate_in_a_call_is_refused_in_all_of_20_attempts(
    lure: Lure, chromium: Chromium
) -> None:
    hostile = await lure(chromium, script=_SEAL_MORE)
    victim = await lure(chromium)
    for person, _ in (hostile, victim):
        await person.start("Text")
    for attempt in range(20):
        kind = "card" if attempt // 2 % 2 else "answer"
        said = partial(_another_certificate, kind)
        await _in_a_call(hostile, victim, said, "identity-changed", in_turn=attempt)


async def _in_a_call(
    hostile: Victim, victim: Victim, payloads: Payloads, ending: str, *, in_turn: int
) -> None:
    """Let two meet, in alternating roles; then one of them says this, sealed, by the server."""
    (attacker, at_attacker), (person, visitor) = hostile, victim
    await at_attacker.asks()
    await visitor.asks()
    pair = (at_attacker, visitor) if in_turn % 2 else (visitor, at_attacker)
    await introduce(*pair)
    async with relaying(at_attacker, visitor) as sent:
        await meet(attacker, person)
        told = await person.page.evaluate("told.length")
        number = sum(sender is at_attacker for sender, _ in sent)
        true = await attacker.page.evaluate("ownCard")
        for seq, payload in enumerate(payloads(true), start=number):
            what = {"seq": seq, "payload": payload}
            sealed = await attacker.page.evaluate("(what) => sealMore(what)", what)
            await visitor.signal(seq=seq, blob=encode(bytes(sealed)))
        await _is_told(person, ending)
        if payloads(true)[0]["k"] != "ice":
            assert await person.page.evaluate("told.length") == told
        await person.press("Next")
        await attacker.sees("ended.left")
        await attacker.press("Next")


async def test_a_description_on_the_channel_ends_the_call(
    lure: Lure, browser: Browser, chromium: Chromium
) -> None:
    attacker, at_attacker = await lure(chromium, script=_SEAL_MORE)
    person, visitor = await lure(browser)
    for each in (attacker, person):
        await each.start("Text")
    for said in (
        "{ k: 'card', card: { ...ownCard, f: 'A'.repeat(43) } }",
        "{ k: 'answer', card: ownCard }",
        "{ k: 'offer', sdp: 'v=0' }",
        "{ k: 'ice', candidate: ownCard.c[0] }",
    ):
        print(f"said: {said}")
        await at_attacker.asks()
        await visitor.asks()
        await introduce(at_attacker, visitor)
        async with relaying(at_attacker, visitor):
            await meet(attacker, person)
            told = await person.page.evaluate("told.length")
            await attacker.page.evaluate(f"sendRaw(JSON.stringify({said}))")
            await _is_told(person, "broken")
            assert await person.page.evaluate("told.length") == told
            await person.press("Next")
            await attacker.sees("ended.left")
            await attacker.press("Next")


_BEFORE: Final[dict[str, tuple[Callable[[Payload], Payload], str]]] = {
    "a second card of somebody else": (
        lambda first: {"k": "card", "card": _renamed(first)},
        "identity-changed",
    ),
    "an answer of somebody else": (
        lambda first: {"k": "answer", "card": _renamed(first)},
        "identity-changed",
    ),
    "a second card": (lambda first: {"k": "card", "card": first}, "broken"),
    "an answer that does not fit": (
        lambda first: {"k": "answer", "card": {**first, "m": [application(mid="9")]}},
        "broken",
    ),
}


@pytest.mark.parametrize("mid", ["0", "7"], ids=["cards agree", "an answer is due"])
async def test_a_second_certificate_is_refused_before_there_is_a_call(
    lure: Lure, browser: Browser, mid: str
) -> None:
    person, visitor = await lure(browser)
    await person.start("Text")
    for name, (second, ending) in _BEFORE.items():
        print(f"said: {name}")
        await visitor.asks()
        impostor = await Impostor.meet(visitor)
        first = card(m=[application(mid=mid)])
        await impostor.say({"k": "card", "card": first})
        await impostor.say(second(first))
        await _is_told(person, ending)
        await person.press("Next")


async def _is_told(person: Person, ending: str) -> None:
    await person.sees(f"ended.{ending}")
    await person.reads(TEXTS[f"ended.{ending}.body"])
