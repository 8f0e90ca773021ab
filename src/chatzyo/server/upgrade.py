"""The seam between uvicorn and picows: one port for pages and WebSocket.

uvicorn reads the HTTP request and, when it asks for an upgrade, makes an object of
`Config.ws_protocol_class`, calls `connection_made`, then `data_received` with the request it has
rebuilt, and hands the transport over with `set_protocol`. The class below is picows' own protocol
with that constructor, so that from then on uvloop reads straight into picows' buffer.

Relies on internals of both: picows' `WSProtocol` constructor and uvicorn's order of calls. Their
versions are pinned and tests/server/test_upgrade.py fails when either changes.
"""

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from picows import (
    WSAutoPingStrategy,
    WSListener,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from chatzyo.protocol.limits import MAX_FRAME_BYTES
from chatzyo.safety.admission import Admission, PrefixKey, Verdict
from chatzyo.safety.quota import Quota
from chatzyo.server.node import Node
from chatzyo.server.observer import Observer, RefusedUpgrade
from chatzyo.server.websocket import Connection

WEBSOCKET_PATH: Final = "/ws"
_PASSED_ON: Final = (b"host", b"upgrade", b"origin", b"sec-websocket-key", b"sec-websocket-version")
_is_key: Final = re.compile(r"[A-Za-z0-9+/]{22}==").fullmatch

_REASON_BY_VERDICT: Final[dict[Verdict, RefusedUpgrade | None]] = {
    Verdict.ADMITTED: None,
    Verdict.FULL: "full",
    Verdict.TOO_MANY_FROM_ADDRESS: "address",
}
_STATUS_BY_REASON: Final[dict[RefusedUpgrade, HTTPStatus]] = {
    "path": HTTPStatus.NOT_FOUND,
    "origin": HTTPStatus.FORBIDDEN,
    "handshake": HTTPStatus.BAD_REQUEST,
    "full": HTTPStatus.SERVICE_UNAVAILABLE,
    "address": HTTPStatus.TOO_MANY_REQUESTS,
}


class Quiet:
    """The logger picows gets: it would log addresses, and make a logger for every connection."""

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802 - logging's name
        """Nothing is worth formatting."""
        return False

    def _ignore(self, *_: object) -> None:
        pass

    log = debug = info = warning = error = _ignore

    def __init__(self, observer: Observer) -> None:
        """Report our own failures to the observer."""
        self._observer = observer

    def exception(self, *_: object) -> None:
        """A bug in a listener: picows closes the connection with 1011."""
        self._observer.failed()


class Gate:
    """Decides on each upgrade request, before anything is opened."""

    def __init__(
        self,
        node: Node,
        admission: Admission,
        observer: Observer,
        *,
        origins: frozenset[str],
        new_quota: Callable[[float], Quota],
    ) -> None:
        """`origins` are compared exactly; a missing or `null` origin is refused."""
        self._node = node
        self._admission = admission
        self._observer = observer
        self._origins = origins
        self._new_quota = new_quota

    def admit(
        self, request: WSUpgradeRequest, address: str
    ) -> WSListener | WSUpgradeResponseWithListener:
        """Return a listener, or the refusal to send."""
        key = self._admission.key(address)
        reason = self._objection(request, key)
        if reason:
            return self._refuse(reason)
        now = self._node.now()
        return Connection(
            self._node, release=self._admission.leave, key=key, quota=self._new_quota(now), now=now
        )

    def _objection(self, request: WSUpgradeRequest, key: PrefixKey) -> RefusedUpgrade | None:
        """The first reason against a request; None has counted it as admitted."""
        if request.path != WEBSOCKET_PATH.encode():
            return "path"
        if request.headers.get("origin") not in self._origins:
            return "origin"
        if not _is_handshake(request):
            return "handshake"
        verdict = Verdict.FULL if self._node.draining else self._admission.enter(key)
        return _REASON_BY_VERDICT[verdict]

    def _refuse(self, reason: RefusedUpgrade) -> WSUpgradeResponseWithListener:
        self._observer.refused(reason)
        status = _STATUS_BY_REASON[reason]
        retry = {"Retry-After": "10"} if reason in ("full", "address") else {}
        response = WSUpgradeResponse.create_error_response(
            status, status.phrase.encode(), {"Cache-Control": "no-store", **retry}
        )
        return WSUpgradeResponseWithListener(response, None)


def upgrade_protocol(gate: Gate, observer: Observer) -> type[asyncio.Protocol]:
    """Return uvicorn's `ws` setting: picows' protocol, guarded by `gate`."""
    logger = Quiet(observer)

    class UpgradedProtocol(WSProtocol):  # type: ignore[misc]  # picows ships no types for it
        __slots__ = ()

        def __init__(self, **_uvicorn_state: object) -> None:
            super().__init__(
                host_port=None,
                ws_path=None,
                is_client_side=False,
                ws_listener_factory=lambda request: gate.admit(request, self._address()),
                logger=logger,
                disconnect_on_exception=True,
                websocket_handshake_timeout=None,  # the request is already complete
                enable_auto_ping=False,  # pings come from the driver's sweep
                auto_ping_idle_timeout=1.0,
                auto_ping_reply_timeout=1.0,
                auto_ping_strategy=WSAutoPingStrategy.PING_WHEN_IDLE,
                enable_auto_pong=False,  # the listener must see the last frame of each read
                max_frame_size=MAX_FRAME_BYTES,
                extra_headers=None,
                read_buffer_init_size=0,  # picows' smallest; it grows when needed
            )

        def _address(self) -> str:
            peer = self.transport.underlying_transport.get_extra_info("peername")
            return str(peer[0]) if isinstance(peer, tuple) else ""

        def data_received(self, request: bytes) -> None:
            """Take the request uvicorn has rebuilt; only the headers that matter are kept."""
            plain = _plain_request(request)
            while plain:
                room = self.get_buffer(len(plain))
                size = min(len(room), len(plain))
                room[:size] = plain[:size]
                plain = plain[size:]
                self.buffer_updated(size)

    return UpgradedProtocol


def _is_handshake(request: WSUpgradeRequest) -> bool:
    """Check what picows would refuse only after admission (RFC 6455 section 4.2.1)."""
    key = request.headers.get("sec-websocket-key", "")
    return request.headers.get("sec-websocket-version") == "13" and _is_key(key) is not None


def _plain_request(request: bytes) -> bytes:
    """Keep the headers the handshake needs, so that no user agent or cookie stays in memory.

    picows wants `Connection: Upgrade` alone; Firefox sends `keep-alive, Upgrade`, which uvicorn
    has already accepted.
    """
    first, *lines = request.split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].lower() in _PASSED_ON]
    return b"\r\n".join([first, *kept, b"connection: Upgrade", b"", b""])
