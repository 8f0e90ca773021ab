"""Transport addresses as bytes: two bytes of port, then four or sixteen of IP, in network order.

That is how sockets and STUN attributes carry them, so the packet path never builds an object. What
an address is *for* is its type: a client's cannot be passed where a peer's is expected.
"""

import ipaddress
from enum import IntEnum
from typing import Final, NewType

ClientAddress = NewType("ClientAddress", bytes)
"""Where a client's packets come from, as this server sees it."""

PeerAddress = NewType("PeerAddress", bytes)
"""Where relayed packets go to and come from."""

RelayedAddress = NewType("RelayedAddress", bytes)
"""What this server gave to an allocation."""

Flow = NewType("Flow", bytes)
"""A 5-tuple: one byte that names the listener (server address and transport), then the client."""

PORT_BYTES: Final = 2
IPV4_BYTES: Final = 4
IPV6_BYTES: Final = 16

STREAM_LISTENER: Final = 0x80
"""Listeners with this bit carry streams (TCP, TLS), the others datagrams."""


class Family(IntEnum):
    """Address families as STUN numbers them (RFC 8489 section 14.1)."""

    IPV4 = 1
    IPV6 = 2


def pack(host: str, port: int) -> bytes:
    """Pack a literal address; a scope id is dropped, names are not resolved."""
    return port.to_bytes(PORT_BYTES, "big") + ipaddress.ip_address(host.partition("%")[0]).packed


def unpack(address: bytes) -> tuple[str, int]:
    """Host and port as sockets want them."""
    return str(ipaddress.ip_address(ip_of(address))), port_of(address)


def ip_of(address: bytes) -> bytes:
    """Only the IP, packed."""
    return address[PORT_BYTES:]


def port_of(address: bytes) -> int:
    """Only the port."""
    return int.from_bytes(address[:PORT_BYTES], "big")


def family_of(address: bytes) -> Family:
    """The family, told by the length."""
    return Family.IPV4 if len(address) == PORT_BYTES + IPV4_BYTES else Family.IPV6


def flow_of(listener: int, client: ClientAddress) -> Flow:
    """Join a listener's number and a client's address."""
    return Flow(bytes((listener,)) + client)


def client_of(flow: Flow) -> ClientAddress:
    """The client of a 5-tuple."""
    return ClientAddress(flow[1:])


def is_stream(flow: Flow) -> bool:
    """Whether the client came by TCP or TLS."""
    return flow[0] >= STREAM_LISTENER
