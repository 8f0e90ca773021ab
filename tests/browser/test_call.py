"""Two strangers press Start, see and hear each other, write, and part."""

from tests.browser.conftest import Arrive, Pair
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.people import TEXTS, Person, meet


async def _call(arrive: Arrive, pair: Pair) -> tuple[Person, Person]:
    first, second = [await arrive(browser) for browser in pair]
    await first.start()
    await first.sees("searching.title")
    await second.start()
    await meet(first, second)
    return first, second


async def test_both_see_hear_and_read_each_other(arrive: Arrive, pair: Pair) -> None:
    first, second = await _call(arrive, pair)
    for person in (first, second):
        await person.sees_moving_pictures()
        await person.hears_sound()
        assert (await person.statistics()).dtls == "connected"

    await first.says("vanakkam 👋")
    await second.reads_line("vanakkam 👋")
    await second.says("வணக்கம்")
    await first.reads_line("வணக்கம்")
    assert await first.lines() == await second.lines() == ["vanakkam 👋", "வணக்கம்"]


async def test_typing_and_reactions_reach_the_other(arrive: Arrive, mixed_pair: Pair) -> None:
    first, second = await _call(arrive, mixed_pair)
    await first.page.fill("textbox", "Message", "hm")
    await second.reads(TEXTS["chat.typing"])
    await first.press("Send")
    await second.reads_line("hm")
    await second.page.wait_until(
        "(text) => ![...document.querySelectorAll('[aria-hidden=false]')]"
        ".some((each) => each.textContent.includes(text))",
        TEXTS["chat.typing"],
    )

    await first.press(TEXTS["react.👏"])
    await second.is_told(TEXTS["say.reaction"].format(emoji="👏"))


async def test_the_camera_and_the_microphone_can_be_turned_off(
    arrive: Arrive, mixed_pair: Pair
) -> None:
    first, second = await _call(arrive, mixed_pair)
    await second.sees_moving_pictures()
    await first.press("Turn camera off")
    await second.reads(TEXTS["talking.off"])
    await first.press("Mute microphone")
    await second.reads(TEXTS["call.muted"])
    assert await first.page.evaluate(
        """probe.streams.flatMap((each) => each.getVideoTracks())
          .every(({ readyState }) => readyState === 'ended')"""
    )

    await first.press("Turn camera off")
    await first.press("Mute microphone")
    await second.no_longer_reads(TEXTS["talking.off"])
    await second.no_longer_reads(TEXTS["call.muted"])
    await second.sees_moving_pictures()
    await second.hears_sound()


async def test_next_brings_somebody_else(
    arrive: Arrive, chromium: Chromium, firefox: Firefox
) -> None:
    first, second = await _call(arrive, (chromium, firefox))
    third = await arrive(chromium)
    await third.start()
    await third.sees("searching.title")
    await first.press("Next")
    await second.sees("ended.left")
    await meet(first, third)

    await third.says("I am the third")
    await first.reads_line("I am the third")
    await first.sees_moving_pictures()
    await third.sees_moving_pictures()
    assert await second.lines() == []


async def test_stop_ends_the_call_for_both_and_the_other_may_go_on(
    arrive: Arrive, chromium: Chromium, firefox: Firefox
) -> None:
    first, second = await _call(arrive, (chromium, firefox))
    await first.press("Stop")
    await first.sees("lobby.title")
    await second.sees("ended.left")
    await second.reads(TEXTS["ended.left.body"])
    await first.page.wait_until(
        "probe.connections.every((each) => each.connectionState !== 'connected')"
    )

    third = await arrive(chromium)
    await third.start()
    await second.press("Next")
    await meet(second, third)
    await second.sees_moving_pictures()


async def test_camera_and_microphone_stay_open_from_one_partner_to_the_next(
    arrive: Arrive, chromium: Chromium
) -> None:
    first, _second = await _call(arrive, (chromium, chromium))
    third = await arrive(chromium)
    await third.start()
    await first.press("Next")
    await meet(first, third)
    assert len(await first.requested()) == 1
