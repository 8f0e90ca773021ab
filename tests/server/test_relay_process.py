"""A node and its relay: started together, ended together, neither pulling down the other."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from chatzyo.server.mistake import CannotStart
from chatzyo.server.relay_process import RelayProcess
from chatzyo.server.settings import RelaySettings
from tests.browser.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

SETTINGS = RelaySettings(relay_hosts=("127.0.0.1",), relay_port=0, relay_tls_port=0)


def children_of(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def ended(pid: int) -> None:
    async with asyncio.timeout(10):
        descriptor = os.pidfd_open(pid)
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(descriptor, over.set)
        await over.wait()
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def test_a_node_starts_its_relay_and_takes_it_along_when_it_stops() -> None:
    server = await Server.start("--relay-engine", "on")
    (relay,) = children_of(server.pid)
    await server.stop()
    assert not is_running(relay)


async def test_a_relay_ends_when_its_node_is_killed() -> None:
    server = await Server.start("--relay-engine", "on")
    (relay,) = children_of(server.pid)
    over = asyncio.create_task(ended(relay))
    await asyncio.sleep(0)
    await server.kill()
    await over


@pytest.mark.parametrize("engine", ["off", "coturn"])
async def test_without_the_built_in_engine_there_is_no_relay(engine: str) -> None:
    server = await Server.start("--relay-engine", engine)
    assert children_of(server.pid) == []
    await server.stop()


async def test_a_relay_that_falls_comes_back_on_its_port() -> None:
    relay = RelayProcess(SETTINGS, [b"secret"])
    relay.watch()
    before = relay.pid
    os.kill(before, signal.SIGKILL)
    await ended(before)
    await _listening(relay.report.port)
    after = relay.pid
    assert after != before
    relay.stop()
    assert not is_running(after)


async def _listening(port: int) -> None:
    """Wait until somebody listens again: each refusal is an answer of the kernel."""
    async with asyncio.timeout(20):
        while True:
            try:
                # From another address: a free port of one's own address may connect to itself.
                _, writer = await asyncio.open_connection(
                    "127.0.0.1", port, local_addr=("127.0.0.2", 0)
                )
            except ConnectionRefusedError:
                continue
            writer.close()
            return


async def test_what_keeps_a_relay_from_starting_is_told_by_the_node() -> None:
    relay = RelayProcess(SETTINGS, [b"secret"])
    taken = RelaySettings(relay_hosts=("127.0.0.1",), relay_port=relay.report.port)
    with pytest.raises(CannotStart, match="cannot listen on port"):
        RelayProcess(taken, [b"secret"])
    relay.stop()
