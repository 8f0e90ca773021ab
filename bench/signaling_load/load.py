"""Relayed messages between introduced visitors: a paced background, and as many as can be."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Final

from signaling_load.crowd import Couple
from signaling_load.dialects import BLOBS, Dialect, Match
from signaling_load.frames import TEXT, FrameError, masked
from signaling_load.servers import Server
from signaling_load.visitor import Pump, Sink, Tally, Visitor, replace_protocol

WARM_UP_SECONDS: Final = 1.5
SATURATION_SECONDS: Final = 5.0
TICK_SECONDS: Final = 0.002
DRAIN_SECONDS: Final = 10.0
TURN_MESSAGES: Final = len(BLOBS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One direction of a match, with its frames built in advance."""

    speaker: Visitor
    turn: list[bytes]
    hears: int
    """Bytes the speaker receives when the partner's turn is relayed to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Saturation:
    """What a server relays when it always has something to do."""

    messages_per_second: float
    server_cpu: float
    generator_cpu: float
    """Shares of a core. The generator's must stay below 1, or it is the generator that was measured."""


class Background:
    """The load that was really offered, known after it ended."""

    messages_per_second = 0.0


async def prepare(couples: Sequence[Couple], dialect: Dialect) -> list[tuple[Side, Side]]:
    """Build everybody's frames and see one turn of each relayed unchanged."""
    sides = []
    for a, b, mid in couples:
        to_b, to_a = _turn_to(b, mid, dialect), _turn_to(a, mid, dialect)
        heard_by_b = await _relayed_size(a, b, to_b)
        heard_by_a = await _relayed_size(b, a, to_a)
        sides.append(
            (
                Side(speaker=a, turn=to_b, hears=heard_by_a),
                Side(speaker=b, turn=to_a, hears=heard_by_b),
            )
        )
    if len({side.hears for pair in sides for side in pair}) != 1:
        raise FrameError("turns differ in size, so bytes cannot stand for messages")
    return sides


@asynccontextmanager
async def background(pairs: Sequence[tuple[Side, Side]], rate: int) -> AsyncIterator[Background]:
    """Relay `rate` messages per second, one per write, while the body runs."""
    tally = Tally()
    for side in itertools.chain.from_iterable(pairs):
        replace_protocol(side.speaker.transport, Sink(tally))
    offered = Background()
    stop = asyncio.Event()
    start = perf_counter()
    sender = asyncio.create_task(_send_paced(_one_by_one(pairs), rate, stop))
    try:
        yield offered
    finally:
        stop.set()
        turns = await sender
        offered.messages_per_second = turns * TURN_MESSAGES / (perf_counter() - start)
    await _drain(tally, turns * pairs[0][0].hears)


async def saturate(server: Server, pairs: Sequence[tuple[Side, Side]]) -> Saturation:
    """Each pair passes one turn to and fro; every server gets the same number of turns at once."""
    tally = Tally()
    for side in itertools.chain.from_iterable(pairs):
        transport = side.speaker.transport
        replace_protocol(transport, Pump(tally, transport, b"".join(side.turn), side.hears))
    for first, _ in pairs:
        first.speaker.transport.write(b"".join(first.turn))
    await asyncio.sleep(WARM_UP_SECONDS)
    start, own, served, turns = perf_counter(), process_time(), server.cpu_seconds(), tally.turns
    await asyncio.sleep(SATURATION_SECONDS)
    elapsed = perf_counter() - start
    tally.check()
    return Saturation(
        messages_per_second=(tally.turns - turns) * TURN_MESSAGES / elapsed,
        server_cpu=(server.cpu_seconds() - served) / elapsed,
        generator_cpu=(process_time() - own) / elapsed,
    )


def _turn_to(listener: Visitor, mid: str, dialect: Dialect) -> list[bytes]:
    match = Match(mid=mid, partner=listener.name)
    return [masked(TEXT, text) for text in dialect.signals(match)]


async def _relayed_size(speaker: Visitor, listener: Visitor, turn: Sequence[bytes]) -> int:
    speaker.transport.write(b"".join(turn))
    heard = await listener.hear_many(len(turn))
    for blob, message in zip(BLOBS, heard, strict=True):
        if f'"{blob}"'.encode() not in message.text:
            raise FrameError("a relayed message was changed")
    return sum(message.size for message in heard)


def _one_by_one(pairs: Sequence[tuple[Side, Side]]) -> Iterator[tuple[asyncio.Transport, bytes]]:
    for side in itertools.cycle(itertools.chain.from_iterable(pairs)):
        for frame in side.turn:
            yield side.speaker.transport, frame


async def _send_paced(
    messages: Iterator[tuple[asyncio.Transport, bytes]], rate: int, stop: asyncio.Event
) -> int:
    """Send the turns that are due at every tick, until told to stop; return their number."""
    start = perf_counter()
    sent = 0
    while not stop.is_set():
        due = int((perf_counter() - start) * rate)
        due -= due % TURN_MESSAGES
        for transport, frame in itertools.islice(messages, due - sent):
            transport.write(frame)
        sent = due
        await asyncio.sleep(TICK_SECONDS)
    return sent // TURN_MESSAGES


async def _drain(tally: Tally, expected_bytes: int) -> None:
    deadline = perf_counter() + DRAIN_SECONDS
    while tally.bytes < expected_bytes and perf_counter() < deadline:
        await asyncio.sleep(TICK_SECONDS)
    tally.check()
    if tally.bytes != expected_bytes:
        raise FrameError("messages were lost or changed under background load")
