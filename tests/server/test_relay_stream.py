"""Streams: the idle, the many and the slow."""

import asyncio
from typing import cast

import pytest

from chatzyo.server import entropy, relay_stream
from chatzyo.server.relay_stream import IDLE_SECONDS, WAITING_BYTES, Stream, Streams
from chatzyo.traversal.address import Flow
from chatzyo.traversal.stun.message import Builder, Kind, Method

REQUEST = Builder(Method.BINDING, Kind.REQUEST, bytes(12)).serialise()


class Core:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.closed: list[Flow] = []
        self.settled = 0
        self.holders: set[Flow] = set()

    def receive(self, _flow: Flow, data: bytes, _now: float) -> None:
        self.received.append(data)

    def settle(self, _now: float) -> None:
        self.settled += 1

    def handle_closed(self, flow: Flow, _now: float) -> None:
        self.closed.append(flow)

    def has_allocation(self, flow: Flow) -> bool:
        return flow in self.holders


class Transport:
    """A transport whose other side reads nothing."""

    def __init__(self, port: int, host: str = "192.0.2.7") -> None:
        self.peer = (host, port)
        self.written: list[bytes] = []
        self.aborted = False

    def get_extra_info(self, _name: str) -> tuple[str, int]:
        return self.peer

    def get_write_buffer_size(self) -> int:
        return sum(map(len, self.written))

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def abort(self) -> None:
        self.aborted = True


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [100.0]
    monkeypatch.setattr(entropy, "clock", lambda: clock[0])
    return clock


def arrive(streams: Streams, port: int, host: str = "192.0.2.7") -> tuple[Stream, Transport]:
    stream, transport = Stream(0x80, streams), Transport(port, host)
    stream.connection_made(cast("asyncio.Transport", transport))
    return stream, transport


def test_a_stream_without_an_allocation_is_closed_after_ten_seconds(now: list[float]) -> None:
    core = Core()
    streams = Streams(core)
    idle, idle_transport = arrive(streams, 1)
    holder, holder_transport = arrive(streams, 2)
    core.holders.add(holder.flow)
    now[0] += IDLE_SECONDS
    streams.close_idle(now[0])
    assert not idle_transport.aborted
    streams.close_idle(now[0] + 0.1)
    assert (idle_transport.aborted, holder_transport.aborted) == (True, False)
    idle.connection_lost(None)
    assert core.closed == [idle.flow]
    assert list(streams.by_flow) == [holder.flow]


def test_messages_are_handed_on_and_then_settled_once() -> None:
    core = Core()
    stream, transport = arrive(Streams(core), 1)
    stream.data_received(REQUEST + REQUEST + REQUEST[:5])
    assert core.received == [REQUEST, REQUEST]
    assert core.settled == 1
    stream.data_received(b"not the rest")
    assert transport.aborted is False
    stream.data_received(b"\xff" * 20)
    assert transport.aborted


def test_one_prefix_has_only_so_many_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_stream, "MOST_STREAMS_PER_PREFIX", 2)
    core = Core()
    streams = Streams(core)
    first, _ = arrive(streams, 1)
    arrive(streams, 2)
    refused, transport = arrive(streams, 3)
    assert transport.aborted
    refused.data_received(REQUEST)
    refused.connection_lost(None)
    assert core.received == []
    assert core.closed == []
    assert not arrive(streams, 1, host="198.51.100.1")[1].aborted
    first.connection_lost(None)
    assert not arrive(streams, 4)[1].aborted


def test_all_together_have_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_stream, "MOST_STREAMS", 1)
    streams = Streams(Core())
    arrive(streams, 1)
    assert arrive(streams, 1, host="198.51.100.1")[1].aborted


def test_a_slow_reader_loses_whole_frames() -> None:
    streams = Streams(Core())
    stream, transport = arrive(streams, 1)
    frame = bytes(1000)
    for _ in range(WAITING_BYTES // 1000 + 10):
        streams.send(stream.flow, frame)
    assert set(transport.written) == {frame}
    assert len(transport.written) == WAITING_BYTES // 1000
    streams.send(Flow(b"nobody"), frame)


def test_closing_ends_every_stream() -> None:
    streams = Streams(Core())
    transports = [arrive(streams, port)[1] for port in (1, 2)]
    streams.close()
    assert all(transport.aborted for transport in transports)
