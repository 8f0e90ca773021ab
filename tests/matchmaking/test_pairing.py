"""Who suits whom, and when a wish widens."""

import pytest

from chatzyo.matchmaking import pairing
from tests.matchmaking.conftest import MakeTicket


def test_tickets_without_demands_suit_each_other_at_once(ticket: MakeTicket) -> None:
    assert pairing.suits(ticket(1), ticket(2), now=0)


def test_a_language_must_be_shared_until_both_have_waited(ticket: MakeTicket) -> None:
    tamil, hindi = ticket(1, languages=("ta",)), ticket(2, languages=("hi",), since=3)
    assert not pairing.suits(tamil, hindi, now=17.9)
    assert pairing.suits(tamil, hindi, now=18)


def test_a_shared_language_is_enough(ticket: MakeTicket) -> None:
    assert pairing.suits(ticket(1, languages=("ta", "en")), ticket(2, languages=("en",)), now=0)


def test_an_unnamed_language_does_not_fulfil_a_demand(ticket: MakeTicket) -> None:
    assert not pairing.suits(ticket(1, languages=("ta",)), ticket(2), now=0)


def test_interests_widen_before_languages(ticket: MakeTicket) -> None:
    music = ticket(1, languages=("ta",), interests=("music",))
    film = ticket(2, languages=("ta",), interests=("film",))
    assert not pairing.suits(music, film, now=4.9)
    assert pairing.suits(music, film, now=5)


def test_a_meeting_is_remembered_by_either_side(ticket: MakeTicket) -> None:
    assert pairing.have_met(ticket(1, met=(2,)), ticket(2))
    assert pairing.have_met(ticket(1), ticket(2, met=(1,)))
    assert not pairing.have_met(ticket(1, met=(3,)), ticket(2, met=(3,)))


def test_meeting_again_needs_the_patience_of_both(ticket: MakeTicket) -> None:
    early, late = ticket(1), ticket(2, since=1)
    assert not pairing.may_meet_again(early, late, now=10)
    assert pairing.may_meet_again(early, late, now=11)


def test_a_shared_interest_outweighs_a_little_waiting_only(ticket: MakeTicket) -> None:
    mine = ticket(1, since=10, interests=("music",))
    similar = ticket(2, since=8, interests=("music",))
    slightly_longer, much_longer = ticket(3, since=6), ticket(4, since=4)
    worth = {
        t.visitor: pairing.preference(mine, t, 10) for t in (similar, slightly_longer, much_longer)
    }
    assert worth[slightly_longer.visitor] < worth[similar.visitor] < worth[much_longer.visitor]


@pytest.mark.parametrize(
    ("wants", "now", "expected"),
    [
        ({}, 100, "nothing"),
        ({"interests": ("music",)}, 4.9, "nothing"),
        ({"interests": ("music",)}, 5, "interests"),
        ({"met": (9,), "interests": ("music",)}, 10, "again"),
        ({"met": (9,), "languages": ("ta",)}, 15, "languages"),
        ({"languages": ("ta",)}, 14, "nothing"),
    ],
)
def test_only_what_was_asked_for_is_reported_as_widened(
    ticket: MakeTicket, wants: dict[str, tuple[str, ...]], now: float, expected: str
) -> None:
    assert pairing.widened(ticket(1, **wants), now) == expected


def test_every_threshold_falls_on_a_review() -> None:
    for threshold in (
        pairing.INTERESTS_SECONDS,
        pairing.AGAIN_SECONDS,
        pairing.LANGUAGES_SECONDS,
    ):
        assert threshold % pairing.REVIEW_SECONDS == 0
