"""Clients for talking to a real server: a polite one, and one that sends any bytes."""

import asyncio
import base64
import json
import struct
from types import TracebackType
from typing import Any, Self

from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE_SECONDS = 10
KEY = "K" * 108
"""As long as a public key; the server does not look at it."""

Message = dict[str, Any]


class Visitor:
    """A client that speaks protocol v1 through a second WebSocket implementation."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    @classmethod
    async def arrive(cls, url: str, *, greet: bool = True) -> Self:
        target = url.replace("http", "ws", 1) + "/ws"
        visitor = cls(await connect(target, origin=Origin(url), compression=None, max_size=None))
        if greet:
            await visitor.send(type="hello", v=1)
            assert (await visitor.receive())["type"] == "welcome"
        return visitor

    async def send(self, **message: object) -> None:
        await self.socket.send(json.dumps(message, separators=(",", ":")))

    async def receive(self) -> Message:
        async with asyncio.timeout(PATIENCE_SECONDS):
            message: Message = json.loads(await self.socket.recv())
            return message

    async def receive_until(self, kind: str) -> Message:
        while (message := await self.receive())["type"] != kind:
            pass
        return message

    async def close_code(self) -> int | None:
        """Wait until the server closes; return its code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        await self.socket.close()


async def meet(url: str, **wish: object) -> tuple[Visitor, Visitor, str]:
    """Two visitors who have just been introduced, and their match id."""
    first, second = await Visitor.arrive(url), await Visitor.arrive(url)
    for visitor in (first, second):
        await visitor.send(type="find", **{"mode": "text", "key": KEY, **wish})
    mid = (await first.receive_until("matched"))["mid"]
    assert (await second.receive_until("matched"))["mid"] == mid
    return first, second, mid


class RawSocket:
    """A socket after (or before) the handshake, for bytes no library would send."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, url: str) -> Self:
        host, _, port = url.removeprefix("http://").partition(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    @classmethod
    async def upgraded(cls, url: str) -> Self:
        raw = await cls.open(url)
        raw.writer.write(handshake(url))
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await raw.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        raw.writer.write(frame(b'{"type":"hello","v":1}'))
        assert b"welcome" in await raw.read_frame()
        return raw

    async def read_frame(self) -> bytes:
        """The payload of one frame of the server; that of a close frame begins with its code."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, length = await self.reader.readexactly(2)
            if length == 126:
                (length,) = struct.unpack(">H", await self.reader.readexactly(2))
            return await self.reader.readexactly(length)

    async def close_code(self) -> int:
        payload = await self.read_frame()
        return int.from_bytes(payload[:2])

    async def read_status(self) -> int:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return int((await self.reader.readline()).split()[1])

    def close(self) -> None:
        self.writer.close()


def frame(payload: bytes, *, first: int = 0x81, masked: bool = True) -> bytes:
    """A client frame: `first` is FIN, RSV and opcode; the mask key 0 is legal."""
    flag = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head = bytes([first, flag | size])
    elif size < 2**16:
        head = bytes([first, flag | 126]) + struct.pack(">H", size)
    else:
        head = bytes([first, flag | 127]) + struct.pack(">Q", size)
    return head + (b"\0\0\0\0" if masked else b"") + payload


def handshake(url: str, **changed: str | None) -> bytes:
    """An upgrade request; headers can be replaced or, with None, left out."""
    headers: dict[str, str | None] = {
        "Host": url.partition("//")[2],
        "Origin": url,
        "Connection": "keep-alive, Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join(["GET /ws HTTP/1.1", *lines, "", ""]).encode()
