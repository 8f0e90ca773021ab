"""Every setting of a node, typed, with its default and what it does.

operations.config fills it from file, environment and flags; the field texts are the help texts.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatzyo.protocol import limits

Port = Annotated[int, Meta(ge=0, le=65_535)]
Limit = Annotated[int, Meta(ge=0)]
Rate = Annotated[float, Meta(gt=0)]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one node."""

    host: str = ""
    """address to listen on; default: this machine only, or every address with --tls local"""
    port: Port = 8080
    """TCP port for pages and WebSocket; 0 picks a free one"""
    tls: Literal["off", "local"] = "off"
    """'local' makes and uses a certificate of its own, so that phones on the same network may
    open the camera"""
    origins: tuple[str, ...] = ()
    """origins whose pages may connect, for example https://chat.example; this machine's own
    addresses always may"""
    hubs: tuple[str, ...] = ("world",)
    """places to meet; 'world' is the default one"""
    max_connections: Limit = 20_000
    """WebSocket connections at once; 0 means no limit"""
    connections_per_address: Limit = 200
    """WebSocket connections at once from one address (IPv6: one /64); 0 means no limit, for
    use behind a proxy"""
    messages_per_second: Rate = limits.MESSAGES_PER_SECOND
    """messages a connection may send; twice as many in a burst"""
    bytes_per_second: Rate = limits.BYTES_PER_SECOND
    """bytes a connection may send"""
    signals_per_direction: Limit = limits.MAX_SIGNALS_PER_DIRECTION
    """signals each side may send in one match"""
    restart_spread: Limit = 5
    """seconds over which clients come back after a restart"""
    metrics_port: Port = 0
    """port for Prometheus metrics, on this machine only; 0 means none"""
