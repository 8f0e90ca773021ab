"""As many relayed messages as a server manages, counted second by second."""

import asyncio
import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from processes import Server

from signaling_load.dialects import BLOBS
from signaling_load.load import Side
from signaling_load.polling import BusyPolling
from signaling_load.visitor import Pump, Sink, Tally, replace_protocol

WARM_UP_SECONDS: Final = 1.5
WINDOW_SECONDS: Final = 1.0
WINDOWS: Final = 5
MOST_WINDOWS: Final = 15
"""On a busy machine it goes on until it has WINDOWS undisturbed ones, but no longer than this."""

UNDISTURBED_CPU: Final = 0.95
"""A saturated server that gets less of its core in a window shares it with something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What happened within a second."""

    messages_per_second: float
    server_cpu: float
    """Share of the server's core that it got."""
    generator_busy: float
    """Share of time in which the generator had something to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Saturation:
    """What a server relays when it always has something to do: medians of the windows kept."""

    messages_per_second: float
    server_cpu: float
    generator_busy: float
    """Near 1, it is the generator that was measured."""
    discarded: int
    """Windows left out because the server did not get its core."""


async def saturate(
    server: Server, pairs: Sequence[tuple[Side, Side]], *, bursts: bool
) -> Saturation:
    """In every pair one message, or one burst of all, is always on its way."""
    tally = Tally()
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
        size = len(BLOBS) if bursts else 1
        windows = await _windows(server, tally, polling, size)
    tally.check()
    _silence(pairs)
    return _summary(windows)


def _pump(
    tally: Tally, transport: asyncio.Transport, frames: list[bytes], heard: list[int]
) -> None:
    answers = list(zip(frames, heard, strict=True))
    replace_protocol(transport, Pump(tally, transport, answers))


def _bundled(side: Side) -> Side:
    """All that a side has to say, in one go: how a description and its candidates leave a page."""
    return Side(
        transport=side.transport,
        frames=[b"".join(side.frames)],
        relayed=[sum(side.relayed)],
    )


def _silence(pairs: Sequence[tuple[Side, Side]]) -> None:
    """Nobody answers any more: what is still on its way ends here."""
    for side in itertools.chain.from_iterable(pairs):
        replace_protocol(side.transport, Sink(Tally()))


async def _windows(server: Server, tally: Tally, polling: BusyPolling, size: int) -> list[Window]:
    windows: list[Window] = []
    while len(windows) < MOST_WINDOWS and len(_undisturbed(windows)) < WINDOWS:
        start, idle = perf_counter(), polling.idle_seconds
        served, before = server.cpu_seconds(), tally.messages
        await asyncio.sleep(WINDOW_SECONDS)
        elapsed = perf_counter() - start
        window = Window(
            messages_per_second=(tally.messages - before) * size / elapsed,
            server_cpu=(server.cpu_seconds() - served) / elapsed,
            generator_busy=1 - (polling.idle_seconds - idle) / elapsed,
        )
        windows.append(window)
    return windows


def _undisturbed(windows: Sequence[Window]) -> list[Window]:
    return [window for window in windows if window.server_cpu >= UNDISTURBED_CPU]


def _summary(windows: Sequence[Window]) -> Saturation:
    kept = _undisturbed(windows) or windows
    return Saturation(
        messages_per_second=statistics.median(window.messages_per_second for window in kept),
        server_cpu=statistics.median(window.server_cpu for window in kept),
        generator_busy=statistics.median(window.generator_busy for window in kept),
        discarded=len(windows) - len(kept),
    )
