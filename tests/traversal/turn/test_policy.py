"""Nothing private is reachable, in whatever clothes it comes."""

import ipaddress

import pytest

from chatzyo.traversal import address
from chatzyo.traversal.address import PeerAddress
from chatzyo.traversal.turn.policy import DENIED, PeerPolicy

RELAY = address.ip_of(address.pack("5.5.5.5", 0))
OWN = address.ip_of(address.pack("5.5.5.6", 0))
OPEN = PeerPolicy(closed=False, relay_ips=frozenset({RELAY}), own_ips=frozenset({OWN}))


def peer(host: str, port: int = 5000) -> PeerAddress:
    return PeerAddress(address.pack(host, port))


def _edges() -> list[str]:
    networks = [ipaddress.ip_network(text) for text, _ in DENIED]
    return [str(network[place]) for network in networks for place in (0, -1)]


@pytest.mark.parametrize("host", _edges())
def test_first_and_last_of_every_denied_range_are_refused(host: str) -> None:
    assert not OPEN.admits(peer(host))


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "11.0.0.1", "172.32.0.1", "2606:4700::1", "192.169.0.1"]
)
def test_public_addresses_are_admitted(host: str) -> None:
    assert OPEN.admits(peer(host))
    assert OPEN.admits_ip(address.ip_of(peer(host)))


def test_ports_of_services_are_refused_whatever_the_address() -> None:
    assert not OPEN.admits(peer("8.8.8.8", 1023))
    assert not OPEN.admits(peer("8.8.8.8", 0))
    assert OPEN.admits(peer("8.8.8.8", 1024))


def test_own_addresses_are_refused_and_relayed_ones_are_known() -> None:
    assert not OPEN.admits(peer("5.5.5.6"))
    assert OPEN.admits(peer("5.5.5.5"))
    assert OPEN.is_relay(peer("5.5.5.5"))
    assert not OPEN.is_relay(peer("5.5.5.6"))


def test_a_closed_relay_reaches_nothing_but_itself() -> None:
    closed = PeerPolicy(closed=True, relay_ips=frozenset({RELAY}))
    assert closed.admits(peer("5.5.5.5"))
    assert not closed.admits(peer("8.8.8.8"))


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text)


@pytest.mark.parametrize(
    "clothed",
    [
        *("::ffff:{v4}", "::{v4}", "64:ff9b::{v4}", "2001:678::{v4}"),
        *("2002:{hex}::1", "2001:0:1:1::{not_hex}"),
    ],
)
@pytest.mark.parametrize(
    ("v4", "reachable"),
    [("10.0.0.1", False), ("5.5.5.6", False), ("5.5.5.5", False), ("8.8.8.8", True)],
)
def test_an_ipv4_address_within_ipv6_is_judged_as_well(
    clothed: str, v4: str, *, reachable: bool
) -> None:
    """Even where the operator has opened the range around it."""
    policy = PeerPolicy(
        closed=False,
        relay_ips=frozenset({RELAY}),
        own_ips=frozenset({OWN}),
        allowed=tuple(
            network(text)
            for text in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "2001::/32")
        ),
        nat64=(ipaddress.IPv6Network("2001:678::/96"),),
    )
    packed = ipaddress.IPv4Address(v4).packed
    inverted = bytes(byte ^ 0xFF for byte in packed)
    host = clothed.format(
        v4=v4,
        hex=f"{packed[:2].hex()}:{packed[2:].hex()}",
        not_hex=f"{inverted[:2].hex()}:{inverted[2:].hex()}",
    )
    if host.startswith("2001:0:") and reachable:
        host = host.replace("2001:0:1:1:", "2001:0:808:808:")  # its Teredo server is judged too
    assert policy.admits(peer(host)) is reachable


def test_an_operator_may_open_and_close_ranges() -> None:
    policy = PeerPolicy(
        closed=False,
        relay_ips=frozenset(),
        allowed=(network("10.0.0.0/8"),),
        denied=(network("8.8.8.0/24"), network("10.9.0.0/16")),
    )
    assert policy.admits(peer("10.1.1.1"))
    assert not policy.admits(peer("10.9.1.1"))
    assert not policy.admits(peer("8.8.8.8"))
    assert not policy.admits(peer("192.168.0.1"))
