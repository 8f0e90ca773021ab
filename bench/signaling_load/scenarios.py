"""The measurements: what is done to a fresh server, and which figures come out of it."""

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from processes import Server

from signaling_load.crowd import connect, find_to_matched, pair_up
from signaling_load.dialects import Dialect
from signaling_load.load import Saturation, background, prepare, saturate
from signaling_load.polling import BusyPolling
from signaling_load.visitor import Visitor

IDLE_CONNECTIONS: Final = 10_000
SETTLE_SECONDS: Final = 1.5
CONNECTED: Final = 2_000
BACKGROUND_VISITORS: Final = 1_600
BACKGROUND_RATE: Final = 5_000
"""Relayed messages per second while introductions are timed."""

QUIET_SHIFT: Final = 0
LOADED_SHIFT: Final = 20
"""Where pairings begin (crowd.couples), so far apart that no two people meet twice: a server may
keep them apart."""

SAMPLES: Final = 2_000
SAMPLING_SECONDS: Final = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Idle:
    """What many silent visitors cost."""

    connects_per_second: float
    bytes_per_connection: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """What a server does with two thousand connected; introductions in seconds."""

    quiet: list[float] | None
    """None where the server does not match people; the same for `loaded`."""
    loaded: list[float] | None
    background_rate: float
    saturation: Saturation
    bursts: Saturation


async def measure_idle(server: Server, dialect: Dialect) -> Idle:
    """Connect ten thousand visitors who then say nothing."""
    crowd = await connect(server.port, dialect, ["first0"])
    before = server.memory_bytes()
    start = perf_counter()
    crowd += await connect(server.port, dialect, _names(IDLE_CONNECTIONS))
    elapsed = perf_counter() - start
    await asyncio.sleep(SETTLE_SECONDS)
    after = server.memory_bytes()
    _abort(crowd)
    return Idle(
        connects_per_second=IDLE_CONNECTIONS / elapsed,
        bytes_per_connection=(after - before) / IDLE_CONNECTIONS,
    )


async def measure_busy(server: Server, dialect: Dialect) -> Busy:
    """Time introductions in quiet and under load, then relay as much as can be."""
    crowd = await connect(server.port, dialect, _names(CONNECTED))
    gc.collect()
    gc.freeze()
    quiet = await _introductions(crowd, dialect, QUIET_SHIFT)
    talkers, others = crowd[:BACKGROUND_VISITORS], crowd[BACKGROUND_VISITORS:]
    pairs = await prepare(await pair_up(talkers, dialect, _far_shift(talkers)), dialect)
    async with background(pairs, BACKGROUND_RATE) as offered:
        loaded = await _introductions(others, dialect, LOADED_SHIFT)
    pairs += await prepare(await pair_up(others, dialect, _far_shift(others)), dialect)
    saturation = await saturate(server, pairs, bursts=False)
    await asyncio.sleep(SETTLE_SECONDS)
    bursts = await saturate(server, pairs, bursts=True)
    _abort(crowd)
    return Busy(
        quiet=quiet,
        loaded=loaded,
        background_rate=offered.messages_per_second,
        saturation=saturation,
        bursts=bursts,
    )


def _names(count: int) -> list[str]:
    return [f"v{number:05}" for number in range(count)]


def _far_shift(visitors: Sequence[Visitor]) -> int:
    """A pairing that the timed introductions do not reach."""
    return len(visitors) // 4


def _abort(visitors: Sequence[Visitor]) -> None:
    for visitor in visitors:
        visitor.transport.abort()


async def _introductions(
    visitors: Sequence[Visitor], dialect: Dialect, shift: int
) -> list[float] | None:
    if dialect.matching is None:
        return None
    with BusyPolling():
        return await find_to_matched(
            visitors, dialect.matching, shift=shift, samples=SAMPLES, seconds=SAMPLING_SECONDS
        )
