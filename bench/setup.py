"""Benchmark `setup`: from the click on Start to the first picture of the other, on both sides.

Two Chromium processes; one visitor waits, the other clicks. Compared are the product, a
straightforward page that does each step after the one before, and PeerJS: as in its tutorial, and
with everything prepared that it lets a page prepare. PeerJS introduces nobody: its caller knows
whom to call, which saves it a round trip. Measured on loopback, and again with 100 ms RTT to the
server and 50 ms between the browsers.

    make bench NAME=setup
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness import OURS, Comparison, Metric, arguments, say
from processes import BenchError, free_port, our_command, peer_command, running

sys.path.append(str(Path(__file__).resolve().parent.parent))

from setup_lab.callers import Caller, Ours, PeerJs, Sequential, Visit, before_scripts, served_pages
from setup_lab.network import DelayingProxy, DelayingRelay, own_address
from setup_lab.steps import STEPS, durations, round_trips

from tests.browser.drivers.chromium import Chromium, ChromiumPage

RUNS: Final = 7
CALL_SECONDS: Final = 30.0
SERVER_RTT: Final = 0.100
PARTNER_RTT: Final = 0.050

SEQUENTIAL: Final = "sequential"
PEERJS: Final = "peerjs"
PEERJS_PREPARED: Final = "peerjs_prepared"
CONTENDERS: Final = (OURS, SEQUENTIAL, PEERJS, PEERJS_PREPARED)
LOOPBACK: Final = "loopback"
DISTANT: Final = "rtt_100_50"
ROUND_TRIPS: Final = f"{DISTANT}_server_round_trips"
METRICS: Final = (
    *(
        Metric(name=f"{setting}_click_to_{step}", unit="ms", better="lower")
        for setting in (LOOPBACK, DISTANT)
        for step in STEPS
    ),
    *(
        Metric(name=f"{setting}_sealing", unit="ms", better="lower")
        for setting in (LOOPBACK, DISTANT)
    ),
    Metric(name=ROUND_TRIPS, unit="1", better="lower"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """What lies between the two browsers and one server."""

    services: tuple[str, str]
    """Host and port where the waiting and the clicking browser find the server."""
    proxies: tuple[DelayingProxy, DelayingProxy] | None
    """None on loopback."""


async def main() -> None:
    """Measure everybody in turn, so that a busy moment of the machine meets all alike."""
    options = arguments("setup", runs=RUNS, contenders=CONTENDERS)
    comparison = Comparison("setup", METRICS, CONTENDERS[1:])
    async with AsyncExitStack() as stack:
        callers = _callers(stack.enter_context(served_pages()))
        browsers = [await _browser(stack), await _browser(stack)]
        for setting in (LOOPBACK, DISTANT):
            networks = {name: await _network(stack, name, setting) for name in options.only}
            for run in range(1, options.runs + 1):
                for name in options.only:
                    figures = await _call(browsers, callers[name], networks[name], run)
                    comparison.record(name, _named(setting, figures))
                    say(f"{setting} run {run} {name}: {figures['frame']:.0f} ms")
    if len(options.only) == len(CONTENDERS):
        comparison.finish()
    else:
        sys.stdout.write(comparison.table() + "\n")


def _callers(pages: str) -> Mapping[str, Caller]:
    return {
        OURS: Ours(),
        SEQUENTIAL: Sequential(pages),
        PEERJS: PeerJs(pages, prepared=False),
        PEERJS_PREPARED: PeerJs(pages, prepared=True),
    }


async def _browser(stack: AsyncExitStack) -> Chromium:
    browser = await Chromium.launch()
    stack.push_async_callback(browser.close)
    return browser


async def _network(stack: AsyncExitStack, name: str, setting: str) -> Network:
    """Start the server of a contender and, for the distant setting, a proxy for each browser."""
    port = free_port()
    proxies = None if setting == LOOPBACK else (DelayingProxy(port), DelayingProxy(port))
    services = (f"127.0.0.1:{port}",) * 2
    if proxies is not None:
        services = f"127.0.0.1:{await proxies[0].open()}", f"127.0.0.1:{await proxies[1].open()}"
        for proxy in proxies:
            stack.push_async_callback(proxy.close)
    stack.enter_context(running(_command(name, services), port))
    return Network(services=services, proxies=proxies)


def _command(name: str, services: Sequence[str]) -> list[str]:
    if name == OURS:
        return our_command(f"--origins={','.join(f'http://{service}' for service in services)}")
    return peer_command("ws.mjs" if name == SEQUENTIAL else "peerjs.mjs")


async def _call(
    browsers: Sequence[Chromium], caller: Caller, network: Network, number: int
) -> dict[str, float]:
    """One call between two new visitors: milliseconds of each step, and round trips."""
    async with asyncio.timeout(CALL_SECONDS), _relay(network) as ends:
        pages = [await browser.new_page() for browser in browsers]
        for page, end in zip(pages, ends, strict=True):
            await page.add_script(before_scripts(end))
        waiting, clicking = pages
        first, second = network.services
        await caller.arrive(waiting, Visit(service=first, call=number, is_caller=False))
        await waiting.click("button", "Start")
        await waiting.wait_until("benchmark.stamps.waiting")
        await caller.arrive(clicking, Visit(service=second, call=number, is_caller=True))
        for proxy in network.proxies or ():
            proxy.one_way_seconds = SERVER_RTT / 2
        await clicking.click("button", "Start")
        figures = await _figures(waiting, clicking, network)
        for proxy in network.proxies or ():
            proxy.one_way_seconds = 0.0
        for page in pages:
            await page.close()
        return figures


@asynccontextmanager
async def _relay(network: Network) -> AsyncIterator[Sequence[tuple[str, int] | None]]:
    """Where each browser will find its partner: None, or the other's end of a relay."""
    if network.proxies is None:
        yield None, None
        return
    relay = DelayingRelay(own_address(), PARTNER_RTT / 2)
    first, second = await relay.open()
    try:
        yield (relay.address, first), (relay.address, second)
    finally:
        relay.close()


async def _figures(
    waiting: ChromiumPage, clicking: ChromiumPage, network: Network
) -> dict[str, float]:
    for page in (waiting, clicking):
        await page.wait_until("benchmark.stamps.frame")
    heard = await waiting.evaluate("benchmark.stamps")
    said = await clicking.evaluate("benchmark.stamps")
    figures = durations(said["click"], heard, said)
    if "matched" in said:
        figures["sealing"] = max(
            [await page.evaluate("benchmark.sealing()") for page in (waiting, clicking)]
        )
    if network.proxies is not None:
        passages = network.proxies[1].passages
        figures["round_trips"] = round_trips(passages, said["click"], said["card"])
    return figures


def _named(setting: str, figures: Mapping[str, float]) -> dict[str, float]:
    named = {f"{setting}_click_to_{step}": figures[step] for step in STEPS if step in figures}
    if "sealing" in figures:
        named[f"{setting}_sealing"] = figures["sealing"]
    if "round_trips" in figures:
        named[ROUND_TRIPS] = figures["round_trips"]
    return named


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except BenchError as error:
        sys.exit(str(error))
