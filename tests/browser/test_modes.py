"""Voice and text ask for no more than they need."""

from tests.browser.conftest import Arrive, Pair
from tests.browser.people import TEXTS, Mode, Person, meet


async def _meet(arrive: Arrive, pair: Pair, mode: Mode) -> tuple[Person, Person]:
    first, second = [await (await arrive(browser)).start(mode) for browser in pair]
    await meet(first, second)
    return first, second


async def test_voice_is_heard_and_no_camera_is_asked_for(arrive: Arrive, mixed_pair: Pair) -> None:
    people = await _meet(arrive, mixed_pair, "Voice")
    for person in people:
        await person.hears_sound()
        assert [wish["video"] for wish in await person.requested()] == [False]
        assert (await person.statistics()).dtls == "connected"
    first, second = people
    await first.says("a word")
    await second.reads_line("a word")


async def test_text_asks_for_no_device_at_all(arrive: Arrive, mixed_pair: Pair) -> None:
    first, second = await _meet(arrive, mixed_pair, "Text")
    await first.says("only words")
    await second.reads_line("only words")
    await second.says("and an answer")
    await first.reads_line("and an answer")
    for person in (first, second):
        assert await person.requested() == []


async def test_a_visitor_who_chooses_text_after_a_preview_gives_the_devices_back(
    arrive: Arrive, mixed_pair: Pair
) -> None:
    first, second = [await arrive(browser) for browser in mixed_pair]
    await first.press(TEXTS["act.open.video"])
    await first.reads(TEXTS["preview.notYet"])
    await first.start("Text")
    assert await first.page.evaluate(
        """probe.streams.flatMap((each) => each.getTracks())
          .every(({ readyState }) => readyState === 'ended')"""
    )
    await second.start("Text")
    await meet(first, second)


async def test_people_in_different_modes_do_not_meet(arrive: Arrive, mixed_pair: Pair) -> None:
    first, second = [await arrive(browser) for browser in mixed_pair]
    await first.start("Voice")
    await second.start("Text")
    third = await (await arrive(mixed_pair[0])).start("Text")
    await meet(second, third)
    await first.sees("searching.title")
