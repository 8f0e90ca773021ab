"""A signaling server that has gone over to the enemy.

It serves the published client, byte for byte, and speaks the protocol well enough that no page
notices; whom it introduces to whom, and what becomes of their messages, is up to the test.
"""

import asyncio
import http
import json
import secrets
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Self

from websockets import Headers, Request, Response
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from chatzyo.protocol.messages import Role
from chatzyo.sealing.base64url import encode
from chatzyo.server.headers import security_headers
from chatzyo.server.pages import LINK_PATH, WEBSOCKET_PATH, load_assets

PATIENCE_SECONDS: Final = 10

Message = dict[str, Any]
Tamper = Callable[["Visitor", Message], Iterable[Message]]
"""What is handed over instead of a message of this visitor."""


class Visitor:
    """One page, as the server sees it."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self.request: Message = {}
        """Its last `find` or `join`."""
        self._is_asking = False
        self.mid = ""

    async def send(self, **message: object) -> None:
        await self._socket.send(json.dumps(message, separators=(",", ":")))

    async def receive(self, *kinds: str) -> Message:
        """The next message of one of these kinds; others are left unanswered."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (message := await self._receive())["type"] not in kinds:
                pass
        return message

    async def messages(self) -> AsyncIterator[Message]:
        """All messages until the page goes away."""
        try:
            while True:
                yield await self._receive()
        except ConnectionClosed:
            return

    async def asks(self) -> Message:
        """Wait until it looks for a stranger or takes a seat in a private room."""
        if not self._is_asking:
            self.note(await self.receive("find", "join"))
        return self.request

    def note(self, request: Message) -> None:
        """Keep what it asked for while it was not waited for."""
        self.request, self._is_asking = request, True

    async def match(self, *, mid: str, role: Role, key: str, mac: str | None = None) -> None:
        """Introduce whoever has this key."""
        self.mid, self._is_asking = mid, False
        mode = self.request.get("mode", "video")
        told = {"mid": mid, "role": role, "mode": mode, "languages": [], "interests": []}
        await self.send(type="matched", **told, key=key, mac=mac)

    async def signal(self, *, seq: int, blob: str) -> None:
        await self.send(type="signal", mid=self.mid, seq=seq, blob=blob)

    async def leaves(self) -> None:
        """Wait until it has ended the match by itself."""
        while (await self.receive("leave"))["mid"] != self.mid:
            pass

    async def _receive(self) -> Message:
        message: Message = json.loads(await self._socket.recv())
        return message


class MaliciousServer:
    """Everybody comes to it, and it knows everything a server can know."""

    def __init__(self, *, is_secure: bool) -> None:
        self._assets = load_assets()
        self._arrivals: asyncio.Queue[Visitor] = asyncio.Queue()
        self._is_secure = is_secure
        self.origin = ""

    @classmethod
    @asynccontextmanager
    async def running(cls, name: str, context: ssl.SSLContext | None) -> AsyncIterator[Self]:
        server = cls(is_secure=context is not None)
        async with serve(
            server._welcome,
            "127.0.0.1",
            0,
            ssl=context,
            process_request=server._respond,
            compression=None,
        ) as listening:
            port = next(iter(listening.sockets)).getsockname()[1]
            server.origin = f"{'https' if context else 'http'}://{name}:{port}"
            yield server

    async def arrival(self) -> Visitor:
        """The next page that was opened."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._arrivals.get()

    async def _welcome(self, socket: ServerConnection) -> None:
        visitor = Visitor(socket)
        with suppress(ConnectionClosed):
            await visitor.receive("hello")
            await visitor.send(type="welcome", v=1, online=0)
            self._arrivals.put_nowait(visitor)
        await socket.wait_closed()

    def _respond(self, _: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if path == WEBSOCKET_PATH and "Upgrade" in request.headers:
            return None
        headers = Headers(
            security_headers(host=request.headers.get("Host", ""), secure=self._is_secure)
        )
        headers["Connection"] = "close"
        asset = self._assets.get("/" if path == LINK_PATH else path)
        status = http.HTTPStatus.OK if asset else http.HTTPStatus.NOT_FOUND
        body = asset.body if asset else b""
        headers["Content-Type"] = asset.media_type if asset else "text/plain"
        headers["Content-Length"] = str(len(body))
        return Response(status, status.phrase, headers, body)


def made_up_mid() -> str:
    return encode(secrets.token_bytes(16))


async def introduce(a: Visitor, b: Visitor) -> None:
    """As an honest server does it."""
    mid = made_up_mid()
    await a.match(mid=mid, role="a", key=b.request["key"])
    await b.match(mid=mid, role="b", key=a.request["key"], mac=a.request.get("mac"))


def honestly(_: Visitor, message: Message) -> Iterable[Message]:
    return [message]


def hiding_ends(_: Visitor, message: Message) -> Iterable[Message]:
    return [] if message["type"] == "ended" else [message]


def _as_told_to_the_other(message: Message) -> Message:
    if message["type"] == "leave":
        return {"type": "ended", "mid": message["mid"], "reason": "left"}
    return message


@asynccontextmanager
async def relaying(
    one: Visitor, other: Visitor, tamper: Tamper = honestly
) -> AsyncIterator[list[tuple[Visitor, Message]]]:
    """Carry between two who were introduced; tells what each has sent to the other, as sent."""
    sent: list[tuple[Visitor, Message]] = []

    async def carry(sender: Visitor, receiver: Visitor) -> None:
        async for message in sender.messages():
            if message["type"] in {"find", "join"}:
                sender.note(message)
                continue
            if message["type"] != "leave":
                sent.append((sender, message))
            for each in tamper(sender, _as_told_to_the_other(message)):
                await receiver.send(**each)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(carry(one, other)),
            group.create_task(carry(other, one)),
        ]
        yield sent
        for task in tasks:
            task.cancel()
