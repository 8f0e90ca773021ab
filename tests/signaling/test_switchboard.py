"""Conversations with the switchboard: message in, commands out."""

from itertools import count

import msgspec
import pytest

from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import RECENT_PARTNERS
from chatzyo.protocol.messages import (
    Alone,
    Cancel,
    Confirm,
    Ended,
    Error,
    Find,
    Hello,
    Join,
    Leave,
    Matched,
    PartnerConfirm,
    ServerMessage,
    Waiting,
    Welcome,
)
from chatzyo.signaling.match import MatchId
from chatzyo.signaling.switchboard import Command, Disconnect, Request, Send, Switchboard
from chatzyo.signaling.visitor import Visitor

KEY = "K" * 108
MAC = "M" * 43
TEXT = Find(mode="text", key=KEY)


def new_switchboard(**settings: int) -> Switchboard:
    ids = (MatchId(f"m{number}") for number in count())
    return Switchboard(match_ids=ids, hubs=("world", "tamil"), **settings)


@pytest.fixture
def switchboard() -> Switchboard:
    return new_switchboard()


def drain(switchboard: Switchboard) -> list[Command]:
    commands = []
    while command := switchboard.next_command():
        commands.append(command)
    return commands


def greeted(switchboard: Switchboard) -> Visitor:
    visitor = switchboard.handle_connected()
    switchboard.handle_message(visitor, Hello(v=1), 0)
    drain(switchboard)
    return visitor


def matched_pair(switchboard: Switchboard) -> tuple[Visitor, Visitor, str]:
    first, second = greeted(switchboard), greeted(switchboard)
    switchboard.handle_message(first, TEXT, 0)
    switchboard.handle_message(second, TEXT, 0)
    mid = next(
        c.message.mid
        for c in drain(switchboard)
        if isinstance(c, Send) and isinstance(c.message, Matched)
    )
    return first, second, mid


def sent(visitor: Visitor, message: ServerMessage) -> Send:
    return Send(to=visitor.id, message=message)


def test_hello_is_answered_with_a_coarse_head_count(switchboard: Switchboard) -> None:
    visitor = [switchboard.handle_connected() for _ in range(8)][-1]
    switchboard.handle_message(visitor, Hello(v=1), 0)
    assert drain(switchboard) == [sent(visitor, Welcome(v=1, online=8))]


def test_anything_before_hello_disconnects(switchboard: Switchboard) -> None:
    visitor = switchboard.handle_connected()
    expected = [Disconnect(visitor=visitor.id, code=CloseCode.HELLO_EXPECTED)]
    switchboard.handle_message(visitor, TEXT, 0)
    assert drain(switchboard) == expected
    switchboard.handle_signal(visitor, "m0")
    assert drain(switchboard) == expected
    switchboard.handle_refusal(visitor, Error(code="unknown-type"))
    assert drain(switchboard) == expected


def test_another_version_is_told_to_load_a_newer_client(switchboard: Switchboard) -> None:
    visitor = switchboard.handle_connected()
    switchboard.handle_message(visitor, Hello(v=2), 0)
    assert drain(switchboard) == [Disconnect(visitor=visitor.id, code=CloseCode.VERSION)]


def test_a_malformed_frame_disconnects_and_a_wrong_field_does_not(switchboard: Switchboard) -> None:
    visitor = greeted(switchboard)
    switchboard.handle_refusal(visitor, CloseCode.MALFORMED)
    switchboard.handle_refusal(visitor, Error(code="invalid-field", field="mode"))
    assert drain(switchboard) == [
        Disconnect(visitor=visitor.id, code=CloseCode.MALFORMED),
        sent(visitor, Error(code="invalid-field", field="mode")),
    ]


def test_the_first_waits_and_the_second_makes_a_match(switchboard: Switchboard) -> None:
    first, second = greeted(switchboard), greeted(switchboard)
    wish = Find(mode="text", key=KEY, languages=("ta", "en"), interests=("Music", "film"))
    switchboard.handle_message(first, wish, 0)
    assert drain(switchboard) == [sent(first, Waiting(waiting=0, estimate=None, widened="nothing"))]
    switchboard.handle_message(
        second, Find(mode="text", key=KEY, languages=("en",), interests=("music",)), 1
    )
    told = Matched(
        mid="m0", role="a", mode="text", languages=("en",), interests=("music",), key=KEY
    )
    assert drain(switchboard) == [
        sent(first, told),
        sent(second, msgspec.structs.replace(told, role="b")),
    ]


def test_modes_and_hubs_never_mix(switchboard: Switchboard) -> None:
    for find in (TEXT, Find(mode="voice", key=KEY), Find(mode="text", key=KEY, hub="tamil")):
        switchboard.handle_message(greeted(switchboard), find, 0)
        (command,) = drain(switchboard)
        assert isinstance(command, Send)
        assert isinstance(command.message, Waiting)


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ([Hello(v=1)], Error(code="already-greeted")),
        ([Cancel()], Error(code="not-searching")),
        ([Leave(mid="m0")], Error(code="no-match")),
        ([TEXT, TEXT], Error(code="already-searching")),
        ([Find(mode="text", key=KEY, hub="atlantis")], Error(code="invalid-field", field="hub")),
    ],
)
def test_a_message_out_of_order_is_refused(
    switchboard: Switchboard, messages: list[Request], error: Error
) -> None:
    visitor = greeted(switchboard)
    for message in messages:
        switchboard.handle_message(visitor, message, 0)
    assert drain(switchboard)[-1] == sent(visitor, error)


def test_a_cancelled_search_is_over(switchboard: Switchboard) -> None:
    first, second = greeted(switchboard), greeted(switchboard)
    for message in (TEXT, Cancel()):
        switchboard.handle_message(first, message, 0)
    drain(switchboard)
    switchboard.handle_message(second, TEXT, 0)
    assert [command.to for command in drain(switchboard) if isinstance(command, Send)] == [
        second.id
    ]


def test_signals_go_to_the_partner_and_to_nobody_else(switchboard: Switchboard) -> None:
    first, second, mid = matched_pair(switchboard)
    third, fourth, other = matched_pair(switchboard)
    assert switchboard.handle_signal(first, mid) == second.id
    assert switchboard.handle_signal(second, mid) == first.id
    assert switchboard.handle_signal(third, other) == fourth.id
    assert switchboard.handle_signal(third, mid) is None
    assert drain(switchboard) == [sent(third, Error(code="no-match"))]


def test_a_match_carries_a_limited_number_of_signals() -> None:
    switchboard = new_switchboard(signals_per_direction=2)
    first, second, mid = matched_pair(switchboard)
    assert [switchboard.handle_signal(first, mid) for _ in range(3)] == [
        second.id,
        second.id,
        None,
    ]
    assert drain(switchboard) == [sent(first, Error(code="too-many-signals"))]
    assert switchboard.handle_signal(second, mid) == first.id


def test_leaving_ends_the_match_for_the_partner(switchboard: Switchboard) -> None:
    first, second, mid = matched_pair(switchboard)
    switchboard.handle_message(first, TEXT, 0)
    assert drain(switchboard) == [sent(first, Error(code="in-match"))]
    switchboard.handle_message(first, Leave(mid="m9"), 0)
    assert drain(switchboard) == [sent(first, Error(code="no-match"))]
    switchboard.handle_message(first, Leave(mid=mid), 0)
    assert drain(switchboard) == [sent(second, Ended(mid=mid, reason="left"))]
    for visitor in (first, second):
        assert switchboard.handle_signal(visitor, mid) is None
        assert drain(switchboard) == [sent(visitor, Error(code="no-match"))]


def test_a_lost_connection_is_told_apart_from_leaving(switchboard: Switchboard) -> None:
    first, second, mid = matched_pair(switchboard)
    switchboard.handle_disconnected(second, 0)
    assert drain(switchboard) == [sent(first, Ended(mid=mid, reason="lost"))]
    switchboard.handle_disconnected(first, 0)
    assert drain(switchboard) == []


def test_one_who_disconnects_while_searching_is_not_matched(switchboard: Switchboard) -> None:
    first = greeted(switchboard)
    switchboard.handle_message(first, TEXT, 0)
    switchboard.handle_disconnected(first, 0)
    drain(switchboard)
    second = greeted(switchboard)
    switchboard.handle_message(second, TEXT, 1)
    assert drain(switchboard) == [
        sent(second, Waiting(waiting=0, estimate=None, widened="nothing"))
    ]


def test_waiting_is_told_again_only_when_it_changed(switchboard: Switchboard) -> None:
    visitor = greeted(switchboard)
    switchboard.handle_message(visitor, Find(mode="text", key=KEY, interests=("music",)), 0)
    drain(switchboard)
    assert switchboard.poll_timeout() == 5
    switchboard.handle_timeout(5)
    assert drain(switchboard) == [
        sent(visitor, Waiting(waiting=0, estimate=None, widened="interests"))
    ]
    switchboard.handle_timeout(10)
    assert drain(switchboard) == []


def test_a_review_can_introduce_two_who_waited(switchboard: Switchboard) -> None:
    first, second = greeted(switchboard), greeted(switchboard)
    switchboard.handle_message(first, Find(mode="text", key=KEY, interests=("music",)), 0)
    switchboard.handle_message(second, Find(mode="text", key=KEY, interests=("film",)), 1)
    drain(switchboard)
    switchboard.handle_timeout(6)
    matched = [
        c.to for c in drain(switchboard) if isinstance(c, Send) and isinstance(c.message, Matched)
    ]
    assert matched == [first.id, second.id]


def test_recent_partners_are_remembered_up_to_a_number(switchboard: Switchboard) -> None:
    me = other = greeted(switchboard)
    for _ in range(RECENT_PARTNERS + 1):
        switchboard.handle_message(me, TEXT, 0)
        other = greeted(switchboard)
        switchboard.handle_message(other, TEXT, 0)
        switchboard.handle_disconnected(other, 0)
        drain(switchboard)
    assert len(me.met) == RECENT_PARTNERS
    assert me.met[0] == other.id


def test_an_empty_switchboard_wants_no_timeout(switchboard: Switchboard) -> None:
    assert switchboard.poll_timeout() is None
    assert switchboard.next_command() is None


def join(seat: str, room: str = "R" * 22) -> Join:
    return Join(room=room, seat=seat * 22, key=seat * 108, mac=seat * 43)


def in_a_room(switchboard: Switchboard) -> tuple[Visitor, Visitor, str]:
    first, second = greeted(switchboard), greeted(switchboard)
    switchboard.handle_message(first, join("a"), 0)
    switchboard.handle_message(second, join("b"), 0)
    matched = [c.message for c in drain(switchboard) if isinstance(c, Send)][-1]
    assert isinstance(matched, Matched)
    return first, second, matched.mid


def test_the_first_in_a_room_is_alone_and_the_second_gets_its_proof(
    switchboard: Switchboard,
) -> None:
    first, second = greeted(switchboard), greeted(switchboard)
    switchboard.handle_message(first, join("a"), 0)
    assert drain(switchboard) == [sent(first, Alone())]
    switchboard.handle_message(second, join("b"), 0)
    told = Matched(mid="m0", role="a", mode="video", languages=(), interests=(), key="b" * 108)
    for_b = msgspec.structs.replace(told, role="b", key="a" * 108, mac="a" * 43)
    assert drain(switchboard) == [sent(first, told), sent(second, for_b)]


def test_a_third_in_a_room_is_told_that_it_is_full(switchboard: Switchboard) -> None:
    in_a_room(switchboard)
    third = greeted(switchboard)
    switchboard.handle_message(third, join("c"), 0)
    assert drain(switchboard) == [sent(third, Error(code="room-full"))]
    switchboard.handle_message(third, join("c", room="S" * 22), 0)
    assert drain(switchboard) == [sent(third, Alone())]


def test_only_b_confirms_and_only_to_its_partner(switchboard: Switchboard) -> None:
    first, second, mid = in_a_room(switchboard)
    switchboard.handle_message(second, Confirm(mid=mid, mac=MAC), 0)
    assert drain(switchboard) == [sent(first, PartnerConfirm(mid=mid, mac=MAC))]
    for visitor, named in ((first, mid), (second, "m9"), (greeted(switchboard), mid)):
        switchboard.handle_message(visitor, Confirm(mid=named, mac=MAC), 0)
        assert drain(switchboard) == [sent(visitor, Error(code="no-match"))]


def test_confirming_counts_as_a_signal() -> None:
    switchboard = new_switchboard(signals_per_direction=1)
    first, second, mid = in_a_room(switchboard)
    for _ in range(2):
        switchboard.handle_message(second, Confirm(mid=mid, mac=MAC), 0)
    assert drain(switchboard) == [
        sent(first, PartnerConfirm(mid=mid, mac=MAC)),
        sent(second, Error(code="too-many-signals")),
    ]


def test_one_who_drops_out_of_a_room_comes_back_to_the_same_seat(switchboard: Switchboard) -> None:
    first, second, mid = in_a_room(switchboard)
    switchboard.handle_disconnected(second, 0)
    assert drain(switchboard) == [sent(first, Ended(mid=mid, reason="lost"))]
    switchboard.handle_message(first, join("a"), 1)
    assert drain(switchboard) == [sent(first, Alone())]
    intruder, back = greeted(switchboard), greeted(switchboard)
    switchboard.handle_message(intruder, join("c"), 2)
    assert drain(switchboard) == [sent(intruder, Error(code="room-full"))]
    switchboard.handle_message(back, join("b"), 3)
    assert [c.to for c in drain(switchboard) if isinstance(c, Send)] == [first.id, back.id]


def test_a_kept_seat_is_free_after_a_minute(switchboard: Switchboard) -> None:
    _, second, _ = in_a_room(switchboard)
    switchboard.handle_disconnected(second, 0)
    assert switchboard.poll_timeout() == 60
    switchboard.handle_timeout(60)
    drain(switchboard)
    other = greeted(switchboard)
    switchboard.handle_message(other, join("c"), 61)
    assert drain(switchboard) == [sent(other, Alone())]


def test_the_same_seat_from_a_new_connection_replaces_the_old_one(switchboard: Switchboard) -> None:
    first, second, mid = in_a_room(switchboard)
    back = greeted(switchboard)
    switchboard.handle_message(back, join("b"), 0)
    assert drain(switchboard) == [
        sent(first, Ended(mid=mid, reason="lost")),
        Disconnect(visitor=second.id, code=CloseCode.REPLACED),
        sent(back, Alone()),
    ]
    switchboard.handle_disconnected(second, 0)
    switchboard.handle_message(first, join("a"), 0)
    assert [c.to for c in drain(switchboard) if isinstance(c, Send)] == [back.id, first.id]


def test_one_who_waits_can_be_replaced_as_well(switchboard: Switchboard) -> None:
    waiting, back = greeted(switchboard), greeted(switchboard)
    for visitor in (waiting, back):
        switchboard.handle_message(visitor, join("a"), 0)
    assert Disconnect(visitor=waiting.id, code=CloseCode.REPLACED) in drain(switchboard)


def test_leaving_or_cancelling_frees_the_seat(switchboard: Switchboard) -> None:
    first, second, mid = in_a_room(switchboard)
    switchboard.handle_message(first, Leave(mid=mid), 0)
    assert drain(switchboard) == [sent(second, Ended(mid=mid, reason="left"))]
    third = greeted(switchboard)
    switchboard.handle_message(third, join("c"), 0)
    assert drain(switchboard) == [sent(third, Alone())]
    switchboard.handle_message(second, Cancel(), 0)
    switchboard.handle_message(third, Cancel(), 0)
    assert drain(switchboard) == []
    switchboard.handle_message(third, Cancel(), 0)
    assert drain(switchboard) == [sent(third, Error(code="not-searching"))]


@pytest.mark.parametrize("elsewhere", [TEXT, join("a", room="S" * 22)])
def test_going_elsewhere_gives_the_seat_up(
    switchboard: Switchboard, elsewhere: Find | Join
) -> None:
    first, second, mid = in_a_room(switchboard)
    switchboard.handle_message(first, Leave(mid=mid), 0)
    switchboard.handle_message(second, elsewhere, 0)
    drain(switchboard)
    third = greeted(switchboard)
    switchboard.handle_message(third, join("c"), 0)
    assert drain(switchboard) == [sent(third, Alone())]


def test_nobody_joins_while_searching_or_in_a_match(switchboard: Switchboard) -> None:
    first, second, _ = in_a_room(switchboard)
    switchboard.handle_message(first, join("a"), 0)
    assert drain(switchboard) == [sent(first, Error(code="in-match"))]
    for start in (TEXT, join("d", room="S" * 22)):
        visitor = greeted(switchboard)
        switchboard.handle_message(visitor, start, 0)
        drain(switchboard)
        switchboard.handle_message(visitor, join("c"), 0)
        assert drain(switchboard) == [sent(visitor, Error(code="already-searching"))]
    assert second.place is not None
