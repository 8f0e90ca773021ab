"""Batches carry the same packets as single calls do."""

import socket

import pytest

from chatzyo.server.relay_batch import BUFFER_BYTES, IS_AVAILABLE, MESSAGES, Batch
from chatzyo.traversal import address

pytestmark = pytest.mark.skipif(not IS_AVAILABLE, reason="only Linux has recvmmsg")


def pair(host: str) -> tuple[socket.socket, socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM), socket.socket(family, socket.SOCK_DGRAM)
    for each in made:
        each.bind((host, 0))
        each.settimeout(5)
    return made


def packed(bound: socket.socket) -> bytes:
    return address.pack(*bound.getsockname()[:2])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_is_sent_in_a_batch_arrives_in_a_batch_and_in_order(host: str) -> None:
    one, two = pair(host)
    with one, two:
        sizes = [0, 1, 20, 1000, BUFFER_BYTES, 3]
        sent = [bytes((number,)) * size for number, size in enumerate(sizes)]
        Batch(one).send([(packed(two), data) for data in sent])
        batch = Batch(two)
        assert batch.receive() == [(packed(one), data) for data in sent]
        assert batch.receive() == []


def test_a_full_batch_is_taken_in_two() -> None:
    one, two = pair("127.0.0.1")
    with one, two:
        sender, receiver = Batch(one), Batch(two)
        sender.send([(packed(two), b"x")] * MESSAGES)
        sender.send([(packed(two), b"y")])
        assert [len(receiver.receive()) for _ in range(3)] == [MESSAGES, 1, 0]


def test_what_does_not_fit_is_left_out() -> None:
    one, two = pair("127.0.0.1")
    with one, two:
        one.sendto(bytes(BUFFER_BYTES + 1), two.getsockname())
        one.sendto(b"fits", two.getsockname())
        assert [data for _, data in Batch(two).receive()] == [b"fits"]


def test_what_cannot_be_sent_does_not_keep_the_rest_back() -> None:
    one, two = pair("127.0.0.1")
    with one, two:
        nowhere = address.pack("255.255.255.255", 5000)
        Batch(one).send([(packed(two), b"1"), (nowhere, b"2"), (packed(two), b"3")])
        assert [data for _, data in Batch(two).receive()] == [b"1", b"3"]
