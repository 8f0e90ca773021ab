"""Benchmark `signaling`: our server against npm `ws`, socket.io and PeerJS's server.

All do the same job: accept visitors, introduce two of them, relay SDP-sized and candidate-sized
messages between them. Each server runs alone on core 0, the load generator on core 1. PeerJS's
server introduces nobody, so its visitors know each other's ids from the start.

    make bench NAME=signaling
"""

import os
import resource
import statistics
import sys
from collections.abc import Coroutine, Mapping
from typing import Final, TypeVar

import uvloop
from harness import OURS, Comparison, Metric, arguments, say
from processes import BenchError, free_port, running
from signaling_load.contenders import Contender, contenders
from signaling_load.scenarios import IDLE_CONNECTIONS, Busy, Idle, measure_busy, measure_idle

RUNS: Final = 3
SERVER_CORE: Final = 0
GENERATOR_CORE: Final = 1
OPEN_FILES: Final = IDLE_CONNECTIONS + 500
GENERATOR_CEILING: Final = 0.9
"""When it is busy for more of the time, the generator might be what is measured."""

SERVER_FLOOR: Final = 0.9
"""With less of its core under saturation, something else on the machine had the rest."""

METRICS: Final = (
    Metric(name="relayed_messages", unit="1/s", better="higher"),
    Metric(name="relayed_messages_in_bursts", unit="1/s", better="higher"),
    Metric(name="find_to_matched_p50", unit="ms", better="lower"),
    Metric(name="find_to_matched_p99", unit="ms", better="lower"),
    Metric(name="find_to_matched_p99_at_5000_messages", unit="ms", better="lower"),
    Metric(name="memory_per_idle_connection", unit="kB", better="lower"),
    Metric(name="connects", unit="1/s", better="higher"),
)

Result = TypeVar("Result")


def main() -> None:
    """Measure everybody in turn, so that a busy moment of the machine meets all alike."""
    field = contenders()
    options = arguments("signaling", runs=RUNS, contenders=[each.name for each in field])
    _allow_many_files()
    _take_core()
    comparison = Comparison(
        "signaling", METRICS, [each.name for each in field if each.name != OURS]
    )
    for run in range(1, options.runs + 1):
        for contender in field:
            if contender.name in options.only:
                comparison.record(contender.name, _measure(contender, run))
    if len(options.only) == len(field):
        comparison.finish()
    else:
        sys.stdout.write(comparison.table() + "\n")


def _measure(contender: Contender, run: int) -> Mapping[str, float]:
    with running(contender.command, free_port(), core=SERVER_CORE) as server:
        idle = _run(measure_idle(server, contender.dialect))
    with running(contender.command, free_port(), core=SERVER_CORE) as server:
        busy = _run(measure_busy(server, contender.dialect))
    saturation = busy.saturation
    say(
        f"run {run} {contender.name}: {saturation.messages_per_second:,.0f} messages/s with "
        f"{saturation.server_cpu:.0%} of its core, generator busy "
        f"{saturation.generator_busy:.0%}; background {busy.background_rate:,.0f}/s"
    )
    if saturation.generator_busy > GENERATOR_CEILING:
        say(f"  the generator was the limit: {contender.name} can do more than this")
    if saturation.server_cpu < SERVER_FLOOR:
        say("  the machine was busy: the server did not get its core")
    return _figures(idle, busy)


def _run(measurement: Coroutine[object, object, Result]) -> Result:
    return uvloop.run(measurement)


def _figures(idle: Idle, busy: Busy) -> dict[str, float]:
    figures = {
        "relayed_messages": busy.saturation.messages_per_second,
        "relayed_messages_in_bursts": busy.bursts.messages_per_second,
        "memory_per_idle_connection": idle.bytes_per_connection / 1000,
        "connects": idle.connects_per_second,
    }
    if busy.quiet is not None and busy.loaded is not None:
        figures["find_to_matched_p50"] = statistics.median(busy.quiet) * 1000
        figures["find_to_matched_p99"] = _p99(busy.quiet) * 1000
        figures["find_to_matched_p99_at_5000_messages"] = _p99(busy.loaded) * 1000
    return figures


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def _allow_many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < OPEN_FILES:
        raise BenchError(f"{OPEN_FILES} open files are needed: raise `ulimit -Hn` ({hard} now).")
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, hard))


def _take_core() -> None:
    if not {SERVER_CORE, GENERATOR_CORE} <= os.sched_getaffinity(0):
        raise BenchError("Two cores are needed: one for the server, one for the generator.")
    os.sched_setaffinity(0, {GENERATOR_CORE})


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(str(error))
