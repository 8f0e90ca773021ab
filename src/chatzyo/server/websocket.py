"""One WebSocket: frames in, frames out, within limits. Knows nothing of what messages mean."""

import asyncio
from collections.abc import Callable, Sequence
from struct import Struct
from typing import Final

from multidict import CIMultiDict
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.limits import MAX_FRAGMENTS, MAX_FRAME_BYTES, MAX_UNSENT_BYTES
from chatzyo.safety.admission import PrefixKey
from chatzyo.safety.quota import Quota
from chatzyo.server.node import Node
from chatzyo.signaling.visitor import Visitor

CLOSE_GRACE_SECONDS: Final = 2.0
"""How long a client may take to read why it was closed, before the socket is cut."""

_TEXT: Final = WSMsgType.TEXT  # looking up a member of an enum costs more than a comparison
_FINAL_TEXT: Final = 0x81
_LONG: Final = 126
_long_header: Final = Struct(">BBH").pack
_NO_HEADERS: Final[CIMultiDict[str]] = CIMultiDict()


class Connection(WSListener):
    """The listener picows calls; it lives as long as the socket."""

    __slots__ = (
        "_closing", "_key", "_node", "_parts", "_quota", "_release", "_transport", "connected",
        "heard", "visitor",
    )  # fmt: skip

    visitor: Visitor

    def __init__(
        self,
        node: Node,
        *,
        release: Callable[[PrefixKey], None],
        key: PrefixKey,
        quota: Quota,
        now: float,
    ) -> None:
        """Wait for the handshake. `release(key)` gives the admission back at the end."""
        self._node = node
        self._release = release
        self._key = key
        self._quota = quota
        self._closing = False
        self._parts: list[bytes] | None = None
        self.connected = now
        self.heard = now

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Begin: the handshake has been answered, so its headers can be forgotten."""
        self._transport = transport
        transport.request.headers = transport.response.headers = _NO_HEADERS
        transport.underlying_transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)
        self.visitor = self._node.connect(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take one frame; whatever it is, the answer is a message, a close code or nothing."""
        node = self._node
        self.heard = now = node.now()
        if self._closing:
            if frame.msg_type == WSMsgType.CLOSE:
                transport.disconnect()
        elif not self._quota.take(frame.payload_size, now):
            node.refuse(self.visitor, CloseCode.TOO_FAST)
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            node.refuse(self.visitor, CloseCode.PROTOCOL_ERROR)
        elif frame.msg_type == _TEXT and frame.fin and self._parts is None:
            node.receive(self.visitor, frame.get_payload_as_bytes(), now)
        else:
            self._take_unusual(frame)
        if frame.last_in_buffer:
            node.flush()

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        """End: the socket is gone, for whatever reason."""
        self._closing = True
        self._release(self._key)
        self._node.disconnect(self.visitor)

    def pause_writing(self) -> None:
        """Give up a client that does not read: it has MAX_UNSENT_BYTES waiting."""
        if not self._closing:
            asyncio.get_running_loop().call_soon(
                self._node.refuse, self.visitor, CloseCode.TOO_SLOW
            )

    def send(self, payloads: Sequence[bytes]) -> None:
        """Write text frames, all in one system call, packet and TLS record; not while ending."""
        if self._closing:
            return
        if len(payloads) == 1:
            self._transport.send(_TEXT, payloads[0])
        else:
            self._transport.underlying_transport.write(b"".join(map(_text_frame, payloads)))

    def ping(self) -> None:
        """Send a ping; browsers answer by themselves."""
        self._transport.send_ping()

    def close(self, code: CloseCode) -> None:
        """Say why and end; the socket is cut after a grace period, whatever the client does."""
        if self._closing:
            return
        self._closing = True
        self._transport.send_close(WSCloseCode(int(code)))
        asyncio.get_running_loop().call_later(CLOSE_GRACE_SECONDS, self._cut)

    def _cut(self) -> None:
        self._transport.disconnect(graceful=False)

    def _take_unusual(self, frame: WSFrame) -> None:
        """Everything but a whole text message: control frames, fragments, binary."""
        if frame.msg_type == WSMsgType.PING:
            self._transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            self._node.flush()
            self._closing = True
            self._transport.send_close(frame.get_close_code())
            self._transport.disconnect()
        elif frame.msg_type == WSMsgType.BINARY:
            self._node.refuse(self.visitor, CloseCode.BINARY)
        elif frame.msg_type in (WSMsgType.TEXT, WSMsgType.CONTINUATION):
            self._take_fragment(frame)

    def _take_fragment(self, frame: WSFrame) -> None:
        """Collect the parts of a fragmented message (RFC 6455 section 5.4) within the limits."""
        is_first = frame.msg_type == _TEXT
        if is_first is not (self._parts is None):
            self._node.refuse(self.visitor, CloseCode.PROTOCOL_ERROR)
            return
        parts = self._parts or []
        parts.append(frame.get_payload_as_bytes())
        self._parts = None if frame.fin else parts
        if len(parts) > MAX_FRAGMENTS or sum(map(len, parts)) > MAX_FRAME_BYTES:
            self._node.refuse(self.visitor, CloseCode.TOO_BIG)
        elif frame.fin:
            self._node.receive(self.visitor, b"".join(parts), self.heard)


def _text_frame(payload: bytes) -> bytes:
    """Build an unmasked, unfragmented text frame (RFC 6455 section 5.2).

    The server sends nothing longer than it receives, so 16 bits for the length are enough.
    """
    size = len(payload)
    if size < _LONG:
        return b"%c%c%b" % (_FINAL_TEXT, size, payload)
    return _long_header(_FINAL_TEXT, _LONG, size) + payload
