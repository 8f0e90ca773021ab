"""Benchmark `turn`: ChannelData relayed by our relay and by coturn.

`inside` goes from one allocation to another of the same server, as between two people who both hide
their address: our closed relay against coturn. `outside` goes to a peer that is no client: our open
relay against coturn. Each server runs alone on core 0, the generator on core 1; 8 flows.

    make bench NAME=turn
"""

import contextlib
import os
import sys
from typing import Final

from harness import OURS, Comparison, Metric, arguments, say
from processes import BenchError, Server, free_port, running
from relay_load import contenders
from relay_load.client import Client, channel_data
from relay_load.measure import latency, saturate
from relay_load.sockets import LoadSocket

from chatzyo.traversal import address
from chatzyo.traversal.address import PeerAddress

RUNS: Final = 3
FLOWS: Final = 8
WINDOW: Final = 32
ALLOCATIONS: Final = 400
PEER_HOST: Final = "127.0.0.2"
"""Not an address of an interface: our own addresses are refused, whatever is allowed."""

COTURN: Final = "coturn"

METRICS: Final = (
    Metric(name="inside_1000_bytes", unit="1/s", better="higher"),
    Metric(name="inside_1000_bytes_cpu", unit="us", better="lower"),
    Metric(name="inside_160_bytes", unit="1/s", better="higher"),
    Metric(name="inside_160_bytes_cpu", unit="us", better="lower"),
    Metric(name="inside_one_at_a_time_p50", unit="us", better="lower"),
    Metric(name="inside_one_at_a_time_p99", unit="us", better="lower"),
    Metric(name="outside_1000_bytes", unit="1/s", better="higher"),
    Metric(name="outside_1000_bytes_cpu", unit="us", better="lower"),
    Metric(name="outside_160_bytes", unit="1/s", better="higher"),
    Metric(name="outside_160_bytes_cpu", unit="us", better="lower"),
    Metric(name="memory_per_allocation", unit="kB", better="lower"),
)


def main() -> None:
    """Measure both in turn."""
    options = arguments("turn", runs=RUNS, contenders=[OURS, COTURN])
    comparison = Comparison("turn", METRICS, [COTURN])
    os.sched_setaffinity(0, {1})
    for run in range(1, options.runs + 1):
        for name in options.only:
            figures = _measure(name)
            say(f"run {run} {name}: {figures['inside_1000_bytes']:,.0f}/s inside")
            comparison.record(name, figures)
    if len(options.only) == 2:
        comparison.finish()
    else:
        sys.stdout.write(comparison.table() + "\n")


def _measure(name: str) -> dict[str, float]:
    is_ours = name == OURS
    inside = contenders.ours() if is_ours else contenders.coturn()
    outside = contenders.ours(*contenders.OURS_OPEN) if is_ours else inside
    figures: dict[str, float] = {}
    for size in (1000, 160):
        figures |= _load(inside, "inside", size)
        figures |= _load(outside, "outside", size)
    with running(inside, free_port(), core=0) as server:
        figures["memory_per_allocation"] = _memory(server)
    return figures


def _load(command: list[str], where: str, size: int) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running(command, free_port(), core=0))
        flows = [_flow(stack, server, where) for _ in range(FLOWS)]
        for sender, receiver in flows:
            sender.prepare(channel_data(size))
            receiver.receive()
        figures: dict[str, float] = {}
        if where == "inside" and size == 1000:
            p50, p99 = latency(*flows[0])
            figures |= {"inside_one_at_a_time_p50": p50, "inside_one_at_a_time_p99": p99}
        throughput = saturate(server, flows, WINDOW)
    name = f"{where}_{size}_bytes"
    return figures | {name: throughput.per_second, f"{name}_cpu": throughput.cpu_microseconds}


def _flow(stack: contextlib.ExitStack, server: Server, where: str) -> tuple[LoadSocket, LoadSocket]:
    sender = Client(stack.enter_context(LoadSocket(server.port)), contenders.credentials())
    if where == "outside":
        peer = stack.enter_context(LoadSocket(server.port, PEER_HOST))
        sender.bind(PeerAddress(address.pack(*peer.socket.getsockname())))
        return sender.socket, peer
    receiver = Client(stack.enter_context(LoadSocket(server.port)), contenders.credentials())
    sender.bind(receiver.as_peer)
    receiver.bind(sender.as_peer)
    return sender.socket, receiver.socket


def _memory(server: Server) -> float:
    with contextlib.ExitStack() as stack:
        # A prefix is refused only so often, and every allocation begins with a refusal.
        hosts = [f"127.0.{1 + number // 16}.1" for number in range(ALLOCATIONS)]
        sockets = [stack.enter_context(LoadSocket(server.port, host)) for host in hosts]
        before = server.memory_bytes()
        for each in sockets:
            Client(each, contenders.credentials())
        return (server.memory_bytes() - before) / ALLOCATIONS / 1000


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(str(error))
