"""Benchmark `stun`: Binding requests answered by our relay and by coturn.

Each server runs alone on core 0, the generator on core 1: 16 sockets with 16
requests under way on each.

    make bench NAME=stun
"""

import contextlib
import os
import secrets
import sys
from typing import Final

from harness import OURS, Comparison, Metric, arguments, say
from processes import BenchError, free_port, running
from relay_load import contenders
from relay_load.measure import latency, saturate
from relay_load.sockets import LoadSocket

from chatzyo.traversal.stun.message import Builder, Kind, Method

RUNS: Final = 3
SOCKETS: Final = 16
WINDOW: Final = 16
COTURN: Final = "coturn"

METRICS: Final = (
    Metric(name="binding_requests", unit="1/s", better="higher"),
    Metric(name="cpu_per_request", unit="us", better="lower"),
    Metric(name="one_at_a_time_p50", unit="us", better="lower"),
    Metric(name="one_at_a_time_p99", unit="us", better="lower"),
)


def main() -> None:
    """Measure both in turn."""
    options = arguments("stun", runs=RUNS, contenders=[OURS, COTURN])
    comparison = Comparison("stun", METRICS, [COTURN])
    os.sched_setaffinity(0, {1})
    for run in range(1, options.runs + 1):
        for name in options.only:
            command = contenders.ours() if name == OURS else contenders.coturn()
            figures = _measure(command)
            say(f"run {run} {name}: {figures['binding_requests']:,.0f}/s")
            comparison.record(name, figures)
    if len(options.only) == 2:
        comparison.finish()
    else:
        sys.stdout.write(comparison.table() + "\n")


def _measure(command: list[str]) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running(command, free_port(), core=0))
        sockets = [stack.enter_context(LoadSocket(server.port)) for _ in range(SOCKETS)]
        for each in sockets:
            request = Builder(Method.BINDING, Kind.REQUEST, secrets.token_bytes(12))
            each.prepare(request.serialise())
            each.receive()
        p50, p99 = latency(sockets[0], sockets[0])
        throughput = saturate(server, [(each, each) for each in sockets], WINDOW)
    return {
        "binding_requests": throughput.per_second,
        "cpu_per_request": throughput.cpu_microseconds,
        "one_at_a_time_p50": p50,
        "one_at_a_time_p99": p99,
    }


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(str(error))
