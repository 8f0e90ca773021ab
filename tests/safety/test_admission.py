"""Connections are counted by a keyed hash of the address prefix."""

from chatzyo.safety.admission import KEY_BYTES, Admission, Verdict


def admission(most: int = 0, most_per_address: int = 0) -> Admission:
    return Admission(secret=b"secret", most=most, most_per_address=most_per_address)


def test_zero_means_no_limit() -> None:
    door = admission()
    key = door.key("192.0.2.1")
    assert {door.enter(key) for _ in range(1000)} == {Verdict.ADMITTED}


def test_the_total_is_limited_and_room_returns() -> None:
    door = admission(most=2)
    key = door.key("192.0.2.1")
    assert [door.enter(key) for _ in range(3)] == [Verdict.ADMITTED, Verdict.ADMITTED, Verdict.FULL]
    door.leave(key)
    assert door.enter(key) is Verdict.ADMITTED


def test_whether_there_is_room_is_told_at_any_time() -> None:
    door = admission(most=1)
    key = door.key("192.0.2.1")
    told = [door.is_full]
    for change in (door.enter, door.leave):
        change(key)
        told.append(door.is_full)
    assert told == [False, True, False]


def test_one_address_cannot_take_all_the_room() -> None:
    door = admission(most_per_address=1)
    mine, other = door.key("192.0.2.1"), door.key("192.0.2.2")
    assert door.enter(mine) is Verdict.ADMITTED
    assert door.enter(mine) is Verdict.TOO_MANY_FROM_ADDRESS
    assert door.enter(other) is Verdict.ADMITTED
    door.leave(mine)
    assert door.enter(mine) is Verdict.ADMITTED


def test_a_subscribers_ipv6_addresses_count_as_one() -> None:
    door = admission()
    assert door.key("2001:db8:1:2::1") == door.key("2001:db8:1:2:ffff::9")
    assert door.key("2001:db8:1:2::1") != door.key("2001:db8:1:3::1")
    assert door.key("fe80::1%eth0") == door.key("fe80::2")


def test_a_mapped_address_counts_as_its_ipv4_address() -> None:
    door = admission()
    assert door.key("::ffff:192.0.2.1") == door.key("192.0.2.1")


def test_the_key_does_not_contain_the_address_and_depends_on_the_secret() -> None:
    key = admission().key("192.0.2.1")
    assert len(key) == KEY_BYTES
    other = Admission(secret=b"other", most=0, most_per_address=0)
    assert other.key("192.0.2.1") != key


def test_an_address_that_does_not_parse_has_a_key_of_its_own() -> None:
    assert admission().key("") != admission().key("\ud800")
