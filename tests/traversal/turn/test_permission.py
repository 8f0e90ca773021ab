"""Permissions last five minutes and are for addresses, not for ports."""

from chatzyo.traversal.turn.permission import LIFETIME_SECONDS, MOST, Permissions


def ips(count: int, first: int = 0) -> list[bytes]:
    return [number.to_bytes(4, "big") for number in range(first, first + count)]


def test_a_permission_expires_after_five_minutes() -> None:
    permissions = Permissions()
    assert permissions.expiry(ips(1)[0]) < 0
    assert permissions.install(ips(1), now=10)
    assert permissions.expiry(ips(1)[0]) == 10 + 300 == 10 + LIFETIME_SECONDS


def test_all_or_none_are_installed_up_to_the_limit() -> None:
    permissions = Permissions()
    assert permissions.install(ips(MOST), now=0)
    assert not permissions.install(ips(2, first=MOST - 1), now=1)
    assert permissions.expiry(ips(1, first=MOST)[0]) < 0
    assert permissions.expiry(ips(1, first=MOST - 1)[0]) == LIFETIME_SECONDS
    assert permissions.install(ips(MOST), now=2)


def test_expired_permissions_make_room() -> None:
    permissions = Permissions()
    permissions.install(ips(MOST), now=0)
    assert permissions.install(ips(MOST, first=MOST), now=LIFETIME_SECONDS)
