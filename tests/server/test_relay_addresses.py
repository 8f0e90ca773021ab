"""Which addresses are listened on."""

import pytest

from chatzyo.server.mistake import CannotStart
from chatzyo.server.relay_addresses import listening_addresses, of_family, own_addresses


def test_this_machine_has_a_loopback_address() -> None:
    assert "127.0.0.1" in own_addresses()


def test_without_hosts_every_address_but_link_local_ones_is_listened_on() -> None:
    found = listening_addresses(())
    assert "127.0.0.1" in found
    assert not any(address.startswith(("fe80", "169.254")) for address in found)


def test_names_are_resolved_and_addresses_are_kept() -> None:
    assert "127.0.0.1" in listening_addresses(("localhost",))
    assert listening_addresses(("127.0.0.2", "127.0.0.2")) == ["127.0.0.2"]


def test_an_unknown_name_is_one_sentence() -> None:
    with pytest.raises(CannotStart, match="--relay-hosts"):
        listening_addresses(("no-such-host.invalid",))


def test_public_addresses_come_first() -> None:
    assert of_family(["10.0.0.1", "8.8.8.8", "::1"], 4) == ["8.8.8.8", "10.0.0.1"]
    assert of_family(["10.0.0.1", "::1"], 6) == ["::1"]
