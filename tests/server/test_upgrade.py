"""The seam between uvicorn and picows, and what is refused before a WebSocket is opened."""

from importlib.metadata import version

import pytest

from chatzyo.server.observer import Silence
from chatzyo.server.upgrade import Quiet, _plain_request
from tests.browser.server import Server
from tests.server.client import RawSocket, Visitor, handshake

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


async def status_of(url: str, request: bytes) -> int:
    raw = await RawSocket.open(url)
    raw.writer.write(request)
    status = await raw.read_status()
    raw.close()
    return status


async def test_the_pinned_versions_are_the_ones_this_seam_was_written_for() -> None:
    assert version("picows") == "2.3.1"
    assert version("uvicorn") == "0.54.0"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "{url}.evil.example",
        "{url}/",
        "HTTP{rest}",
        "https{rest}",
        "http://localhost",
        "http://localhost:1",
    ],
)
async def test_an_origin_that_is_not_exactly_listed_is_refused(
    server: Server, origin: str | None
) -> None:
    rest = server.url.removeprefix("http")
    forged = origin and origin.format(url=server.url, rest=rest)
    assert await status_of(server.url, handshake(server.url, Origin=forged)) == 403


async def test_the_listed_origins_are_this_machine_and_those_of_the_settings(
    server: Server,
) -> None:
    port = server.url.rpartition(":")[2]
    for name in ("localhost", "127.0.0.1", "[::1]"):
        request = handshake(server.url, Origin=f"http://{name}:{port}")
        assert await status_of(server.url, request) == 101
    listed = await Server.start("--origins", "https://chat.example, https://a.example")
    for origin in ("https://chat.example", "https://a.example"):
        assert await status_of(listed.url, handshake(listed.url, Origin=origin)) == 101
    await listed.stop()


@pytest.mark.parametrize(
    "changed",
    [{"Sec_WebSocket_Key": "short"}, {"Sec_WebSocket_Key": None}, {"Sec_WebSocket_Version": "8"}],
)
async def test_a_wrong_handshake_is_refused(server: Server, changed: dict[str, str | None]) -> None:
    assert await status_of(server.url, handshake(server.url, **changed)) == 400


async def test_another_path_is_not_a_websocket(server: Server) -> None:
    request = handshake(server.url).replace(b"/ws", b"/other", 1)
    assert await status_of(server.url, request) == 404


async def test_a_full_house_says_when_to_come_back_and_room_returns() -> None:
    small = await Server.start("--max-connections", "1")
    only = await Visitor.arrive(small.url)
    raw = await RawSocket.open(small.url)
    raw.writer.write(handshake(small.url))
    head = await raw.reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503")
    assert b"Retry-After: 10" in head
    raw.close()
    await only.socket.close()
    async with await Visitor.arrive(small.url):
        pass
    await small.stop()
    assert any("connections-full" in line for line in small.log)


async def test_one_address_cannot_fill_the_house() -> None:
    strict = await Server.start("--connections-per-address", "1")
    async with await Visitor.arrive(strict.url):
        assert await status_of(strict.url, handshake(strict.url)) == 429
    await strict.stop()


async def test_only_what_the_handshake_needs_is_passed_on() -> None:
    request = handshake("http://localhost:1", User_Agent="canary", Cookie="canary")
    plain = _plain_request(request)
    assert b"canary" not in plain
    assert plain.startswith(b"GET /ws HTTP/1.1\r\n")
    assert plain.endswith(b"connection: Upgrade\r\n\r\n")


async def test_the_library_gets_a_logger_that_formats_nothing() -> None:
    quiet = Quiet(Silence())
    assert not quiet.isEnabledFor(50)
    quiet.error("%s", "an address")
    quiet.exception("a bug")


async def test_an_unread_header_is_no_reason_to_fail(server: Server) -> None:
    request = handshake(server.url, X_Long="x" * 8000)
    assert await status_of(server.url, request) == 101
