"""The driver: feeds events to the switchboard, does what it commands, re-arms one timer.

No other module calls the switchboard. Every event is followed by a complete drain.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol, assert_never

from chatzyo.matchmaking.wish import VisitorId
from chatzyo.protocol import codec
from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.messages import Error, Matched, Restart, Signal
from chatzyo.server.observer import Observer
from chatzyo.signaling.liveness import care_for
from chatzyo.signaling.match import Match
from chatzyo.signaling.switchboard import Disconnect, Send, Switchboard
from chatzyo.signaling.visitor import Visitor

SWEEP_SLICES: Final = 20
SWEEP_SECONDS: Final = 1.0
"""Deadlines are checked once a second, a slice at a time, so that no sweep delays a message."""


class Connection(Protocol):
    """What the driver needs of a WebSocket."""

    visitor: Visitor
    connected: float
    heard: float

    def send(self, payloads: Sequence[bytes]) -> None:
        """Write text frames, all in one go."""

    def ping(self) -> None:
        """Ask for a sign of life."""

    def close(self, code: CloseCode) -> None:
        """End the connection; nothing is received from it any more."""


class Node:
    """One process's visitors and their connections."""

    def __init__(
        self, switchboard: Switchboard, observer: Observer, clock: Callable[[], float]
    ) -> None:
        """Start without connections; call `run` inside the event loop."""
        self._switchboard = switchboard
        self._observer = observer
        self.now = clock
        self._connection_by_visitor: dict[VisitorId, Connection] = {}
        self._slices: tuple[dict[VisitorId, Connection], ...] = tuple(
            {} for _ in range(SWEEP_SLICES)
        )
        self._timer: asyncio.TimerHandle | None = None
        self._due: float | None = None
        self._unsent: dict[Connection, list[bytes]] = {}
        self.draining = False

    def connect(self, connection: Connection) -> Visitor:
        """Take in an opened WebSocket."""
        visitor = self._switchboard.handle_connected()
        self._connection_by_visitor[visitor.id] = connection
        self._slices[visitor.id % SWEEP_SLICES][visitor.id] = connection
        self._observer.connected()
        return visitor

    def receive(self, visitor: Visitor, payload: bytes, now: float) -> None:
        """Handle one complete text message, received at `now`."""
        match = visitor.state
        if isinstance(match, Match) and codec.is_plain_signal(payload, match.head):
            self._relay(visitor, match.mid, payload, now)
            return
        try:
            message = codec.parse(payload)
        except codec.Refusal as refusal:
            self._switchboard.handle_refusal(visitor, refusal.answer)
        else:
            if isinstance(message, Signal):
                self._relay(visitor, message.mid, codec.forward(message), now)
                return
            self._switchboard.handle_message(visitor, message, now)
        self._drain(since=now)

    def refuse(self, visitor: Visitor, answer: CloseCode | Error) -> None:
        """Answer a frame that is not even a message."""
        self._switchboard.handle_refusal(visitor, answer)
        self._drain(since=self.now())

    def disconnect(self, visitor: Visitor) -> None:
        """Forget a closed WebSocket."""
        del self._connection_by_visitor[visitor.id]
        del self._slices[visitor.id % SWEEP_SLICES][visitor.id]
        self._switchboard.handle_disconnected(visitor, self.now())
        self._observer.disconnected()
        self._drain(since=self.now())

    def flush(self) -> None:
        """Write out what is queued; to be called when all frames of a read have been received.

        What arrives in one read leaves in one write for each receiver: a burst of candidates
        costs one system call, and its receiver wakes up once.
        """
        unsent = self._unsent
        while unsent:
            connection, payloads = unsent.popitem()
            connection.send(payloads)

    async def run(self) -> None:
        """Care for quiet connections until cancelled."""
        while True:
            for connections in self._slices:
                await asyncio.sleep(SWEEP_SECONDS / SWEEP_SLICES)
                self._sweep(list(connections.values()))

    def restart(self, delay_ms: Callable[[], int]) -> None:
        """Tell everybody to come back later, each after a delay of its own, and close."""
        self.draining = True
        for connection in list(self._connection_by_visitor.values()):
            connection.send([codec.serialise(Restart(after_ms=delay_ms()))])
            connection.close(CloseCode.SERVICE_RESTART)

    def _sweep(self, connections: list[Connection]) -> None:
        now = self.now()
        for connection in connections:
            care = care_for(
                connection.visitor,
                connected=connection.connected,
                heard=connection.heard,
                now=now,
            )
            if isinstance(care, CloseCode):
                self._close(connection, care)
            elif care == "ping":
                connection.ping()

    def _drain(self, *, since: float) -> None:
        while command := self._switchboard.next_command():
            match command:
                case Send(to=to, message=message):
                    self._send(to, codec.serialise(message))
                    if isinstance(message, Matched) and message.role == "b":
                        self._observer.matched(self.now() - since)
                case Disconnect(visitor=visitor, code=code):
                    self._close(self._connection_by_visitor[visitor], code)
                case _:
                    assert_never(command)
        self._rearm()
        self.flush()

    def _relay(self, visitor: Visitor, mid: str, payload: bytes, now: float) -> None:
        to = self._switchboard.handle_signal(visitor, mid)
        if to is None:
            self._drain(since=now)
        else:
            self._send(to, payload)

    def _send(self, to: VisitorId, payload: bytes) -> None:
        connection = self._connection_by_visitor[to]
        payloads = self._unsent.get(connection)
        if payloads is None:
            self._unsent[connection] = [payload]
        else:
            payloads.append(payload)

    def _close(self, connection: Connection, code: CloseCode) -> None:
        self._observer.closed(code)
        self.flush()
        connection.close(code)

    def _rearm(self) -> None:
        due = self._switchboard.poll_timeout()
        if due == self._due:
            return
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._due = due
        if due is not None:
            delay = max(0.0, due - self.now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._handle_timeout)

    def _handle_timeout(self) -> None:
        now = self.now()
        self._timer = None
        self._due = None
        self._switchboard.handle_timeout(now)
        self._drain(since=now)
