"""PROTOCOL.md's conversation happens exactly so with a real server."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.browser.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
PROTOCOL = Path(__file__).parents[2] / "PROTOCOL.md"


def transcript() -> list[str]:
    found = re.search(r"```transcript\n(.*?)```", PROTOCOL.read_text(), re.DOTALL)
    assert found
    return found[1].splitlines()


def spell_out(text: str) -> str:
    """Put values of the right length where the page has short names."""
    lengths = {"KEY": 108, "MAC": 43, "ROOM": 22, "SEAT-A": 22, "SEAT-B": 22}
    for name, length in lengths.items():
        text = text.replace(f'"{name}"', f'"{name:_<{length}}"')
    return text


async def receive(socket: ClientConnection) -> str:
    async with asyncio.timeout(10):
        try:
            return str(await socket.recv())
        except ConnectionClosed as closed:
            return f"close {closed.rcvd.code if closed.rcvd else None}"


async def test_the_documented_conversation_is_what_happens(server: Server) -> None:
    target = server.url.replace("http", "ws", 1) + "/ws"
    origin = Origin(server.url)
    async with connect(target, origin=origin) as anna, connect(target, origin=origin) as ben:
        people = {"A": anna, "B": ben}
        mid = "MID"
        for line in transcript():
            who, direction, text = line[0], line[1], spell_out(line[3:])
            if direction == ">":
                await people[who].send(text.replace("MID", mid))
                continue
            received = await receive(people[who])
            if '"matched"' in received:
                mid = json.loads(received)["mid"]
            assert received == text.replace("MID", mid)
