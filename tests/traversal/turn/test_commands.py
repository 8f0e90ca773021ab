"""Commands are values."""

from chatzyo.traversal.address import RelayedAddress
from chatzyo.traversal.turn.commands import CloseRelay


def test_equal_commands_are_equal() -> None:
    assert CloseRelay(relayed=RelayedAddress(b"1")) == CloseRelay(relayed=RelayedAddress(b"1"))
