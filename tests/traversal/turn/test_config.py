"""The defaults are safe alone on the internet."""

from chatzyo.traversal.turn.config import Config


def test_limits_are_on_by_default() -> None:
    config = Config(realm="relay", secrets=(), relay_ips={}, closed=True)
    assert config.per_user < config.per_prefix < config.total
    assert config.bytes_per_second
    assert config.first_port >= 49_152
