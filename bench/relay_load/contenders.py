"""The servers under measurement: ours and the coturn that is installed, each on one thread."""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from processes import BenchError

from chatzyo.traversal.turn.auth import Credentials, mint

SECRET: Final = b"a-secret-of-the-benchmark"
MATCH: Final = "match"

OURS_CLOSED: Final = ()
OURS_OPEN: Final = ("--relay-mode", "open", "--relay-allow", "127.0.0.0/8")


def ours(*options: str) -> list[str]:
    """`chatzyo relay` with its limits per visitor raised; the port follows."""
    file = Path(tempfile.gettempdir()) / "chatzyo-bench-secret"
    file.touch(mode=0o600)
    file.write_bytes(SECRET)
    return [
        *(sys.executable, "-m", "chatzyo.cli", "relay", "--relay-hosts", "127.0.0.1"),
        *("--relay-secret-file", str(file), "--relay-bytes-per-second", "0"),
        *("--relay-allocations-per-user", "5000", "--relay-allocations-per-prefix", "5000"),
        *("--relay-new-allocations-per-second", "5000", *options, "--relay-port"),
    ]


def coturn(*options: str) -> list[str]:
    """coturn with one relay thread, no log, no file; the port follows."""
    if shutil.which("turnserver") is None:
        raise BenchError("coturn is missing: install the package that has `turnserver`.")
    return [
        *("turnserver", "-n", "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1"),
        *("--relay-threads", "1", "--no-tls", "--no-dtls", "--no-cli", "--no-stdout-log"),
        *("--log-file", "/dev/null", "--pidfile", "/dev/null", "--allow-loopback-peers"),
        *("--realm", "bench", "--use-auth-secret", "--static-auth-secret", SECRET.decode()),
        *("--no-software-attribute", *options, "--listening-port"),
    ]


def credentials() -> Credentials:
    """Both contenders know the TURN REST convention."""
    return mint(SECRET, unix_now=time.time(), random=bytes(12), match=MATCH)
