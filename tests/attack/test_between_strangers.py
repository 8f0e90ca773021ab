"""Somebody between two strangers is seen in the code, or found by the pages themselves."""

from typing import Any, Final

import pytest

from chatzyo.protocol.messages import Role
from chatzyo.sealing.base64url import encode
from tests.attack.conftest import Lure, Victim
from tests.attack.impostor import Impostor, between, card
from tests.attack.server import Visitor, introduce, made_up_mid, relaying
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import CONNECT_SECONDS, TEXTS, Person, meet

_CODE: Final = """() => {
  const names = [...document.querySelectorAll('.code [role=img]')]
    .map((each) => each.getAttribute('aria-label'))
  return names.length === 7 && names
}"""

_FOREIGN_CODE: Final = """
  globalThis.heard = []
  const { send } = RTCDataChannel.prototype
  const create = RTCPeerConnection.prototype.createDataChannel
  const isOfCode = (data) => data.includes('"k":"sas')
  RTCDataChannel.prototype.send = function (data) {
    if (!isOfCode(data)) send.call(this, data)
  }
  RTCPeerConnection.prototype.createDataChannel = function (...wanted) {
    const channel = create.apply(this, wanted)
    channel.addEventListener('message', ({ data }) => {
      if (isOfCode(data)) heard.push(data)
    })
    channel.addEventListener('open', () => {
      globalThis.sayForeign = (data) => send.call(channel, data)
    })
    return channel
  }
"""
"""Says nothing of the code itself; keeps what it hears of it, and says what it is given."""

_ROLES: Final[list[tuple[Role, Role]]] = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]


async def _search(lure: Lure, *pages: tuple[Browser, str]) -> list[Victim]:
    found = [await lure(browser, script=script) for browser, script in pages]
    for person, _ in found:
        await person.start("Text")
    return found


async def _in_role(role: Role, one: Visitor, other: Visitor) -> None:
    """Introduce two, the first in this role."""
    await one.asks()
    await other.asks()
    await (introduce(one, other) if role == "a" else introduce(other, one))


async def _code(person: Person) -> list[str]:
    await person.press(TEXTS["security.encrypted"])
    names: list[str] = await person.page.wait_until(_CODE)
    return names


async def test_with_somebody_between_them_both_are_shown_different_codes(
    lure: Lure, browser: Browser, chromium: Chromium
) -> None:
    one, other = await _search(lure, (browser, ""), (browser, ""))
    at_one, at_other = await _search(lure, (chromium, ""), (chromium, ""))
    for roles in _ROLES:
        await _in_role(roles[0], one[1], at_one[1])
        await _in_role(roles[1], other[1], at_other[1])
        async with relaying(one[1], at_one[1]), relaying(other[1], at_other[1]):
            people = [person for person, _ in (one, at_one, at_other, other)]
            await meet(*people)
            # The attacker reads what one says, and says it to the other.
            await people[0].says("is it you?")
            await people[1].reads_line("is it you?")
            await people[2].says("is it you?")
            await people[3].reads_line("is it you?")
            codes = [await _code(person) for person in people]
            assert codes[0] == codes[1] != codes[2] == codes[3]
            for person in people:
                await person.page.press("Escape")
                await person.press("Next")


@pytest.mark.parametrize("roles", [("a", "b"), ("b", "a")], ids="".join)
async def test_who_only_reads_the_cards_is_found_without_comparing(
    lure: Lure, chromium: Chromium, roles: tuple[Role, Role]
) -> None:
    victims = await _search(lure, (chromium, ""), (chromium, ""))
    for _, visitor in victims:
        await visitor.asks()
    # The certificates stay what they are; only the keys of the records are the attacker's.
    one, other = (
        Impostor(visitor, role=role)
        for (_, visitor), role in zip(victims, roles[::-1], strict=True)
    )
    for impostor in (one, other):
        await impostor.introduce()
    async with between(one, other):
        who_checks, _ = victims[roles.index("b")]
        await who_checks.sees("ended.code-broken", timeout=CONNECT_SECONDS)


async def test_a_code_handed_on_from_one_to_the_other_is_refused(
    lure: Lure, chromium: Chromium
) -> None:
    one, other = await _search(lure, (chromium, ""), (chromium, ""))
    at_one, at_other = await _search(lure, *[(chromium, _FOREIGN_CODE)] * 2)
    await _in_role("a", one[1], at_one[1])
    await _in_role("b", other[1], at_other[1])
    async with relaying(one[1], at_one[1]), relaying(other[1], at_other[1]):
        await meet(one[0], other[0], at_one[0], at_other[0])
        await _hand_on(at_one[0], at_other[0], 0)
        await _hand_on(at_other[0], at_one[0], 0)
        await _hand_on(at_one[0], at_other[0], 1)
        await other[0].sees("ended.code-broken")


async def _hand_on(hearer: Person, speaker: Person, number: int) -> None:
    """What one accomplice heard of the code, the other says."""
    data = await hearer.page.wait_until("(number) => heard[number]", number)
    await speaker.page.evaluate("(data) => sayForeign(data)", data)


_KEYS: Final[dict[str, Any]] = {
    "not on the curve": encode(b"\x04" + bytes(64) + bytes(16)),
    "compressed": encode(b"\x02" + bytes(64) + bytes(16)),
    "hybrid": encode(b"\x06" + b"\x01" * 64 + bytes(16)),
    "at infinity": encode(bytes(81)),
    "too short": encode(b"\x04" + bytes(32)),
    "too long": encode(b"\x04" + bytes(81)),
    "empty": "",
    "no base64": "=" * 108,
    "a number": 1,
    "none": None,
    "the own": None,
}


async def test_a_key_that_is_none_is_refused(lure: Lure, browser: Browser) -> None:
    ((person, visitor),) = await _search(lure, (browser, ""))
    for name, key in _KEYS.items():
        print(f"introduced with a key: {name}")
        own = (await visitor.asks())["key"]
        await visitor.match(mid=made_up_mid(), role="a", key=own if name == "the own" else key)
        await person.sees("ended.sealed-broken")
        assert await person.page.evaluate("told") == []
        await person.press("Next")


async def test_a_match_id_that_is_none_is_refused(lure: Lure, chromium: Chromium) -> None:
    ((person, visitor),) = await _search(lure, (chromium, ""))
    for mid in ("", "AAAA", "A" * 21 + "B", "A" * 44):
        print(f"introduced as {mid!r}")
        await visitor.asks()
        await visitor.match(mid=mid, role="b", key=Impostor(visitor, role="a").key)
        await person.sees("ended.sealed-broken")
        await person.press("Next")


async def test_a_key_is_published_for_one_match_only(lure: Lure, chromium: Chromium) -> None:
    ((person, visitor),) = await _search(lure, (chromium, ""))
    keys = []
    for _ in range(3):
        keys.append((await visitor.asks())["key"])
        impostor = await Impostor.meet(visitor)
        await impostor.hear("card")
        await impostor.end()
        await person.sees("ended.left")
        await person.press("Next")
    # Nor is a second match begun beside the first, or with a key that had one.
    keys.append((await visitor.asks())["key"])
    impostor = await Impostor.meet(visitor)
    await impostor.hear("card")
    await visitor.send(
        type="matched",
        mid=made_up_mid(),
        role="b",
        mode="text",
        key=impostor.key,
        languages=[],
        interests=[],
    )
    await visitor.receive("leave")
    await impostor.say({"k": "card", "card": card()})
    await person.page.wait_until("told.length > 0")
    assert len(set(keys)) == len(keys)
