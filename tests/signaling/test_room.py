"""Private rooms: two seats, kept for whoever drops out, gone with the last person."""

import pytest

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.protocol.limits import SEAT_KEPT_SECONDS
from chatzyo.signaling.room import Offer, RoomId, Rooms, RoomSeat, Seated, SeatToken

ALONE = Seated(replaced=None, other=None)


def seat(token: str, room: str = "room") -> RoomSeat:
    return RoomSeat(room=RoomId(room), seat=SeatToken(token))


def offer(visitor: int) -> Offer:
    return Offer(visitor=VisitorId(visitor), key=f"key {visitor}", mac=f"mac {visitor}")


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def test_the_second_finds_what_the_first_has_published(rooms: Rooms) -> None:
    assert rooms.join(seat("a"), offer(1)) == ALONE
    assert rooms.join(seat("b"), offer(2)) == Seated(replaced=None, other=offer(1))


def test_a_third_is_not_seated_and_changes_nothing(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    assert rooms.join(seat("c"), offer(3)) is None
    assert rooms.join(seat("c", room="other"), offer(3)) == ALONE
    assert len(rooms) == 2


def test_after_a_match_both_join_again_to_meet_again(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    assert rooms.join(seat("b"), offer(2)) == ALONE
    assert rooms.join(seat("a"), offer(1)) == Seated(replaced=None, other=offer(2))


def test_the_same_seat_from_another_connection_replaces_the_first(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    assert rooms.join(seat("a"), offer(5)) == Seated(replaced=VisitorId(1), other=None)
    assert rooms.join(seat("b"), offer(2)) == Seated(replaced=None, other=offer(5))


def test_a_dropped_seat_is_kept_for_its_owner_while_the_other_stays(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    rooms.drop(seat("a"), now=0)
    assert rooms.join(seat("c"), offer(3)) is None
    assert rooms.join(seat("b"), offer(2)) == ALONE
    assert rooms.join(seat("a"), offer(4)) == Seated(replaced=None, other=offer(2))


def test_a_kept_seat_is_given_up_after_a_minute(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    rooms.drop(seat("a"), now=0)
    assert rooms.poll_timeout() == SEAT_KEPT_SECONDS
    rooms.handle_timeout(SEAT_KEPT_SECONDS - 1)
    assert rooms.join(seat("c"), offer(3)) is None
    rooms.handle_timeout(SEAT_KEPT_SECONDS)
    assert rooms.join(seat("c"), offer(3)) == ALONE
    assert rooms.poll_timeout() is None


def test_one_who_came_back_in_time_is_not_put_out(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    rooms.drop(seat("a"), now=0)
    rooms.join(seat("a"), offer(4))
    rooms.handle_timeout(SEAT_KEPT_SECONDS)
    assert rooms.join(seat("c"), offer(3)) is None


def test_a_seat_dropped_again_is_kept_for_the_whole_time(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    for now in (0, 30):
        rooms.join(seat("a"), offer(4))
        rooms.drop(seat("a"), now=now)
    rooms.handle_timeout(SEAT_KEPT_SECONDS)
    assert rooms.join(seat("c"), offer(3)) is None


@pytest.mark.parametrize("last", ["leave", "drop"])
def test_a_room_ends_with_the_last_person(rooms: Rooms, last: str) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    rooms.drop(seat("a"), now=0)
    if last == "leave":
        rooms.leave(seat("b"))
    else:
        rooms.drop(seat("b"), now=0)
    assert len(rooms) == 0
    rooms.handle_timeout(SEAT_KEPT_SECONDS)
    assert rooms.join(seat("c"), offer(3)) == ALONE


def test_leaving_frees_the_seat_at_once(rooms: Rooms) -> None:
    rooms.join(seat("a"), offer(1))
    rooms.join(seat("b"), offer(2))
    rooms.leave(seat("a"))
    assert rooms.join(seat("c"), offer(3)) == ALONE
