"""Servers under measurement as processes: start, read CPU and memory, end."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

START_SECONDS: Final = 15.0

_BENCH: Final = Path(__file__).resolve().parent
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """The benchmark cannot run here; the message says why and what to do."""


def our_command(*options: str) -> list[str]:
    """Start the product; `running` appends the port."""
    return [
        sys.executable,
        "-m",
        "chatzyo.cli",
        "serve",
        "--relay-engine",
        "off",
        *options,
        "--port",
    ]


def peer_command(script: str) -> list[str]:
    """Start a peer of bench/peers; `running` appends the port."""
    return [_node(), str(_BENCH / "peers" / script)]


def _node() -> str:
    node = shutil.which("node")  # `make bench` puts the contributors' Node first
    if node is None or not (_BENCH / "node_modules").is_dir():
        raise BenchError("Node or the peers are missing: run this through `make bench`.")
    return node


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
def running(command: Sequence[str], port: int, *, core: int | None = None) -> Iterator[Server]:
    """Start a server, on one core if given, and end it afterwards by its own process handle."""
    with tempfile.TemporaryFile() as output:
        process = _spawn([*command, str(port)], output.fileno(), core)
        try:
            _wait_until_listening(process, port)
            yield Server(process, port)
        except Exception:
            output.seek(0)
            sys.stderr.write(output.read()[-2000:].decode(errors="replace"))
            raise
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _spawn(command: Sequence[str], output: int, core: int | None) -> subprocess.Popen[bytes]:
    own_cores = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
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


def _wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchError(f"{process.args!r} ended with exit code {process.returncode}.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise BenchError(f"{process.args!r} does not listen after {START_SECONDS:g} seconds.")
