"""A pool pairs at arrival and at reviews, prefers by waiting, and forgets nobody."""

from chatzyo.matchmaking import pool as pools
from chatzyo.matchmaking.pool import Pair, Pool, Review
from tests.matchmaking.conftest import MakeTicket


def test_the_second_suitable_ticket_makes_a_pair_at_once(ticket: MakeTicket) -> None:
    pool = Pool()
    first, second = ticket(1), ticket(2, since=1)
    assert pool.add(first, now=0) is None
    assert pool.add(second, now=1) == Pair(first=first, second=second)
    assert len(pool) == 0


def test_the_longest_waiting_is_chosen(ticket: MakeTicket) -> None:
    pool = Pool()
    waiting = [ticket(n, since=n, languages=(language,)) for n, language in enumerate(("ta", "hi"))]
    for each in waiting:
        pool.add(each, now=each.since)
    newcomer = ticket(9, since=2, languages=("hi", "ta"))
    assert pool.add(newcomer, now=2) == Pair(first=waiting[0], second=newcomer)


def test_a_review_is_announced_and_pairs_once_the_wish_has_widened(ticket: MakeTicket) -> None:
    pool = Pool()
    music, film = ticket(1, interests=("music",)), ticket(2, since=1, interests=("film",))
    pool.add(music, now=0)
    pool.add(film, now=1)
    assert pool.poll_timeout() == 5
    assert pool.handle_timeout(5) == [Review(ticket=music)]
    assert pool.handle_timeout(6) == [Pair(first=music, second=film)]
    assert pool.handle_timeout(100) == []
    assert pool.poll_timeout() is None


def test_a_removed_ticket_is_neither_reviewed_nor_paired(ticket: MakeTicket) -> None:
    pool = Pool()
    pool.add(ticket(1), now=0)
    pool.remove(ticket(1).visitor)
    assert pool.add(ticket(2), now=1) is None
    assert [type(result) for result in pool.handle_timeout(20)] == [Review]


def test_a_ticket_that_comes_back_is_reviewed_on_its_own_time(ticket: MakeTicket) -> None:
    pool = Pool()
    pool.add(ticket(1), now=0)
    pool.remove(ticket(1).visitor)
    again = ticket(1, since=3)
    pool.add(again, now=3)
    assert pool.handle_timeout(5) == []
    assert pool.handle_timeout(8) == [Review(ticket=again)]


def test_recent_partners_meet_again_only_after_waiting_and_while_nobody_new_waits(
    ticket: MakeTicket,
) -> None:
    pool = Pool()
    a, b = ticket(1, met=(2,)), ticket(2, since=1, met=(1,))
    pool.add(a, now=0)
    pool.add(b, now=1)
    newcomer = ticket(3, since=9, languages=("ta",))
    pool.add(newcomer, now=9)
    assert Pair not in {type(result) for result in pool.handle_timeout(11)}
    pool.remove(newcomer.visitor)
    assert pool.handle_timeout(16) == [Pair(first=a, second=b)]


def test_a_new_face_is_preferred_to_a_known_one(ticket: MakeTicket) -> None:
    pool = Pool()
    known = ticket(1, met=(3,))
    pool.add(known, now=0)
    pool.add(ticket(2, since=1, met=(1,)), now=1)
    mine = ticket(3, since=20, met=(1,))
    pair = pool.add(mine, now=20)
    assert pair is not None
    assert pair.first.visitor == 2


def test_the_estimate_follows_the_waits_in_this_pool(ticket: MakeTicket) -> None:
    pool = Pool()
    mine = ticket(100)
    assert pool.estimate(mine, now=0) is None
    for n in range(5):
        pool.add(ticket(2 * n, since=0), now=0)
        pool.add(ticket(2 * n + 1, since=8), now=8)
    assert pool.estimate(mine, now=0) == 10


def test_only_the_longest_waiting_are_compared(ticket: MakeTicket) -> None:
    pool = Pool()
    for n in range(pools.MOST_COMPARED):
        pool.add(ticket(n, interests=(f"taste {n}",)), now=0)
    hidden = ticket(10_000, languages=("ta",), interests=("music",))
    pool.add(hidden, now=0)
    twin = ticket(10_001, languages=("ta",), interests=("music",))
    assert pool.add(twin, now=0) is None
    pool.remove(ticket(0).visitor)
    twin_again = ticket(10_002, languages=("ta",), interests=("music",))
    assert pool.add(twin_again, now=0) == Pair(first=hidden, second=twin_again)
