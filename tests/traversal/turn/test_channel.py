"""One channel for a peer, one peer for a channel, and a pause before either is used anew."""

from chatzyo.traversal import address
from chatzyo.traversal.address import PeerAddress
from chatzyo.traversal.turn.channel import COOLING_SECONDS, LIFETIME_SECONDS, LOWEST, MOST, Channels


def peer(port: int) -> PeerAddress:
    return PeerAddress(address.pack("8.8.8.8", port))


def test_a_bound_channel_is_found_by_number_and_by_peer_until_it_expires() -> None:
    channels = Channels()
    channels.bind(LOWEST, peer(1), now=0)
    assert channels.peer_of(LOWEST, now=599) == (peer(1), LIFETIME_SECONDS)
    assert channels.number_of(peer(1), now=599) == (LOWEST, LIFETIME_SECONDS)
    assert channels.peer_of(LOWEST, now=600) is None
    assert channels.number_of(peer(1), now=600) is None
    assert channels.peer_of(LOWEST + 1, now=0) is None
    assert channels.number_of(peer(2), now=0) is None


def test_neither_number_nor_peer_is_bound_twice() -> None:
    channels = Channels()
    channels.bind(LOWEST, peer(1), now=0)
    assert channels.fits(LOWEST, peer(1), now=1)
    assert channels.fits(LOWEST + 1, peer(2), now=1)
    assert not channels.fits(LOWEST, peer(2), now=1)
    assert not channels.fits(LOWEST + 1, peer(1), now=1)


def test_after_expiry_five_minutes_pass_before_another_binding() -> None:
    channels = Channels()
    channels.bind(LOWEST, peer(1), now=0)
    ready = LIFETIME_SECONDS + COOLING_SECONDS
    assert not channels.fits(LOWEST, peer(2), now=ready - 1)
    assert channels.fits(LOWEST, peer(1), now=ready - 1)
    assert channels.fits(LOWEST, peer(2), now=ready)


def test_channels_are_limited_but_a_bound_one_is_always_refreshed() -> None:
    channels = Channels()
    for number in range(MOST):
        assert channels.has_room(LOWEST + number)
        channels.bind(LOWEST + number, peer(number), now=0)
    assert not channels.has_room(LOWEST + MOST)
    assert channels.has_room(LOWEST)
