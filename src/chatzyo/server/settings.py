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

    host: Annotated[str, Meta(description="address to listen on; default: this machine only, or every address with --tls local")] = ""  # fmt: skip
    port: Annotated[Port, Meta(description="TCP port for pages and WebSocket; 0 picks a free one")] = 8080  # fmt: skip
    tls: Annotated[Literal["off", "local"], Meta(description="'local' makes and uses a certificate of its own, so that phones on the same network may open the camera")] = "off"  # fmt: skip
    origins: Annotated[tuple[str, ...], Meta(description="origins whose pages may connect, for example https://chat.example; this machine's own addresses always may")] = ()  # fmt: skip
    hubs: Annotated[tuple[str, ...], Meta(description="places to meet; 'world' is the default one")] = ("world",)  # fmt: skip
    max_connections: Annotated[Limit, Meta(description="WebSocket connections at once; 0 means no limit")] = 20_000  # fmt: skip
    connections_per_address: Annotated[Limit, Meta(description="WebSocket connections at once from one address (IPv6: one /64); 0 means no limit, for use behind a proxy")] = 200  # fmt: skip
    messages_per_second: Annotated[Rate, Meta(description="messages a connection may send; twice as many in a burst")] = limits.MESSAGES_PER_SECOND  # fmt: skip
    bytes_per_second: Annotated[Rate, Meta(description="bytes a connection may send")] = limits.BYTES_PER_SECOND  # fmt: skip
    signals_per_direction: Annotated[Limit, Meta(description="signals each side may send in one match")] = limits.MAX_SIGNALS_PER_DIRECTION  # fmt: skip
    restart_spread: Annotated[Limit, Meta(description="seconds over which clients come back after a restart")] = 5  # fmt: skip
    metrics_port: Annotated[Port, Meta(description="port for Prometheus metrics, on this machine only; 0 means none")] = 0  # fmt: skip
