"""The seam between uvicorn and picows: one port for pages and WebSocket.

uvicorn reads the HTTP request and, when it asks for an upgrade, makes an object of
`Config.ws_protocol_class`, calls `connection_made`, then `data_received` with the request it has
rebuilt, and hands the transport over with `set_protocol`. The class below is picows' own protocol
with that constructor, so that from then on uvloop reads straight into picows' buffer.

Relies on internals of both: picows' `WSProtocol` constructor and uvicorn's order of calls. Their
versions are pinned and tests/server/test_upgrade.py fails when either changes.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Protocol

from picows import (
    WSAutoPingStrategy,
    WSListener,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)
from picows.picows import WSProtocol

from chatzyo.protocol.limits import MAX_FRAME_BYTES
from chatzyo.safety.admission import Admission, Verdict
from chatzyo.safety.quota import Quota
from chatzyo.server.node import Node
from chatzyo.server.observer import Observer, RefusedUpgrade
from chatzyo.server.websocket import Connection

WEBSOCKET_PATH: Final = "/ws"
_PASSED_ON: Final = (b"host", b"upgrade", b"origin", b"sec-websocket-key", b"sec-websocket-version")
_is_key: Final = re.compile(r"[A-Za-z0-9+/]{22}==").fullmatch


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
        if request.path != WEBSOCKET_PATH.encode():
            return self._refuse("path", HTTPStatus.NOT_FOUND)
        if request.headers.get("origin") not in self._origins:
            return self._refuse("origin", HTTPStatus.FORBIDDEN)
        if not _is_handshake(request):
            return self._refuse("handshake", HTTPStatus.BAD_REQUEST)
        if self._node.draining:
            return self._refuse("full", HTTPStatus.SERVICE_UNAVAILABLE)
        key = self._admission.key(address)
        verdict = self._admission.enter(key)
        if verdict is Verdict.FULL:
            return self._refuse("full", HTTPStatus.SERVICE_UNAVAILABLE)
        if verdict is Verdict.TOO_MANY_FROM_ADDRESS:
            return self._refuse("address", HTTPStatus.TOO_MANY_REQUESTS)
        now = self._node.now()
        return Connection(
            self._node, release=self._admission.leave, key=key, quota=self._new_quota(now), now=now
        )

    def _refuse(
        self, reason: RefusedUpgrade, status: HTTPStatus
    ) -> WSUpgradeResponseWithListener:
        self._observer.refused(reason)
        retry = {"Retry-After": "10"} if reason in ("full", "address") else {}
        response = WSUpgradeResponse.create_error_response(
            status, status.phrase.encode(), {"Cache-Control": "no-store", **retry}
        )
        return WSUpgradeResponseWithListener(response, None)


class ProtocolFactory(Protocol):
    """What uvicorn calls for each upgrade."""

    def __call__(self, **uvicorn_state: object) -> WSProtocol:
        """Make the protocol that takes the transport over."""


def upgrade_protocol(gate: Gate, observer: Observer) -> ProtocolFactory:
    """Return uvicorn's `ws` setting: a factory of picows protocols guarded by `gate`."""
    logger = Quiet(observer)

    class UpgradedProtocol(WSProtocol):  # type: ignore[misc]  # picows ships no types for it
        __slots__ = ()

        def __init__(self, **_uvicorn_state: object) -> None:
            super().__init__(
                None,  # host and
                None,  # path are for clients
                False,
                lambda request: gate.admit(request, self._address()),
                logger,
                True,  # disconnect on an exception in the listener
                None,  # handshake timeout: the request is already complete
                False,  # pings come from the driver's sweep,
                1.0,
                1.0,
                WSAutoPingStrategy.PING_WHEN_IDLE,
                True,  # pongs are automatic
                MAX_FRAME_BYTES,
                None,
                0,  # read buffer: picows' smallest, it grows when needed
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
