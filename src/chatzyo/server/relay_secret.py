"""The secrets of time-limited credentials: a file that only this user reads, made when missing."""

import base64
from pathlib import Path

from chatzyo.server import entropy
from chatzyo.server.mistake import CannotStart


def load_secrets(path: Path) -> tuple[bytes, ...]:
    """Read the secrets, the newest first. Makes the file with one secret if there is none."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(new_secret() + b"\n")
        lines = path.read_bytes().split()
        is_private = not path.stat().st_mode & 0o077
    except OSError as error:
        raise CannotStart(f"Cannot use {path} for the relay's secret: {error.strerror}.") from None
    if not is_private:
        raise CannotStart(f"Others can read the relay's secret: chmod 600 {path}")
    if not lines:
        raise CannotStart(f"{path} is empty: remove it, and a secret will be made.")
    return tuple(lines)


def new_secret() -> bytes:
    """A secret in the characters that configuration files of other relays accept as well."""
    return base64.urlsafe_b64encode(entropy.secret()).rstrip(b"=")
