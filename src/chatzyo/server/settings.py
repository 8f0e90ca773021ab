"""Every setting of a node, typed, with its default and what it does.

operations.config fills it from file, environment and flags; the field texts are the help texts.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatzyo.protocol import limits

Port = Annotated[int, Meta(ge=0, le=65_535)]
Limit = Annotated[int, Meta(ge=0)]
Rate = Annotated[float, Meta(gt=0)]


class RelaySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one relay, whether a node starts it or it runs alone."""

    relay_hosts: tuple[str, ...] = ()
    """addresses the relay listens on; default: those of the site, or every address of this
    machine when it runs alone"""
    relay_port: Port = 3478
    """UDP and TCP port of STUN and TURN; 0 picks a free one"""
    relay_tls_port: Port = 5349
    """TCP port of TURN over TLS, when there is a certificate; 0 picks a free one"""
    relay_certificate: str = ""
    """PEM file with certificate chain and key for TURN over TLS"""
    relay_mode: Literal["closed", "open"] = "closed"
    """'closed' carries data only between the two people of a match, inside this server; 'open'
    follows RFC 8656 and reaches public addresses through ports of its own"""
    relay_public_addresses: tuple[str, ...] = ()
    """open mode: addresses, one for each family, under which the internet sees the relay's
    ports; default: those of this machine. Closed mode: what relayed addresses are called,
    default 192.0.2.1 and 2001:db8::1"""
    relay_first_port: Port = 49_152
    """open mode: first UDP port for relaying"""
    relay_last_port: Port = 65_535
    """open mode: last UDP port for relaying"""
    relay_allow: tuple[str, ...] = ()
    """open mode: networks that may be reached although they are private, for example 10.1.0.0/16"""
    relay_deny: tuple[str, ...] = ()
    """open mode: public networks that may not be reached"""
    relay_realm: str = "chatzyo"
    """realm of the credentials; short is better, it is part of every challenge"""
    relay_secret_file: str = ""
    """file with the secrets of time-limited credentials, one a line, the newest first; default:
    a fresh secret when a node starts its relay, a file of this user when a relay runs alone"""
    relay_max_allocations: Limit = 2_000
    """relayed addresses at once"""
    relay_allocations_per_user: Limit = 16
    """relayed addresses at once for one set of credentials; a browser makes one for each of its
    addresses and each way to the relay"""
    relay_allocations_per_prefix: Limit = 64
    """relayed addresses at once for one /24 or IPv6 /56"""
    relay_new_allocations_per_second: Rate = 16.0
    """new allocations from one /24 or IPv6 /56; four times as many in a burst"""
    relay_bytes_per_second: Limit = 1_000_000
    """bytes one relayed address may carry; 0 means no limit"""
    relay_total_bytes_per_second: Limit = 0
    """bytes all of them together may carry; 0 means no limit"""
    relay_max_age: Limit = 86_400
    """seconds after which an allocation ends, however often it is refreshed"""


class Settings(RelaySettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    relay_engine: Literal["on", "off", "coturn"] = "off"
    """'on' starts the relay that is built in, as a process of its own; 'coturn' leaves relaying
    to coturn servers that share --relay-secret-file; 'off' runs without, as long as the page asks
    for no relay"""
