"""The real relay, started as its operator starts it, on ports of its own."""

import asyncio
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Self

from chatzyo.server import entropy
from chatzyo.server.tls import local_certificate
from chatzyo.traversal.turn.auth import Credentials, mint

SECRET = b"a-secret-of-the-tests"
_START_SECONDS = 20


class RelayServer:
    """One running `chatzyo relay`."""

    def __init__(self, process: Process, lines: list[str]) -> None:
        self._process = process
        self.log = lines
        told = "\n".join(lines)
        (self.port,) = map(int, re.findall(r"TCP port (\d+)", told))
        (self.tls_port,) = map(int, re.findall(r"TLS port (\d+)", told))

    @classmethod
    async def start(cls, folder: Path, *options: str) -> Self:
        secret = folder / "secret"
        secret.write_bytes(SECRET)
        secret.chmod(0o600)
        certificate = local_certificate(folder, ["localhost", "127.0.0.1", "::1"])
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatzyo.cli", "relay", "--relay-hosts", "127.0.0.1,::1"),
            *("--relay-port", "0", "--relay-tls-port", "0"),
            *("--relay-certificate", str(certificate), "--relay-secret-file", str(secret)),
            *options,
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
        )
        lines: list[str] = []
        assert process.stderr
        async with asyncio.timeout(_START_SECONDS):
            while not lines or "Stop with" not in lines[-1]:
                line = await process.stderr.readline()
                assert line, f"the relay did not start: {lines}"
                lines.append(line.decode().rstrip())
        return cls(process, lines)

    async def stop(self) -> None:
        """Ask it to end, and see that no input was a bug of ours."""
        self._process.terminate()
        assert self._process.stderr
        rest = (await self._process.stderr.read()).decode()
        assert await self._process.wait() == 0
        assert rest == ""


def credentials(match: str = "match", *, unix_now: float | None = None) -> Credentials:
    return mint(
        SECRET,
        unix_now=entropy.unix_now() if unix_now is None else unix_now,
        random=entropy.random_bytes(12),
        match=match,
    )
