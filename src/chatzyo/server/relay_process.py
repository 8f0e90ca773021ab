"""The relay as a process: how one is run, and how a node starts one and keeps it running.

A node hands settings and secrets to its relay through standard input, never on a command line, and
keeps that pipe open: when it closes, whatever became of the node, the relay ends.
"""

import asyncio
import contextlib
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import uvloop

from chatzyo.server.mistake import CannotStart
from chatzyo.server.relay import Relay
from chatzyo.server.settings import RelaySettings

START_SECONDS: Final = 15.0
STOP_SECONDS: Final = 3.0
RESTART_SECONDS: Final = 1.0
"""A relay that fell must not come back so fast that it keeps a processor busy with falling."""

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """What a node tells its relay."""

    settings: RelaySettings
    secrets: tuple[bytes, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the relay answers: its ports, or one sentence why it cannot start."""

    port: int = 0
    tls_port: int = 0
    mistake: str = ""


def run_alone(
    settings: RelaySettings, secrets: Sequence[bytes], announce: Callable[[Report], None]
) -> None:
    """Run a relay until SIGINT or SIGTERM. Raises CannotStart."""
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(_run(settings, secrets, announce, None))


def run_attached() -> None:
    """Run a relay for the node at the other end of standard input, until that ends."""
    orders = msgspec.json.decode(sys.stdin.buffer.readline(), type=Orders)
    with contextlib.suppress(KeyboardInterrupt):
        try:
            uvloop.run(_run(orders.settings, orders.secrets, _report, sys.stdin.fileno()))
        except CannotStart as mistake:
            _report(Report(mistake=str(mistake)))


def _report(report: Report) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stdout.buffer.flush()


async def _run(
    settings: RelaySettings,
    secrets: Sequence[bytes],
    announce: Callable[[Report], None],
    lifeline: int | None,
) -> None:
    loop = asyncio.get_running_loop()
    relay = Relay(settings, secrets)
    await relay.start()
    announce(Report(port=relay.port, tls_port=relay.tls_port))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(relay.run())
        for signal_number in _SIGNALS:
            loop.add_signal_handler(signal_number, running.cancel)
        if lifeline is not None:
            loop.add_reader(lifeline, running.cancel)


class RelayProcess:
    """A relay that a node has started."""

    def __init__(self, settings: RelaySettings, secrets: Sequence[bytes]) -> None:
        """Start it and wait until it answers. Raises CannotStart."""
        self._orders = Orders(settings=settings, secrets=tuple(secrets))
        self.secret = secrets[0]
        """what traversal.turn.auth.mint signs credentials with"""
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = self._spawn()
        self.report = self._first_report()
        if self.report.mistake:
            self._bury()
            raise CannotStart(self.report.mistake)
        ports = {"relay_port": self.report.port}
        if self.report.tls_port:
            ports["relay_tls_port"] = self.report.tls_port
        # Whoever was told these ports finds them again after a fall.
        self._orders = msgspec.structs.replace(
            self._orders, settings=msgspec.structs.replace(settings, **ports)
        )

    @property
    def pid(self) -> int:
        """The process that runs now, or ran last."""
        return self._process.pid

    def watch(self) -> None:
        """Start it anew whenever it ends; call inside the event loop."""
        assert self._process.stdout  # noqa: S101 - it was opened as a pipe
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._process.stdout.fileno(), self._handle_output, self._loop)

    def stop(self) -> None:
        """End it and wait for its end."""
        self._stopping = True
        if self._loop and not self._loop.is_closed() and self._process.stdout:
            self._loop.remove_reader(self._process.stdout.fileno())
        self._bury()

    def _bury(self) -> None:
        """Close the pipes, of which the relay learns that it is over, and collect it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _handle_output(self, loop: asyncio.AbstractEventLoop) -> None:
        """A running relay says one line when it has started; the end of its output is its own."""
        assert self._process.stdout  # noqa: S101 - it was opened as a pipe
        if self._process.stdout.readline():
            return
        loop.remove_reader(self._process.stdout.fileno())
        self._bury()
        loop.call_later(RESTART_SECONDS, self._restart)

    def _restart(self) -> None:
        if not self._stopping:
            self._process = self._spawn()
            self.watch()

    def _spawn(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "chatzyo.cli", "relay", "--attached"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl+C is for the node, which then ends its relay
        )
        assert process.stdin  # noqa: S101 - it was opened as a pipe
        process.stdin.write(msgspec.json.encode(self._orders) + b"\n")
        return process

    def _first_report(self) -> Report:
        assert self._process.stdout  # noqa: S101 - it was opened as a pipe
        ready, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self._process.kill()
            return Report(mistake="The relay did not start. Run `chatzyo relay` to see why.")
        return msgspec.json.decode(line, type=Report)
