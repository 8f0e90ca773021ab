"""Many visitors on one server: connecting, introducing, measuring introductions."""

import asyncio
import functools
import itertools
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Final, NamedTuple

from signaling_load.dialects import Dialect, Matching
from signaling_load.frames import FrameError
from signaling_load.visitor import ANSWER_SECONDS, Visitor, connected_socket

IN_FLIGHT: Final = 100
"""Connections being set up at once; below the accept queue of every server."""


class Couple(NamedTuple):
    """Two introduced visitors; `a` asked first."""

    a: Visitor
    b: Visitor
    mid: str


async def connect(port: int, dialect: Dialect, names: Sequence[str]) -> list[Visitor]:
    """Connect one visitor per name and return when the server has accepted all of them."""
    loop = asyncio.get_running_loop()
    places = asyncio.Semaphore(IN_FLIGHT)
    visitors: list[Visitor] = []
    done = asyncio.Event()
    ready = itertools.count(1)

    def on_ready(_visitor: Visitor) -> None:
        places.release()
        if next(ready) == len(names):
            done.set()

    async with asyncio.timeout(ANSWER_SECONDS + len(names) / 200):
        for name in names:
            await places.acquire()
            arrive = functools.partial(Visitor, name, port, dialect, on_ready)
            _, visitor = await loop.create_connection(arrive, sock=connected_socket(port))
            visitors.append(visitor)
        await done.wait()
    return visitors


def couples(visitors: Sequence[Visitor], shift: int) -> Iterator[tuple[Visitor, Visitor]]:
    """Pair everybody once; every shift pairs different people, for nobody meets twice."""
    half = len(visitors) // 2
    for place in range(half):
        yield visitors[2 * place], visitors[2 * ((place + shift) % half) + 1]


async def introduce(a: Visitor, b: Visitor, matching: Matching) -> tuple[Couple, float]:
    """Let two visitors find each other; the seconds run from b's wish until both are told."""
    a.say(matching.find)
    await a.hear(matching.waiting)
    asked = perf_counter()
    b.say(matching.find)
    told_b = await b.hear(matching.matched)
    told_a = await a.hear(matching.matched)
    mid = matching.match_id(told_a.text)
    if mid != matching.match_id(told_b.text):
        raise FrameError("two visitors were told different matches")
    return Couple(a, b, mid), max(told_a.at, told_b.at) - asked


async def part(couple: Couple, matching: Matching) -> None:
    """End a match and wait until the partner knows."""
    couple.a.say(matching.leave(couple.mid))
    await couple.b.hear(matching.ended)


async def find_to_matched(
    visitors: Sequence[Visitor], matching: Matching, *, shift: int, samples: int, seconds: float
) -> list[float]:
    """Seconds of up to `samples` introductions, one after the other, within a time limit.

    `shift` is where the pairings begin; it goes up by one when everybody has been introduced.
    """
    taken: list[float] = []
    end = perf_counter() + seconds
    strangers = (pair for number in itertools.count(shift) for pair in couples(visitors, number))
    for a, b in itertools.islice(strangers, samples):
        couple, elapsed = await introduce(a, b, matching)
        taken.append(elapsed)
        await part(couple, matching)
        if perf_counter() > end:
            break
    return taken


async def pair_up(visitors: Sequence[Visitor], dialect: Dialect, shift: int) -> list[Couple]:
    """Introduce everybody to somebody, by the server or, where it does not match, by name."""
    if dialect.matching is None:
        return [
            Couple(a, b, f"{place:06}") for place, (a, b) in enumerate(couples(visitors, shift))
        ]
    return [(await introduce(a, b, dialect.matching))[0] for a, b in couples(visitors, shift)]
