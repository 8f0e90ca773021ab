"""The four servers and how each is spoken to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from harness import OURS
from processes import our_command, peer_command

from signaling_load import dialects
from signaling_load.dialects import Dialect

# Limits that protect visitors from each other would stop a generator that speaks for all of them.
_OUR_OPTIONS: Final = (
    "--messages-per-second=1000000",
    "--bytes-per-second=1000000000",
    "--connections-per-address=0",
    "--signals-per-direction=1000000000",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """A server to be measured."""

    name: str
    command: Sequence[str]
    """The port is appended."""
    dialect: Dialect


def contenders() -> list[Contender]:
    """Ours first, then the peers."""
    commands = {
        OURS: (our_command(*_OUR_OPTIONS), dialects.OURS),
        "ws": (peer_command("ws.mjs"), dialects.WS),
        "socket.io": (peer_command("socketio.mjs"), dialects.SOCKET_IO),
        "peerjs": (peer_command("peerjs.mjs"), dialects.PEER_JS),
    }
    return [
        Contender(name=name, command=command, dialect=dialect)
        for name, (command, dialect) in commands.items()
    ]
