"""UDP sockets that send prepared packets and count answers, with as little Python as possible."""

import socket
from typing import Final, Self

from chatzyo.server.relay_batch import MESSAGES, Batch
from chatzyo.traversal import address

HOST: Final = "127.0.0.1"
BUFFER_BYTES: Final = 4 * 1024 * 1024


class LoadSocket:
    """One client's socket."""

    def __init__(self, port: int, host: str = HOST) -> None:
        """Speak to the server on `port`."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self.socket.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        self.socket.bind((host, 0))
        self.server = (HOST, port)
        self._batch = Batch(self.socket)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def prepare(self, packet: bytes) -> None:
        """Fill every slot with this packet."""
        to = address.pack(*self.server)
        for _ in range(2):  # once to fill the slots, which sends them; the answers are not counted
            self._batch.send([(to, packet)] * MESSAGES)

    def send(self, count: int) -> None:
        """Send the prepared packet, at most MESSAGES times."""
        self._batch._flush(min(count, MESSAGES))

    def receive(self) -> int:
        """How many have arrived; they are not looked at."""
        slots = self._batch._in
        received: int = self._batch._receive_many(
            self.socket.fileno(), slots.headers, MESSAGES, socket.MSG_DONTWAIT, None
        )
        return max(received, 0)

    def ask(self, packet: bytes, seconds: float = 2.0) -> bytes:
        """One packet there, one back."""
        self.socket.settimeout(seconds)
        self.socket.sendto(packet, self.server)
        return self.socket.recv(4096)
