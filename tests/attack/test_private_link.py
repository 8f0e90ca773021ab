"""Whoever does not have the link gets nowhere: no picture, no sound, not even a description."""

import secrets
from typing import Final

from chatzyo.protocol.messages import Role
from chatzyo.sealing.base64url import encode
from chatzyo.sealing.link import link_room
from tests.attack.conftest import Lure, Victim
from tests.attack.impostor import Impostor, between, card
from tests.attack.private import CODE_SILENCED, join_link
from tests.attack.server import Message, hiding_ends, introduce, made_up_mid, relaying
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.page import Browser
from tests.browser.people import CONNECT_SECONDS, TEXTS, Person

_ATTEMPTS: Final = 100

_PICTURES: Final = """async () => {
  const open = probe.connections.map((each) => each.getStats())
  const reports = await Promise.all([...closing, ...open])
  return reports
    .flatMap((report) => [...report.values()])
    .filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')
    .reduce((sum, { framesDecoded }) => sum + (framesDecoded ?? 0), 0)
}"""

_COUNT: Final = """
  globalThis.closing = []
  const { close } = RTCPeerConnection.prototype
  RTCPeerConnection.prototype.close = function () {
    closing.push(this.getStats())
    probe.connections = probe.connections.filter((each) => each !== this)
    close.call(this)
  }
"""
"""Takes the last statistics of every connection: closed ones have none."""


def _claims(impostor: Impostor, own: Message, theirs: Message) -> list[str | None]:
    """What could pass for a proof of the impostor's key, knowing what both victims published."""
    return [
        impostor.proof,
        theirs["mac"],
        own["mac"],
        encode(secrets.token_bytes(32)),
        encode(bytes(32)),
        "",
        None,
    ]


async def _accomplice_card(accomplice: Victim, role: Role) -> tuple[Impostor, dict[str, object]]:
    """A page of the attacker's own, ready to connect to whoever takes its card."""
    _, visitor = accomplice
    await visitor.asks()
    towards = await Impostor.meet(visitor, role=role)
    return towards, await towards.hear("card")


async def _couple(lure: Lure, browser: Browser, *, script: str = "") -> tuple[Victim, Victim]:
    host, secret = await join_link(lure, browser, mode="Video", script=script)
    guest, _ = await join_link(lure, browser, mode="Video", script=script, secret=secret)
    return host, guest


async def _sit_between(victim: Victim, other: Victim, accomplice: Victim, attempt: int) -> None:
    """Swap the key, claim a proof of it, and send a card whose fingerprint is the attacker's."""
    person, visitor = victim
    role: Role = "a" if attempt % 2 else "b"
    impostor = Impostor(visitor, role=role)
    towards, greeting = await _accomplice_card(accomplice, "b" if role == "a" else "a")
    claims = _claims(impostor, visitor.request, other[1].request)
    proof = claims[attempt // 2 % len(claims)]
    await impostor.introduce(mac=proof if role == "a" else None)
    if role == "b" and proof is not None:
        await impostor.confirm(proof)
    await impostor.say(greeting)
    await visitor.leaves()
    await person.sees("ended.link-mismatch")
    await towards.end()


async def _try_again(victim: Victim) -> None:
    person, visitor = victim
    await person.press(TEXTS["call.again"])
    await visitor.asks()


async def _was_told_nothing(person: Person) -> bool:
    """Without a description of the partner, a browser accepts no packet that could be decoded."""
    return await person.page.evaluate("told.length === 0") is True


async def test_a_fingerprint_is_swapped_in_none_of_100_attempts(
    lure: Lure, chromium: Chromium
) -> None:
    victims = await _couple(lure, chromium, script=_COUNT)
    accomplice = await lure(chromium)
    await accomplice[0].start("Video")
    refused = 0
    for attempt in range(_ATTEMPTS):
        victim, other = victims if attempt // 2 % 2 else victims[::-1]
        await _sit_between(victim, other, accomplice, attempt)
        pictures = await victim[0].page.evaluate(_PICTURES)
        refused += pictures == 0 and await _was_told_nothing(victim[0])
        await _try_again(victim)
        await accomplice[0].press("Next")
    assert refused == _ATTEMPTS


async def test_the_same_attack_with_the_link_shows_pictures(lure: Lure, chromium: Chromium) -> None:
    # The control of the tests above: what they count as nothing is counted.
    (person, visitor), secret = await join_link(lure, chromium, mode="Video", script=_COUNT)
    accomplice = await lure(chromium, script=CODE_SILENCED)
    await accomplice[0].start("Video")
    impostor = Impostor(visitor, role="a", psk=link_room(secret).psk)
    towards, greeting = await _accomplice_card(accomplice, "b")
    await impostor.introduce(mac=impostor.proof)
    await impostor.say(greeting)
    async with between(impostor, towards):
        await person.sees("room.talking", timeout=CONNECT_SECONDS)
        await person.sees_moving_pictures()
        await accomplice[0].press("Stop")
        await person.sees("room.apart")
    assert await person.page.evaluate(_PICTURES) > 0


async def test_firefox_refuses_each_of_these_proofs_too(
    lure: Lure, firefox: Browser, chromium: Chromium
) -> None:
    victim, other = await _couple(lure, firefox)
    accomplice = await lure(chromium)
    await accomplice[0].start("Video")
    for attempt in range(14):  # seven claims, to each role
        await _sit_between(victim, other, accomplice, attempt)
        assert await _was_told_nothing(victim[0])
        await _try_again(victim)
        await accomplice[0].press("Next")


async def test_what_was_proved_in_an_earlier_visit_proves_nothing(
    lure: Lure, chromium: Chromium
) -> None:
    (host, at_host), secret = await join_link(lure, chromium)
    guest, _ = await join_link(lure, chromium, secret=secret)
    await introduce(at_host, guest[1])
    async with relaying(at_host, guest[1]) as sent:
        await host.sees("room.talking", timeout=CONNECT_SECONDS)
        await guest[0].press("Stop")
        await host.sees("room.apart")
    old_key, old_mac = guest[1].request["key"], guest[1].request["mac"]
    old_confirm = next(message["mac"] for _, message in sent if message["type"] == "confirm")

    await at_host.asks()
    await at_host.match(mid=made_up_mid(), role="a", key=old_key)
    await at_host.send(type="confirm", mid=at_host.mid, mac=old_confirm)
    await host.sees("ended.link-mismatch")

    # The proof that stands by itself holds again, but without its private key nothing follows.
    await _try_again((host, at_host))
    impostor = Impostor(at_host, role="a")
    await impostor.introduce(key=old_key, mac=old_mac)
    await impostor.say({"k": "card", "card": card()})
    await host.sees("ended.sealed-broken")

    await _try_again((host, at_host))
    await at_host.match(mid=made_up_mid(), role="b", key=old_key, mac=old_mac)
    for _, message in sent:
        if message["type"] == "signal":
            await at_host.signal(seq=message["seq"], blob=message["blob"])
    await host.sees("ended.sealed-broken")


async def _is_given_up(person: Person) -> None:
    """Who finds out first sends nothing more, and the other one waits in vain."""
    endings = [TEXTS[f"ended.{each}"] for each in ("link-mismatch", "peer-silent")]
    await person.page.wait_until(
        "(endings) => endings.includes(document.querySelector('h1').textContent)",
        endings,
        timeout=CONNECT_SECONDS,
    )


async def test_two_who_are_given_the_same_role_or_their_own_keys_are_not_connected(
    lure: Lure, chromium: Chromium
) -> None:
    victims = await _couple(lure, chromium)
    (_, at_host), (_, at_guest) = victims
    roles: list[Role] = ["a", "b"]
    for role in roles:
        mid = made_up_mid()
        for visitor, other in ((at_host, at_guest), (at_guest, at_host)):
            mac = other.request["mac"] if role == "b" else None
            await visitor.match(mid=mid, role=role, key=other.request["key"], mac=mac)
        async with relaying(at_host, at_guest, hiding_ends):
            for person, _ in victims:
                await _is_given_up(person)
        for victim in victims:
            assert await _was_told_nothing(victim[0])
            await _try_again(victim)

    for role, (person, visitor) in zip(roles, victims, strict=True):
        mac = visitor.request["mac"] if role == "b" else None
        await visitor.match(mid=made_up_mid(), role=role, key=visitor.request["key"], mac=mac)
        await person.sees("ended.link-mismatch")
        assert await _was_told_nothing(person)
