"""Prometheus metrics of one process. Counts about people are told in coarse steps."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from chatzyo.operations import logs
from chatzyo.protocol.closing import CloseCode
from chatzyo.server.observer import RefusedUpgrade
from chatzyo.signaling.crowd import coarse

_MATCH_SECONDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25)


class Metrics:
    """The observer of a real node: counts, and warns of what an operator should mend."""

    def __init__(self) -> None:
        """Register every metric; the label values are fixed here."""
        self.registry = CollectorRegistry()
        self._live = 0
        self._connections = Gauge(
            "chatzyo_connections", "Open WebSockets, in coarse steps", registry=self.registry
        )
        self._connections.set_function(lambda: coarse(self._live))
        self._refused = Counter(
            "chatzyo_refused", "WebSockets refused", ["reason"], registry=self.registry
        )
        self._closed = Counter(
            "chatzyo_closed", "WebSockets this server closed", ["code"], registry=self.registry
        )
        self._match_seconds = Histogram(
            "chatzyo_match_seconds",
            "From the event that made a match possible to both `matched` messages",
            buckets=_MATCH_SECONDS,
            registry=self.registry,
        )
        self._bugs = Counter("chatzyo_bugs", "Unexpected exceptions", registry=self.registry)
        self._warned: set[RefusedUpgrade] = set()

    def serve(self, port: int) -> None:
        """Answer scrapes on this machine only."""
        start_http_server(port, addr="127.0.0.1", registry=self.registry)

    def connected(self) -> None:
        """Count an open WebSocket."""
        self._live += 1

    def disconnected(self) -> None:
        """Count it no more."""
        self._live -= 1

    def refused(self, reason: RefusedUpgrade) -> None:
        """Count a refusal; the first of a kind an operator can mend is logged."""
        self._refused.labels(reason).inc()
        if reason in self._warned:
            return
        self._warned.add(reason)
        if reason == "origin":
            logs.warn("origin-refused")
        elif reason == "full":
            logs.warn("connections-full")

    def closed(self, code: CloseCode) -> None:
        """Count a connection this server ended."""
        self._closed.labels(int(code)).inc()

    def matched(self, seconds: float) -> None:
        """Record how long an introduction took."""
        self._match_seconds.observe(seconds)

    def failed(self) -> None:
        """Count and log a bug."""
        self._bugs.inc()
        logs.bug()
