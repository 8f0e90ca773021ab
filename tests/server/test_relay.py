"""The relay on real sockets: every transport, both families, bad streams."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from chatzyo.traversal import address
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.message import Builder, Kind, Method, parse
from tests.server.relay_server import RelayServer

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

REQUEST = Builder(Method.BINDING, Kind.REQUEST, bytes(range(12))).serialise()
HOSTS = ["127.0.0.1", "::1"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def relay(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RelayServer]:
    running = await RelayServer.start(tmp_path_factory.mktemp("relay"))
    yield running
    await running.stop()


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def connect(
    relay: RelayServer, host: str, *, tls: bool
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = relay.tls_port if tls else relay.port
    return await asyncio.open_connection(host, port, ssl=trusting() if tls else None)


@pytest.mark.parametrize("host", HOSTS)
async def test_udp_answers_from_the_address_that_was_asked(relay: RelayServer, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as client:
        client.setblocking(False)  # noqa: FBT003 - as the standard library wants it
        client.bind((host, 0))
        client.connect((host, relay.port))
        client.send(REQUEST)
        async with asyncio.timeout(5):
            answer = parse(await asyncio.get_running_loop().sock_recv(client, 2048))
        mapped = answer.first(stun.XOR_MAPPED_ADDRESS)
        assert mapped
        assert address.unpack(mapped) == client.getsockname()[:2]


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("host", HOSTS)
async def test_a_stream_is_answered_however_it_is_split(
    relay: RelayServer, host: str, *, tls: bool
) -> None:
    reader, writer = await connect(relay, host, tls=tls)
    for byte in REQUEST:
        writer.write(bytes((byte,)))
        await writer.drain()
    async with asyncio.timeout(5):
        head = await reader.readexactly(20)
        rest = await reader.readexactly(int.from_bytes(head[2:4], "big"))
    mapped = parse(head + rest).first(stun.XOR_MAPPED_ADDRESS)
    assert mapped
    assert address.unpack(mapped) == writer.get_extra_info("sockname")[:2]
    writer.close()


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("first", [b"GET / HTTP/1.1\r\n\r\n", b"\x40\x01\0\4abcd", bytes(20)])
async def test_a_stream_that_is_no_stun_is_closed_without_an_answer(
    relay: RelayServer, first: bytes, *, tls: bool
) -> None:
    reader, writer = await connect(relay, "127.0.0.1", tls=tls)
    writer.write(first)
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()


async def test_a_taken_port_is_one_sentence_with_a_remedy(
    relay: RelayServer, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match="Choose another with --relay-port"):
        await RelayServer.start(tmp_path, "--relay-port", str(relay.port))
