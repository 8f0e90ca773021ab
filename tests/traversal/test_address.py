"""Addresses travel as bytes, and keep what they are for as their type."""

import pytest

from chatzyo.traversal import address
from chatzyo.traversal.address import ClientAddress, Family


@pytest.mark.parametrize(
    ("host", "family"), [("192.0.2.1", Family.IPV4), ("2001:db8::1", Family.IPV6)]
)
def test_an_address_is_its_port_and_its_ip(host: str, family: Family) -> None:
    packed = address.pack(host, 3478)
    assert address.unpack(packed) == (host, 3478)
    assert address.family_of(packed) is family
    assert address.port_of(packed) == 3478


def test_a_scope_is_dropped() -> None:
    assert address.pack("fe80::1%eth0", 1) == address.pack("fe80::1", 1)


def test_a_flow_names_its_listener_and_its_client() -> None:
    client = ClientAddress(address.pack("192.0.2.1", 5000))
    by_datagram, by_stream = address.flow_of(1, client), address.flow_of(0x81, client)
    assert by_datagram != by_stream
    assert address.client_of(by_datagram) == client == address.client_of(by_stream)
    assert not address.is_stream(by_datagram)
    assert address.is_stream(by_stream)
