"""Clients that others wrote: coturn's and aioice, over every transport."""

import asyncio
import re
import shutil
import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.server.relay_server import SECRET, RelayServer, credentials

aioice_turn = pytest.importorskip("aioice.turn", reason="aioice is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
needs_coturn = pytest.mark.skipif(
    shutil.which("turnutils_uclient") is None, reason="coturn's test clients are not installed"
)

ROOM = ("--relay-allocations-per-user", "100", "--relay-allocations-per-prefix", "200")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def relay(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RelayServer]:
    running = await RelayServer.start(tmp_path_factory.mktemp("relay"), *ROOM)
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_relay(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RelayServer]:
    options = ("--relay-mode", "open", "--relay-max-allocations", "100", *ROOM)
    running = await RelayServer.start(tmp_path_factory.mktemp("relay"), *options)
    yield running
    await running.stop()


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout
    async with asyncio.timeout(60):
        told = (await process.stdout.read()).decode()
        await process.wait()
    return told


async def exchange(relay: RelayServer, *options: str, tls: bool = False) -> str:
    """Two clients of coturn send each other five messages each; what they say in the end."""
    return await output(
        *("turnutils_uclient", "-u", "1999999999:someone.match", "-W", SECRET.decode()),
        *("-y", "-c", "-n", "5", "-m", "2", "-p", str(relay.tls_port if tls else relay.port)),
        *options,
    )


def nothing_was_lost(told: str) -> bool:
    return "tot_send_msgs=10, tot_recv_msgs=10" in told and "Total lost packets 0" in told


@needs_coturn
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_coturns_stun_client_learns_its_address(relay: RelayServer, host: str) -> None:
    told = await output("turnutils_stunclient", "-p", str(relay.port), host)
    assert re.search(rf"UDP reflexive addr: {host}:\d+", told)


@needs_coturn
@pytest.mark.parametrize(
    "options",
    [
        ("127.0.0.1",),
        ("::1",),
        ("-s", "127.0.0.1"),
        ("-x", "127.0.0.1"),
        ("-x", "-s", "::1"),
        ("-g", "-D", "127.0.0.1"),
        ("-G", "127.0.0.1"),
        ("-t", "127.0.0.1"),
        ("-t", "::1"),
        ("-t", "-s", "-l", "1200", "127.0.0.1"),
    ],
    ids=" ".join,
)
async def test_coturns_clients_lose_nothing(relay: RelayServer, options: tuple[str, ...]) -> None:
    told = await exchange(relay, *options)
    assert nothing_was_lost(told), told


@needs_coturn
@pytest.mark.parametrize("options", [("127.0.0.1",), ("::1",), ("-s", "127.0.0.1")], ids=" ".join)
async def test_coturns_clients_lose_nothing_over_tls(
    relay: RelayServer, options: tuple[str, ...]
) -> None:
    told = await exchange(relay, "-t", "-S", *options, tls=True)
    assert nothing_was_lost(told), told


@needs_coturn
@pytest.mark.parametrize(
    "options", [("127.0.0.1",), ("-s", "::1"), ("-t", "127.0.0.1")], ids=" ".join
)
async def test_an_open_relay_serves_them_as_well(
    open_relay: RelayServer, options: tuple[str, ...]
) -> None:
    told = await exchange(open_relay, *options)
    assert nothing_was_lost(told), told


class Collector(asyncio.DatagramProtocol):
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[tuple[bytes, Any]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self.received.put_nowait((data, addr))


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def endpoint(
    relay: RelayServer, host: str, transport: str, match: str
) -> tuple[Any, Collector]:
    tls = transport == "tls"
    who = credentials(match)
    made: tuple[Any, Collector] = await aioice_turn.create_turn_endpoint(
        Collector,
        server_addr=(host, relay.tls_port if tls else relay.port),
        username=who.username,
        password=who.password,
        ssl=trusting() if tls else None,
        transport="udp" if transport == "udp" else "tcp",
    )
    return made


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("transports", [("udp", "udp"), ("tcp", "udp"), ("tls", "tcp")])
async def test_aioice_reaches_the_other_person_of_its_match(
    relay: RelayServer, host: str, transports: tuple[str, str]
) -> None:
    one, heard_by_one = await endpoint(relay, host, transports[0], "pair")
    two, heard_by_two = await endpoint(relay, host, transports[1], "pair")
    first, second = (each.get_extra_info("sockname") for each in (one, two))
    async with asyncio.timeout(10):
        await bound(two).send_data(b"not let in yet", first)
        await bound(one).send_data(b"hello", second)
        assert await heard_by_two.received.get() == (b"hello", first)
        await bound(two).send_data(b"and back", first)
        assert await heard_by_one.received.get() == (b"and back", second)
    one.close()
    two.close()


async def test_aioice_reaches_nobody_of_another_match(relay: RelayServer) -> None:
    one, heard_by_one = await endpoint(relay, "127.0.0.1", "udp", "a")
    two, heard_by_two = await endpoint(relay, "127.0.0.1", "udp", "b")
    third, heard_by_third = await endpoint(relay, "127.0.0.1", "udp", "a")
    async with asyncio.timeout(10):
        for sender in (one, two, third):
            for receiver in (one, two, third):
                if sender is not receiver:
                    await bound(sender).send_data(b"hello", receiver.get_extra_info("sockname"))
        for sender, receiver in ((one, third), (third, one)):
            await bound(sender).send_data(b"last", receiver.get_extra_info("sockname"))
        while (await heard_by_third.received.get())[0] != b"last":
            pass
        while (await heard_by_one.received.get())[0] != b"last":
            pass
    assert heard_by_two.received.empty()
    for each in (one, two, third):
        each.close()


def bound(transport: Any) -> Any:
    """What binds a channel before it sends, and can be waited for."""
    return transport._TurnTransport__inner_protocol
