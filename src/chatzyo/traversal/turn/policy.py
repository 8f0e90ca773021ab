"""Whom the relay may reach. The check is made on parsed addresses, never on text or names.

Closed, the default: nothing but relayed addresses of this very server, which are names inside it.
Open: whatever RFC 8656 allows, less the table below, which also writes coturn's configuration.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final

from chatzyo.traversal.address import IPV4_BYTES, PeerAddress, ip_of, port_of

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOWEST_PEER_PORT: Final = 1024
"""No WebRTC end is below; DNS, NTP and SNMP, which amplify, are."""

DENIED: Final[tuple[tuple[str, str], ...]] = (
    ("0.0.0.0/8", "this host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "behind a provider's NAT"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local, cloud metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relays"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarks"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved, broadcast"),
    ("::/96", "unspecified, loopback, IPv4-compatible"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard"),
    ("2001::/32", "Teredo"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)

_DENIED: Final[tuple[Network, ...]] = tuple(ipaddress.ip_network(text) for text, _ in DENIED)
_LAST_FOUR: Final = tuple(
    ipaddress.IPv6Network(text) for text in ("::/96", "::ffff:0:0/96", "64:ff9b::/96")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PeerPolicy:
    """The whole answer to: may data go there?"""

    closed: bool
    relay_ips: frozenset[bytes]
    """IPs of this server's relayed addresses; only living allocations are reached there"""
    own_ips: frozenset[bytes] = frozenset()
    """every other address of this host and its public one; never reached"""
    allowed: tuple[Network, ...] = ()
    """what the operator opens in spite of the table"""
    denied: tuple[Network, ...] = ()
    """what the operator closes as well"""
    nat64: tuple[ipaddress.IPv6Network, ...] = ()
    """/96 prefixes that the network translates to IPv4"""

    def admits_ip(self, ip: bytes) -> bool:
        """Whether a permission for this IP may be installed."""
        if ip in self.relay_ips:
            return True
        return not self.closed and self._admits(ipaddress.ip_address(ip))

    def admits(self, peer: PeerAddress) -> bool:
        """Whether data may go to this address and port."""
        return port_of(peer) >= LOWEST_PEER_PORT and self.admits_ip(ip_of(peer))

    def is_relay(self, peer: PeerAddress) -> bool:
        """Whether the peer is this server: then data is handed over in memory or not at all."""
        return ip_of(peer) in self.relay_ips

    def _admits(self, address: Ip) -> bool:
        if address.packed in self.own_ips or address.packed in self.relay_ips:
            return False
        if _is_in(address, self.denied):
            return False
        if _is_in(address, _DENIED) and not _is_in(address, self.allowed):
            return False
        return all(self._admits(inner) for inner in self._inner(address))

    def _inner(self, address: Ip) -> tuple[ipaddress.IPv4Address, ...]:
        """IPv4 addresses that this one may be translated to on its way."""
        if isinstance(address, ipaddress.IPv4Address):
            return ()
        if _is_in(address, (*_LAST_FOUR, *self.nat64)):
            return (ipaddress.IPv4Address(address.packed[-IPV4_BYTES:]),)
        if address.sixtofour:
            return (address.sixtofour,)
        return address.teredo or ()


def _is_in(address: Ip, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
