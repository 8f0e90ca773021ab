"""Hostile frames get a close code, and nobody else notices."""

import asyncio
import json

import pytest

from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import MAX_FRAGMENTS, MAX_FRAME_BYTES, MESSAGE_BURST
from tests.browser.server import Server
from tests.server.client import KEY, RawSocket, Visitor, frame, meet

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
HELLO = b'{"type":"hello","v":1}'
FIND = b'{"type":"find","mode":"text","key":"%b"}' % KEY.encode()
TEXT, CONTINUATION, BINARY, FIN, RSV1 = 1, 0, 2, 0x80, 0x40


async def unharmed(first: Visitor, second: Visitor, mid: str, seq: int) -> None:
    await first.send(type="signal", mid=mid, seq=seq, blob="abc")
    assert await second.receive() == {"type": "signal", "mid": mid, "seq": seq, "blob": "abc"}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(b"x", first=FIN | BINARY), CloseCode.BINARY),
        (frame(HELLO, first=FIN | RSV1 | TEXT), CloseCode.PROTOCOL_ERROR),
        (frame(HELLO, masked=False), CloseCode.PROTOCOL_ERROR),
        (frame(HELLO, first=FIN | CONTINUATION), CloseCode.PROTOCOL_ERROR),
        (frame(b"{", first=TEXT) + frame(b"{", first=TEXT), CloseCode.PROTOCOL_ERROR),
        (frame(HELLO, first=FIN | 3), CloseCode.PROTOCOL_ERROR),
        (frame(HELLO.rjust(MAX_FRAME_BYTES + 1)), CloseCode.TOO_BIG),
        (frame(b" " * MAX_FRAME_BYTES, first=TEXT) + frame(b"x", first=FIN), CloseCode.TOO_BIG),
        (
            frame(b"{", first=TEXT) + frame(b" ", first=CONTINUATION) * MAX_FRAGMENTS,
            CloseCode.TOO_BIG,
        ),
        (frame(b"{"), CloseCode.MALFORMED),
        (frame(b"\xff"), CloseCode.MALFORMED),
        (frame(b"[" * 10_000), CloseCode.MALFORMED),
        (frame(b'{"type":"find","mode":"text","hub":"\\ud800"}'), CloseCode.MALFORMED),
        (frame(b'{"type":"find","type":"find","mode":"text"}'), CloseCode.MALFORMED),
        (frame(b'{"type":"leave","mid":NaN}'), CloseCode.MALFORMED),
    ],
)
async def test_a_frame_that_breaks_the_rules_closes_its_sender_only(
    server: Server, sent: bytes, code: CloseCode
) -> None:
    first, second, mid = await meet(server.url)
    attacker = await RawSocket.upgraded(server.url)
    attacker.writer.write(sent)
    assert await attacker.close_code() == code
    attacker.close()
    await unharmed(first, second, mid, 0)


async def test_the_partner_of_a_closed_visitor_is_told_and_stays_connected(server: Server) -> None:
    first, second, mid = await meet(server.url)
    await first.socket.send(b"\0")
    assert await first.close_code() == CloseCode.BINARY
    assert await second.receive() == {"type": "ended", "mid": mid, "reason": "lost"}
    await second.send(type="cancel")
    assert await second.receive() == {"type": "error", "code": "not-searching"}


async def test_a_fragmented_message_within_the_limits_is_read(server: Server) -> None:
    visitor = await Visitor.arrive(server.url, greet=False)
    await visitor.socket.send(iter(['{"type":', '"hello",', '"v":1}']))
    assert (await visitor.receive())["type"] == "welcome"


async def test_a_ping_between_fragments_is_answered(server: Server) -> None:
    raw = await RawSocket.upgraded(server.url)
    raw.writer.write(
        frame(b'{"type":"can', first=TEXT)
        + frame(b"now", first=FIN | 9)
        + frame(b'cel"}', first=FIN | CONTINUATION)
    )
    assert await raw.read_frame() == b"now"
    assert json.loads(await raw.read_frame())["code"] == "not-searching"
    raw.close()


async def test_a_burst_that_ends_in_a_ping_or_a_close_still_reaches_the_partner(
    server: Server,
) -> None:
    burst = await RawSocket.upgraded(server.url)
    burst.writer.write(frame(FIND))
    await burst.read_frame()
    partner = await Visitor.arrive(server.url)
    await partner.send(type="find", mode="text", key=KEY)
    mid = (await partner.receive_until("matched"))["mid"]
    signals = [
        frame(b'{"type":"signal","mid":"%b","seq":%d,"blob":"abc"}' % (mid.encode(), seq))
        for seq in range(4)
    ]
    ping, close = frame(b"", first=FIN | 9), frame(b"\x03\xe8", first=FIN | 8)
    burst.writer.write(signals[0] + signals[1] + ping + signals[2] + ping)
    assert [(await partner.receive())["seq"] for _ in range(3)] == [0, 1, 2]
    burst.writer.write(signals[3] + close)
    assert (await partner.receive())["seq"] == 3
    assert (await partner.receive())["reason"] == "lost"
    burst.close()


@pytest.mark.parametrize(
    "frames",
    [
        [FIND],
        [b'{"type":"nonsense"}'],
        [b'{"type":"signal","mid":"%b","seq":0,"blob":"a"}' % (b"A" * 22)],
    ],
)
async def test_anything_before_hello_is_closed(server: Server, frames: list[bytes]) -> None:
    visitor = await Visitor.arrive(server.url, greet=False)
    for each in frames:
        await visitor.socket.send(each.decode())
    assert await visitor.close_code() == CloseCode.HELLO_EXPECTED


async def test_an_older_client_is_told_to_reload(server: Server) -> None:
    visitor = await Visitor.arrive(server.url, greet=False)
    await visitor.send(type="hello", v=2)
    assert await visitor.close_code() == CloseCode.VERSION


async def test_silence_after_the_handshake_is_ended(server: Server) -> None:
    visitor = await Visitor.arrive(server.url, greet=False)
    assert await visitor.close_code() == CloseCode.HELLO_TIMEOUT


async def test_thousands_of_finds_end_in_too_fast_and_leave_others_alone(server: Server) -> None:
    first, second, mid = await meet(server.url)
    attacker = await RawSocket.upgraded(server.url)
    attacker.writer.write(frame(FIND) * 3000)
    answers = [await attacker.read_frame() for _ in range(MESSAGE_BURST)]
    assert int.from_bytes(answers[-1][:2]) == CloseCode.TOO_FAST
    attacker.close()
    await unharmed(first, second, mid, 0)


async def test_old_and_foreign_match_ids_reach_nobody(server: Server) -> None:
    first, second, old = await meet(server.url)
    await first.send(type="leave", mid=old)
    assert (await second.receive())["type"] == "ended"
    third, fourth, foreign = await meet(server.url)
    for mid in (old, foreign, "A" * 22):
        await first.send(type="signal", mid=mid, seq=0, blob="abc")
        assert await first.receive() == {"type": "error", "code": "no-match"}
    await unharmed(third, fourth, foreign, 0)


async def test_one_who_does_not_read_is_given_up() -> None:
    server = await Server.start(
        *("--messages-per-second", "1000000", "--bytes-per-second", "1000000000"),
        *("--signals-per-direction", "1000000"),
    )
    deaf = await RawSocket.upgraded(server.url)
    deaf.writer.write(frame(FIND))
    sender = await Visitor.arrive(server.url)
    await sender.send(type="find", mode="text", key=KEY)
    mid = (await sender.receive_until("matched"))["mid"]
    ended = asyncio.create_task(sender.receive_until("ended"))
    for _ in range(2000):
        if ended.done():
            break
        await sender.send(type="signal", mid=mid, seq=0, blob="a" * 15_000)
    assert (await ended)["reason"] == "lost"
    deaf.close()
    await server.stop()
