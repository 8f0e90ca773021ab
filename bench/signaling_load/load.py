"""Relayed messages between introduced visitors: a paced background, and as many as can be."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from processes import Server

from signaling_load.crowd import Couple
from signaling_load.dialects import BLOBS, Dialect, Match
from signaling_load.frames import TEXT, FrameError, masked
from signaling_load.polling import BusyPolling
from signaling_load.visitor import Pump, Sink, Tally, Visitor, replace_protocol

WARM_UP_SECONDS: Final = 1.5
SATURATION_SECONDS: Final = 5.0
TICK_SECONDS: Final = 0.002
DRAIN_SECONDS: Final = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One direction of a match."""

    transport: asyncio.Transport
    frames: list[bytes]
    """What the speaker sends in the course of a call, built in advance."""
    relayed: list[int]
    """Bytes of each as the listener receives it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Saturation:
    """What a server relays when it always has something to do."""

    messages_per_second: float
    server_cpu: float
    """Share of its core."""
    generator_busy: float
    """Share of time in which it had something to do: near 1, the generator was measured."""


class Background:
    """The load that was really offered, known after it ended."""

    messages_per_second = 0.0


async def prepare(couples: Sequence[Couple], dialect: Dialect) -> list[tuple[Side, Side]]:
    """Build everybody's frames and see each relayed unchanged once."""
    return [
        (await _side(a, b, mid, dialect), await _side(b, a, mid, dialect)) for a, b, mid in couples
    ]


@asynccontextmanager
async def background(pairs: Sequence[tuple[Side, Side]], rate: int) -> AsyncIterator[Background]:
    """Relay `rate` messages per second while the body runs."""
    tally = Tally()
    for side in itertools.chain.from_iterable(pairs):
        replace_protocol(side.transport, Sink(tally))
    offered = Background()
    stop = asyncio.Event()
    start = perf_counter()
    sender = asyncio.create_task(_send_paced(_one_by_one(pairs), rate, stop))
    try:
        yield offered
    finally:
        stop.set()
        sent, expected_bytes = await sender
        offered.messages_per_second = sent / (perf_counter() - start)
    await _drain(tally, expected_bytes)


async def saturate(
    server: Server, pairs: Sequence[tuple[Side, Side]], *, bursts: bool
) -> Saturation:
    """In every pair one message, or one burst of all, is always on its way."""
    tally = Tally()
    size = len(BLOBS) if bursts else 1
    if bursts:
        pairs = [(_bundled(first), _bundled(second)) for first, second in pairs]
    for first, second in pairs:
        # The first has spoken already when it hears the second's first message.
        follow_ups = first.frames[1:] + first.frames[:1]
        _pump(tally, first.transport, follow_ups, second.relayed)
        _pump(tally, second.transport, second.frames, first.relayed)
    for first, _ in pairs:
        first.transport.write(first.frames[0])
    with BusyPolling(lambda: tally.messages) as polling:
        await asyncio.sleep(WARM_UP_SECONDS)
        start, idle = perf_counter(), polling.idle_seconds
        served, before = server.cpu_seconds(), tally.messages
        await asyncio.sleep(SATURATION_SECONDS)
        elapsed = perf_counter() - start
        tally.check()
        measured = Saturation(
            messages_per_second=(tally.messages - before) * size / elapsed,
            server_cpu=(server.cpu_seconds() - served) / elapsed,
            generator_busy=1 - (polling.idle_seconds - idle) / elapsed,
        )
    _silence(pairs)
    return measured


def _silence(pairs: Sequence[tuple[Side, Side]]) -> None:
    """Nobody answers any more: what is still on its way ends here."""
    for side in itertools.chain.from_iterable(pairs):
        replace_protocol(side.transport, Sink(Tally()))


def _bundled(side: Side) -> Side:
    """All that a side has to say, in one go: how a description and its candidates leave a page."""
    return Side(
        transport=side.transport,
        frames=[b"".join(side.frames)],
        relayed=[sum(side.relayed)],
    )


def _pump(
    tally: Tally, transport: asyncio.Transport, frames: list[bytes], heard: list[int]
) -> None:
    answers = list(zip(frames, heard, strict=True))
    replace_protocol(transport, Pump(tally, transport, answers))


async def _side(speaker: Visitor, listener: Visitor, mid: str, dialect: Dialect) -> Side:
    match = Match(mid=mid, partner=listener.name)
    frames = [masked(TEXT, text) for text in dialect.signals(match)]
    speaker.transport.write(b"".join(frames))
    heard = await listener.hear_many(len(frames))
    for blob, message in zip(BLOBS, heard, strict=True):
        if f'"{blob}"'.encode() not in message.text:
            raise FrameError("a relayed message was changed")
    return Side(
        transport=speaker.transport,
        frames=frames,
        relayed=[message.size for message in heard],
    )


def _one_by_one(pairs: Sequence[tuple[Side, Side]]) -> Iterator[tuple[Side, int]]:
    """Side and place of its message: consecutive messages come from different people."""
    for place in itertools.cycle(range(len(BLOBS))):
        for side in itertools.chain.from_iterable(pairs):
            yield side, place


async def _send_paced(
    messages: Iterator[tuple[Side, int]], rate: int, stop: asyncio.Event
) -> tuple[int, int]:
    """Send what is due at every tick until told to stop; return messages and bytes to arrive."""
    start = perf_counter()
    sent = expected_bytes = 0
    while not stop.is_set():
        due = int((perf_counter() - start) * rate)
        for side, place in itertools.islice(messages, due - sent):
            side.transport.write(side.frames[place])
            expected_bytes += side.relayed[place]
        sent = due
        await asyncio.sleep(TICK_SECONDS)
    return sent, expected_bytes


async def _drain(tally: Tally, expected_bytes: int) -> None:
    deadline = perf_counter() + DRAIN_SECONDS
    while tally.bytes < expected_bytes and perf_counter() < deadline:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(TICK_SECONDS)
    tally.check()
    if tally.bytes != expected_bytes:
        raise FrameError("messages were lost or changed under background load")
