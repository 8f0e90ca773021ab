"""The real server, started as its operator starts it, on a port of its own."""

import asyncio
import re
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import Self

_START_SECONDS = 20
_STOP_SECONDS = 10


class Server:
    """One running `chatzyo serve`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._ready = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        self.url = ""
        """Where its page is, without a slash at the end."""
        self.log: list[str] = []
        """What it has told its operator so far."""

    @classmethod
    async def start(cls, *options: str) -> Self:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatzyo.cli", "serve"),
            *("--port", "0", "--relay-port", "0", "--relay-tls-port", "0", *options),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
        )
        server = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await server._ready.wait()
        finally:
            if not server.url:
                await server.kill()
        assert server.url, f"the server did not start: {server.log}"
        return server

    @property
    def pid(self) -> int:
        return self._process.pid

    async def stop(self) -> None:
        """Ask it to end, as a service manager does, and wait for its goodbye."""
        self._process.terminate()
        async with asyncio.timeout(_STOP_SECONDS):
            await self._process.wait()
            await self._reader

    async def kill(self) -> None:
        """Take it away without a goodbye."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reader

    async def _read(self) -> None:
        assert self._process.stderr
        async for line in self._process.stderr:
            self.log.append(line.decode().rstrip())
            if ready := re.search(r"is ready: (\S+)", self.log[-1]):
                self.url = ready[1]
                self._ready.set()
        self._ready.set()  # it ended: nobody has to wait any longer


def free_port() -> int:
    """A port for a server whose address must be known before it starts, or start twice."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def own_address() -> str:
    """This machine's address towards others, which browsers do not trust without a certificate."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unsent:
        unsent.connect(("192.0.2.1", 9))
        return str(unsent.getsockname()[0])
