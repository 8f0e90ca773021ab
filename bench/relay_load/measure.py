"""Closed-loop throughput, and latency of one packet at a time."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from processes import Server

from relay_load.sockets import LoadSocket

WARM_SECONDS: Final = 0.5
SECONDS: Final = 2.0
STALL_SECONDS: Final = 0.05
"""Then what is under way counts as lost and is sent anew."""

PINGS: Final = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Throughput:
    """What came back."""

    per_second: float
    cpu_microseconds: float
    stalls: int


def saturate(
    server: Server, flows: Sequence[tuple[LoadSocket, LoadSocket]], window: int
) -> Throughput:
    """Keep `window` packets under way on each flow (sender, receiver), for some seconds."""
    for sender, _ in flows:
        sender.send(window)
    _run(flows, window, WARM_SECONDS)
    cpu, start = server.cpu_seconds(), time.monotonic()
    count, stalls = _run(flows, window, SECONDS)
    passed, used = time.monotonic() - start, server.cpu_seconds() - cpu
    return Throughput(
        per_second=count / passed, cpu_microseconds=used / max(count, 1) * 1e6, stalls=stalls
    )


def _run(
    flows: Sequence[tuple[LoadSocket, LoadSocket]], window: int, seconds: float
) -> tuple[int, int]:
    total, stalls = 0, 0
    now = heard = time.monotonic()
    end = now + seconds
    while now < end:
        arrived = 0
        for sender, receiver in flows:
            count = receiver.receive()
            if count:
                sender.send(count)
                arrived += count
        now = time.monotonic()
        total += arrived
        if arrived:
            heard = now
        elif now - heard > STALL_SECONDS:
            heard = now
            stalls += 1
            for sender, _ in flows:
                sender.send(window)
    return total, stalls


def latency(sender: LoadSocket, receiver: LoadSocket) -> tuple[float, float]:
    """Median and 99th percentile in microseconds, one packet at a time."""
    while receiver.receive():
        pass
    receiver.socket.settimeout(2)
    times = []
    for _ in range(PINGS):
        start = time.perf_counter()
        sender.send(1)
        receiver.socket.recv(4096)
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]
