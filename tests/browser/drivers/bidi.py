"""WebDriver BiDi over one WebSocket: commands that are answered, events that are heard."""

import asyncio
import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Self

import websockets

Answer = dict[str, Any]
"""Made of JSON, shaped as the specification of the command says."""

_COMMAND_SECONDS = 40


class BidiError(Exception):
    """The browser refused a command."""


class Bidi:
    """A session with one browser."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[Answer]] = {}
        self._listeners: dict[str, list[Callable[[Answer], None]]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, url: str, capabilities: Mapping[str, object]) -> Self:
        socket = await websockets.connect(url, max_size=None, proxy=None)
        session = cls(socket)
        await session.command("session.new", capabilities={"alwaysMatch": capabilities})
        return session

    async def command(self, method: str, **parameters: object) -> Answer:
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        command = {"id": number, "method": method, "params": parameters}
        await self._socket.send(json.dumps(command))
        async with asyncio.timeout(_COMMAND_SECONDS):
            answer = await self._answers[number]
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]  # type: ignore[no-any-return]

    async def listen(self, event: str, listener: Callable[[Answer], None]) -> None:
        """Call the listener with each event of this name from now on."""
        first = event not in self._listeners
        self._listeners.setdefault(event, []).append(listener)
        if first:
            await self.command("session.subscribe", events=[event])

    async def close(self) -> None:
        await self._socket.close()
        await self._reader

    async def _read(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame)
            if "id" in message:
                waiting = self._answers.pop(message["id"])
                if not waiting.cancelled():
                    waiting.set_result(message)
            else:
                for listener in self._listeners.get(message["method"], ()):
                    listener(message["params"])
