"""A card that our page would never write ends the call before the browser sees any of it."""

from collections.abc import AsyncIterator
from itertools import cycle
from typing import Final

import pytest

from chatzyo.protocol.messages import Role
from chatzyo.sealing.records import pad
from tests.attack.conftest import Lure, Victim
from tests.attack.impostor import (
    Impostor,
    Payload,
    application,
    audio,
    candidate,
    card,
    fingerprint,
)
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import TEXTS, Mode

_LINE: Final = "abcd\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA"

_SDP: Final = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

_ODD: Final[dict[str, Payload]] = {
    "a fingerprint by sha-1": card(f=fingerprint(20)),
    "a fingerprint that names sha-1": card(f="sha-1 " + ":".join(["AB"] * 20)),
    "two fingerprints": card(f=[fingerprint(), fingerprint()]),
    "a second fingerprint beside the first": card(f2=fingerprint()),
    "a fingerprint with padding": card(f=fingerprint() + "="),
    "no fingerprint": {key: value for key, value in card().items() if key != "f"},
    "keys for SDES": card(crypto="1 AES_CM_128_HMAC_SHA1_80 inline:AAAA"),
    "a DTLS role": card(setup="active"),
    "a line in the user fragment": card(u=_LINE),
    "a line in the password": card(p="abcdefghijklmnopqrstuvwx\r\na=ice-lite"),
    "a line in a candidate": card(c=[candidate(foundation="1\r\na=setup:active")]),
    "a line in an address": card(c=[candidate(address="203.0.113.1\r\na=setup:active")]),
    "a line in the name of a section": card(m=[application(mid=f"0\r\n{_LINE}")]),
    "17 candidates": card(c=[candidate()] * 17),
    "a candidate by name": card(c=[candidate(address="attacker.example")]),
    "a candidate of a peer": card(c=[candidate(type="prflx")]),
    "a candidate over TCP": card(c=[candidate(protocol="tcp")]),
    "a candidate without a port": card(c=[candidate(port=0)]),
    "a port as text": card(c=[candidate(port="50000")]),
    "a session description": {"type": "offer", "sdp": _SDP},
    "another version": card(v=2),
    "a section for sound in a text chat": card(m=[audio(), application(mid="1")]),
    "two sections for data": card(m=[application(), application(mid="1")]),
    "no section": card(m=[]),
    "messages of any size": card(m=[application(size=0)]),
    "eight thousand letters": card(u="a" * 8192),
}

_ODD_VOICE: Final[dict[str, Payload]] = {
    "a line in a codec": card(
        m=[audio(codec={"format": "a=1\r\na=setup:active"}), application(mid="1")]
    ),
    "an unknown codec": card(m=[audio(codec={"name": "CN"}), application(mid="1")]),
    "a number of RTCP": card(m=[audio(codec={"pt": 72}), application(mid="1")]),
    "a line in the feedback": card(
        m=[audio(codec={"feedback": ["nack\r\na=x"]}), application(mid="1")]
    ),
    "an unknown extension": card(m=[audio(extensions={"urn:x": 1}), application(mid="1")]),
    "three sources": card(m=[audio(ssrcs=[1, 2, 3]), application(mid="1")]),
    "one name for two sections": card(m=[audio(), application(mid="0")]),
}

_PAYLOADS: Final[dict[str, Payload]] = {
    "a kind nobody knows": {"k": "offer", "sdp": _SDP},
    "a card and something else": {"k": "card", "card": card(), "sdp": _SDP},
    "an answer to nothing": {"k": "answer", "card": card()},
    "a candidate before the card": {"k": "ice", "candidate": candidate()},
    "no card": {"k": "card"},
    "a list": {"k": "card", "card": [card()]},
}

_RECORDS: Final[dict[str, bytes]] = {
    "a fingerprint twice": b'{"k":"card","card":{"f":"A","f":"B"}}',
    "another spelling": b'{"k": "card"}',
    "an escaped letter": b'{"k":"c\\u0061rd"}',
    "no JSON": b"v=0",
    "a list": b"[]",
    "nothing": b"",
    "half a surrogate pair": b'{"k":"\xed\xa0\x80"}',
    "many levels": b'{"k":' + b"[" * 500 + b"]" * 500 + b"}",
}


_NEVER: Final = ("127.0.0.1", "::1", "0.0.0.0", "169.254.1.1", "fe80::1", "224.0.0.1", "ff02::1")

_PRIVATE: Final = ("10.1.2.3", "172.16.1.2", "192.168.1.2", "100.64.1.2", "fd12::1", "x.local")


async def _impostors(victim: Victim, mode: Mode = "Text") -> AsyncIterator[Impostor]:
    """One stranger after another, in both roles, each until the page has told why it ended."""
    person, visitor = victim
    await person.start(mode)
    roles: list[Role] = ["b", "a"]
    for role in cycle(roles):
        await visitor.asks()
        yield await Impostor.meet(visitor, role=role)
        await visitor.leaves()
        assert await person.page.evaluate("told") == []
        await person.press("Next")


@pytest.mark.parametrize(("mode", "odd"), [("Text", _ODD), ("Voice", _ODD_VOICE)])
async def test_an_odd_card_is_refused_before_the_browser_sees_it(
    lure: Lure, browser: Browser, mode: Mode, odd: dict[str, Payload]
) -> None:
    victim = await lure(browser)
    strangers = _impostors(victim, mode)
    for name, payload in odd.items():
        await (await anext(strangers)).say({"k": "card", "card": payload})
        await _is_told(victim, "broken", name)


async def test_an_odd_payload_is_refused_before_the_browser_sees_it(
    lure: Lure, browser: Browser
) -> None:
    victim = await lure(browser)
    strangers = _impostors(victim)
    for name, payload in _PAYLOADS.items():
        await (await anext(strangers)).say(payload)
        await _is_told(victim, "broken", name)
    for name, plain in _RECORDS.items():
        await (await anext(strangers)).say_raw(pad(plain))
        await _is_told(victim, "sealed-broken", name)
    await (await anext(strangers)).say_raw(b'{"k":"card"}')
    await _is_told(victim, "sealed-broken", "no padding")


@pytest.mark.parametrize(
    ("mode", "sections"),
    [("Text", [application()]), ("Voice", [audio(), application(mid="1")])],
)
async def test_the_cards_that_the_odd_ones_are_made_of_are_taken(
    lure: Lure, chromium: Chromium, mode: Mode, sections: list[Payload]
) -> None:
    person, visitor = victim = await lure(chromium)
    await person.start(mode)
    await visitor.asks()
    impostor = await Impostor.meet(visitor, role="a")
    await impostor.say({"k": "card", "card": card(m=sections)})
    await impostor.say({"k": "ice", "candidate": candidate()})
    await _is_told_of(victim, "203.0.113.1")


async def test_what_leads_into_the_own_machine_is_never_tried(lure: Lure, browser: Browser) -> None:
    victim = await lure(browser)
    impostor = await anext(_impostors(victim))
    inside = [candidate(address=address) for address in _NEVER]
    await impostor.say({"k": "card", "card": card(c=inside)})
    for each in inside:
        await impostor.say({"k": "ice", "candidate": each})
    await impostor.say({"k": "ice", "candidate": candidate()})
    told = await _is_told_of(victim, "203.0.113.1")
    assert [address for address in _NEVER if f" {address} " in told] == []


async def test_what_leads_into_the_own_network_is_never_tried_for_a_stranger_from_afar(
    lure_far: Lure, chromium: Chromium
) -> None:
    victim = await lure_far(chromium)
    impostor = await anext(_impostors(victim))
    inside = [candidate(address=address) for address in _PRIVATE]
    await impostor.say({"k": "card", "card": card(c=[*inside, candidate()])})
    for each in inside:
        await impostor.say({"k": "ice", "candidate": each})
    await impostor.say({"k": "ice", "candidate": candidate(address="203.0.113.2")})
    told = await _is_told_of(victim, "203.0.113.2")
    assert "203.0.113.1" in told
    assert [address for address in _PRIVATE if f" {address} " in told] == []
    await victim[0].sees("ended.failed", timeout=16)


async def test_the_17th_candidate_after_the_card_is_one_too_many(
    lure: Lure, browser: Browser
) -> None:
    victim = await lure(browser)
    impostor = await anext(_impostors(victim))
    await impostor.say({"k": "card", "card": card()})
    for port in range(50001, 50018):
        await impostor.say({"k": "ice", "candidate": candidate(port=port)})
    await _is_told(victim, "broken", "17 candidates")


async def _is_told_of(victim: Victim, address: str) -> str:
    """All that the page has told its browser, once it has told of this address."""
    person, _ = victim
    await person.page.wait_until("(address) => told.join().includes(address)", address)
    told: str = await person.page.evaluate("told.join()")
    return told


async def _is_told(victim: Victim, ending: str, name: str) -> None:
    print(f"sent: {name}")
    person, _ = victim
    await person.sees(f"ended.{ending}")
    await person.reads(TEXTS[f"ended.{ending}.body"])
