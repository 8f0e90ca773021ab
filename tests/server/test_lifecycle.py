"""Starting, saying goodbye, and the mistakes an operator can make."""

import asyncio
import ssl
import sys

import pytest
from websockets import Origin
from websockets.asyncio.client import connect

from tests.browser.server import Server
from tests.server.client import Visitor, meet

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def test_a_stopping_server_tells_everybody_when_to_come_back() -> None:
    server = await Server.start("--restart-spread", "3")
    first, second, _ = await meet(server.url)
    stopping = asyncio.create_task(server.stop())
    for visitor in (first, second):
        assert 0 <= (await visitor.receive())["after_ms"] <= 3000
        assert await visitor.close_code() == 1012
    await stopping


async def test_local_tls_serves_pages_and_socket_with_its_own_certificate() -> None:
    server = await Server.start("--tls", "local")
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    target = server.url.replace("https", "wss") + "/ws"
    async with connect(target, origin=Origin(server.url), ssl=trusting) as socket:
        await socket.send('{"type":"hello","v":1}')
        assert "welcome" in await socket.recv()
    await server.stop()
    assert any("phone" in line or "certificate" in line for line in server.log)


async def refusal(*options: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatzyo.cli", "serve", *options), stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    assert process.returncode == 2
    return told.decode()


async def test_a_taken_port_is_one_sentence_with_a_remedy() -> None:
    server = await Server.start()
    told = await refusal("--port", server.url.rpartition(":")[2])
    assert told.startswith("chatzyo: Cannot listen on localhost, port")
    assert told.count("\n") == 1
    await server.stop()


async def test_an_unknown_address_is_one_sentence_with_a_remedy() -> None:
    told = await refusal("--host", "no-such-host.invalid")
    assert "Choose another with --host or --port." in told
    assert told.count("\n") == 1


async def test_a_call_is_introduced_in_well_under_a_second_and_measured() -> None:
    server = await Server.start("--metrics-port", "19095")
    await meet(server.url)
    reader, writer = await asyncio.open_connection("127.0.0.1", 19095)
    writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
    text = (await reader.read()).decode()
    writer.close()
    assert "chatzyo_match_seconds_count 1.0" in text
    assert "chatzyo_connections 0.0" in text
    await server.stop()


async def test_a_visitor_who_comes_back_is_a_new_visitor() -> None:
    server = await Server.start()
    first, second, mid = await meet(server.url)
    await first.socket.close()
    assert (await second.receive())["reason"] == "lost"
    async with await Visitor.arrive(server.url) as again:
        await again.send(type="signal", mid=mid, seq=0, blob="abc")
        assert (await again.receive())["code"] == "no-match"
    await server.stop()
