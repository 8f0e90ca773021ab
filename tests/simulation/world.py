"""A crowd of random visitors against the real switchboard, checked by a simpler model.

The model knows only what a visitor can observe: who it is introduced to, who may signal whom, and
how long it has waited. It shares no code with the implementation. Everything follows from the seed.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import MAX_SIGNALS_PER_DIRECTION, RECENT_PARTNERS, SEATS
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
    Mode,
    PartnerConfirm,
    ServerMessage,
    Waiting,
    Welcome,
)
from chatzyo.signaling.match import MatchId
from chatzyo.signaling.switchboard import Disconnect, Request, Send, Switchboard
from chatzyo.signaling.visitor import Visitor

LONGEST_WAIT_SECONDS = 25.0
"""Two who wait in one place this long have given up every demand: somebody has been forgotten."""

Sent = Sequence[tuple[VisitorId, ServerMessage]]

HUBS = ("world", "tamil")
MODES: tuple[Mode, ...] = ("video", "text")


@dataclass
class Person:
    """The model of one visitor."""

    visitor: Visitor
    greeted: bool = False
    wish: Find | None = None
    seat: tuple[str, str] | None = None
    """Room and seat token held, waiting there, in a match there or between two."""
    expecting: bool = False
    role: str = ""
    since: float = 0.0
    mid: str | None = None
    partner: VisitorId | None = None
    sent: int = 0
    met: list[VisitorId] = field(default_factory=list)

    @property
    def id(self) -> VisitorId:
        return self.visitor.id


class World:
    """One run: `step` does one random thing and checks everything that follows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self.matches = 0
        self.meetings = 0
        self.people: dict[VisitorId, Person] = {}
        self.old_mids: list[str] = ["A" * 22]
        ids = (MatchId(f"{number:022d}") for number in count())
        self.board = Switchboard(match_ids=ids, hubs=HUBS)

    def step(self) -> None:
        action = self.random.choices(
            [
                *(self.arrive, self.depart, self.find, self.join, self.confirm),
                *(self.cancel, self.leave, self.signal, self.wait),
            ],
            weights=[8, 5, 30, 15, 4, 4, 14, 25, 14],
        )[0]
        action()
        self.check_nobody_is_forgotten()

    def arrive(self) -> None:
        person = Person(self.board.handle_connected())
        self.people[person.id] = person
        if self.random.random() < 0.95:  # a few never say hello
            self.say(person, Hello(v=1))

    def depart(self) -> None:
        if person := self.anybody():
            del self.people[person.id]
            self.board.handle_disconnected(person.visitor, self.now)
            lost = Ended(mid=person.mid or "", reason="lost")
            self.observe([(person.partner, lost)] if person.partner else [])

    def find(self) -> None:
        if person := self.anybody():
            self.say(person, self.random_wish())

    def join(self) -> None:
        """Few rooms and fewer seats, so that people meet, are replaced and find rooms full."""
        if person := self.anybody():
            room, seat = self.random.choice("RST"), self.random.choice("abc")
            self.say(person, Join(room=room * 22, seat=seat * 22, key="K" * 108, mac=room * 43))

    def confirm(self) -> None:
        if person := self.anybody():
            self.say(person, Confirm(mid=self.some_mid(person), mac="M" * 43))

    def cancel(self) -> None:
        if person := self.anybody():
            self.say(person, Cancel())

    def leave(self) -> None:
        if person := self.anybody():
            self.say(person, Leave(mid=self.some_mid(person)))

    def signal(self) -> None:
        """Signal with the right, an old or a foreign match id, and see whom it reaches."""
        if not (person := self.anybody()):
            return
        mid = self.some_mid(person)
        allowed = person.mid == mid and person.sent < MAX_SIGNALS_PER_DIRECTION
        person.sent += person.mid == mid
        to = self.board.handle_signal(person.visitor, mid)
        assert to == (person.partner if allowed else None)
        if not person.greeted:
            self.expect_disconnect(person)
        elif allowed:
            self.observe([])
        else:
            spent = Error(code="too-many-signals")
            self.observe([(person.id, spent if person.mid == mid else Error(code="no-match"))])

    def wait(self) -> None:
        """Let time pass as the driver does: never beyond the next wanted timeout."""
        until = self.now + self.random.expovariate(1.0)
        while (due := self.board.poll_timeout()) is not None and due <= until:
            self.now = max(self.now, due)
            self.board.handle_timeout(self.now)
            self.observe(None)
            later = self.board.poll_timeout()
            assert later is None or later > self.now, "a timeout must move on"
        self.now = until

    def say(self, person: Person, message: Request) -> None:
        self.board.handle_message(person.visitor, message, self.now)
        if not person.greeted and not isinstance(message, Hello):
            self.expect_disconnect(person)
            return
        expected = self.expected_answer(person, message)
        self.observe(expected)

    def expected_answer(self, person: Person, message: Request) -> Sent | None:
        """What the model says must be sent; None when introductions may follow."""
        match message:
            case Hello():
                person.greeted = True
                return None
            case Find() | Join():
                return self.expected_answer_to_wish(person, message)
            case Cancel():
                is_waiting = person.wish or (person.seat and not person.partner)
                if is_waiting:
                    person.wish, person.expecting, person.seat = None, False, None
                return [] if is_waiting else [(person.id, Error(code="not-searching"))]
            case Confirm(mid=mid, mac=mac):
                return self.expected_answer_to_confirm(person, mid, mac)
            case Leave(mid=mid):
                partner = person.partner if mid == person.mid else None
                if not partner:
                    return [(person.id, Error(code="no-match"))]
                self.part(person)
                person.seat = None
                return [(partner, Ended(mid=mid, reason="left"))]

    def expected_answer_to_wish(self, person: Person, wish: Find | Join) -> Sent | None:
        if person.partner:
            return [(person.id, Error(code="in-match"))]
        if person.wish or person.expecting:
            return [(person.id, Error(code="already-searching"))]
        if isinstance(wish, Find):
            person.wish, person.since, person.seat = wish, self.now, None
            return None
        old, person.seat = person.seat, (wish.room, wish.seat)
        person.expecting = True
        self.settle_in(person, old)
        return []

    def settle_in(self, person: Person, old: tuple[str, str] | None) -> None:
        """Apply what follows from a `join`: alone, full, introduced, somebody replaced."""
        others = [o for o in self.in_room(person) if o.seat != person.seat]
        replaced = [o for o in self.in_room(person) if o.seat == person.seat and o is not person]
        assert len(others) <= SEATS, "a room has two seats"
        told: list[ServerMessage] = []
        while command := self.board.next_command():
            match command:
                case Disconnect(visitor=visitor, code=CloseCode.REPLACED):
                    assert [visitor] == [each.id for each in replaced]
                case Send(to=to, message=message) if to == person.id:
                    told.append(message)
                case Send(to=to, message=Ended(mid=mid, reason="lost")):
                    assert self.people[to].mid == mid
                    self.part(self.people[to])
                case Send(to=to, message=Matched() as matched):
                    assert others[0].id == to
                    assert (matched.role, matched.mac) == ("a", None)
                case other:
                    raise AssertionError(other)
        for each in replaced:
            del self.people[each.id]
            self.board.handle_disconnected(each.visitor, self.now)
        (answer,) = told
        if answer == Error(code="room-full"):
            is_moving = old and person.seat and old[0] == person.seat[0]
            assert others or is_moving, "an empty room is never full"
            assert not replaced, "one's own seat is never full"
            assert old != person.seat, "one's own seat is never full"
            person.seat, person.expecting = old, False
        else:
            self.apply_answer_to_join(person, answer, others)

    def apply_answer_to_join(
        self, person: Person, answer: ServerMessage, others: list[Person]
    ) -> None:
        match answer:
            case Alone():
                assert not any(other.expecting for other in others), "they should have met"
            case Matched(role="b", mid=mid, mac=mac):
                (other,) = others
                assert other.expecting, "only who waits in the room is introduced"
                assert person.seat
                assert mac == person.seat[0][0] * 43
                for me, you, role in ((other, person, "a"), (person, other, "b")):
                    me.expecting, me.partner, me.mid = False, you.id, mid
                    me.sent, me.role = 0, role
                self.old_mids.append(mid)
                self.meetings += 1
            case other:
                raise AssertionError(other)

    def in_room(self, person: Person) -> list[Person]:
        room = person.seat and person.seat[0]
        return [o for o in self.people.values() if o is not person and o.seat and o.seat[0] == room]

    def expected_answer_to_confirm(self, person: Person, mid: str, mac: str) -> Sent:
        if not person.partner or person.mid != mid or person.role != "b":
            return [(person.id, Error(code="no-match"))]
        person.sent += 1
        if person.sent > MAX_SIGNALS_PER_DIRECTION:
            return [(person.id, Error(code="too-many-signals"))]
        return [(person.partner, PartnerConfirm(mid=mid, mac=mac))]

    def observe(self, expected: Sent | None) -> None:
        """Drain the commands, apply each to the model, and compare with what was expected."""
        seen: list[tuple[VisitorId, ServerMessage]] = []
        introductions: dict[str, list[tuple[Person, Matched]]] = {}
        while command := self.board.next_command():
            assert isinstance(command, Send), "nobody was to be disconnected"
            person = self.people[command.to]
            seen.append((command.to, command.message))
            match command.message:
                case Matched() as matched:
                    introductions.setdefault(matched.mid, []).append((person, matched))
                case Ended(mid=mid):
                    assert person.mid == mid, "only one's own match can end"
                    self.part(person)
                case Waiting():
                    assert person.wish, "only who searches is told about waiting"
                    assert person.partner is None
                case Welcome() | Error() | PartnerConfirm():
                    pass
                case other:
                    raise AssertionError(other)
        for pair in introductions.values():
            self.introduce(pair)
        assert expected is None or seen == expected

    def introduce(self, pair: list[tuple[Person, Matched]]) -> None:
        (a, told_a), (b, told_b) = pair
        assert a is not b, "nobody meets oneself"
        assert (told_a.role, told_b.role) == ("a", "b")
        assert a.wish, "only who searches is introduced"
        assert b.wish, "only who searches is introduced"
        assert a.partner is None, "nobody has two partners"
        assert b.partner is None, "nobody has two partners"
        assert (a.wish.mode, a.wish.hub) == (b.wish.mode, b.wish.hub)
        assert a.since <= b.since, "role a has waited longer"
        if a.id in b.met or b.id in a.met:
            self.check_meeting_again(a, b)
        for me, you in ((a, b), (b, a)):
            me.wish, me.partner, me.mid, me.sent = None, you.id, told_a.mid, 0
            me.role = "a" if me is a else "b"
            me.met = [you.id, *me.met][:RECENT_PARTNERS]
        self.old_mids.append(told_a.mid)
        self.matches += 1

    def check_meeting_again(self, a: Person, b: Person) -> None:
        """Recent partners meet again only while nobody new waits for either of them."""
        assert a.wish
        for other in self.people.values():
            if other is a or other is b or not other.wish:
                continue
            if (other.wish.mode, other.wish.hub) == (a.wish.mode, a.wish.hub):
                for me in (a, b):
                    assert other.id in me.met or me.id in other.met, "somebody new was waiting"

    def check_nobody_is_forgotten(self) -> None:
        """Of those who wait too long, no two may be in one place."""
        places = [
            (person.wish.mode, person.wish.hub)
            for person in self.people.values()
            if person.wish and self.now - person.since > LONGEST_WAIT_SECONDS
        ]
        assert len(places) == len(set(places)), "two who suit each other both still wait"

    def expect_disconnect(self, person: Person) -> None:
        assert self.board.next_command() == Disconnect(
            visitor=person.id, code=CloseCode.HELLO_EXPECTED
        )
        assert self.board.next_command() is None
        del self.people[person.id]
        self.board.handle_disconnected(person.visitor, self.now)

    def part(self, person: Person) -> None:
        person.partner = person.mid = None

    def anybody(self) -> Person | None:
        return self.random.choice(list(self.people.values())) if self.people else None

    def some_mid(self, person: Person) -> str:
        """Mostly one's own match, sometimes an old or a foreign one."""
        if person.mid and self.random.random() < 0.7:
            return person.mid
        return self.random.choice(self.old_mids[-50:])

    def random_wish(self) -> Find:
        return Find(
            key="K" * 108,
            mode=self.random.choice(MODES),
            hub=self.random.choice(HUBS),
            languages=tuple(self.random.sample(["ta", "hi", "ml", "en"], self.random.randrange(3))),
            interests=tuple(
                self.random.sample(["Music", "film", "cricket"], self.random.randrange(3))
            ),
        )
