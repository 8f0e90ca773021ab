"""Attributes: each is one line of a table, a number and a pair of functions.

RFC 8489 section 14, RFC 8656 section 18. A value is parsed when it is asked for and raises
Malformed when it is not what its attribute demands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Generic, TypeVar

from chatzyo.traversal.address import (
    IPV4_BYTES,
    IPV6_BYTES,
    PORT_BYTES,
    ClientAddress,
    PeerAddress,
    RelayedAddress,
    family_of,
)
from chatzyo.traversal.stun.errors import Malformed

MAGIC_COOKIE: Final = b"\x21\x12\xa4\x42"
COMPREHENSION_OPTIONAL: Final = 0x8000
"""Attributes from here on may be ignored by who does not know them."""

MAX_USERNAME_BYTES: Final = 508
"""RFC 8489 section 14.3: shorter than 509 bytes."""

MAX_TEXT_BYTES: Final = 763
"""RFC 8489 sections 14.9 and 14.10: shorter than 128 characters, up to 763 bytes."""

TOKEN_BYTES: Final = 8

Value = TypeVar("Value")
Address = TypeVar("Address", ClientAddress, PeerAddress, RelayedAddress)


class PasswordAlgorithm(IntEnum):
    """RFC 8489 section 18.5; neither has parameters."""

    MD5 = 1
    SHA_256 = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribute(Generic[Value]):
    """How one attribute is read and written. `transaction` masks IPv6 addresses."""

    number: int
    parse: Callable[[bytes, bytes], Value]
    serialise: Callable[[Value, bytes], bytes]


def _address(number: int, kind: Callable[[bytes], Address]) -> Attribute[Address]:
    """An address masked with the magic cookie and, for IPv6, the transaction id."""

    def parse(value: bytes, transaction: bytes) -> Address:
        if len(value) not in (4 + IPV4_BYTES, 4 + IPV6_BYTES):
            raise Malformed
        address = kind(_mask(value[2:], transaction))
        if value[1] != family_of(address):
            raise Malformed
        return address

    def serialise(address: Address, transaction: bytes) -> bytes:
        return bytes((0, family_of(address))) + _mask(address, transaction)

    return Attribute(number=number, parse=parse, serialise=serialise)


def _mask(address: bytes, transaction: bytes) -> bytes:
    mask = MAGIC_COOKIE[:PORT_BYTES] + MAGIC_COOKIE + transaction
    length = len(address)
    mixed = int.from_bytes(address, "big") ^ int.from_bytes(mask[:length], "big")
    return mixed.to_bytes(length, "big")


def _text(number: int, most: int) -> Attribute[str]:
    def parse(value: bytes, _transaction: bytes) -> str:
        if len(value) > most:
            raise Malformed
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise Malformed from None

    return Attribute(number=number, parse=parse, serialise=lambda text, _: text.encode())


def _bytes(number: int, length: int | None = None) -> Attribute[bytes]:
    def parse(value: bytes, _transaction: bytes) -> bytes:
        if length is not None and len(value) != length:
            raise Malformed
        return value

    return Attribute(number=number, parse=parse, serialise=lambda value, _: value)


def _integer(number: int, size: int, reserved: int = 0) -> Attribute[int]:
    """A number of `size` bytes and `reserved` bytes behind it that mean nothing."""

    def parse(value: bytes, _transaction: bytes) -> int:
        if len(value) != size + reserved:
            raise Malformed
        return int.from_bytes(value[:size], "big")

    def serialise(value: int, _transaction: bytes) -> bytes:
        return value.to_bytes(size, "big") + bytes(reserved)

    return Attribute(number=number, parse=parse, serialise=serialise)


def _parse_even_port(value: bytes, _transaction: bytes) -> bool:
    if len(value) != 1:
        raise Malformed
    return value[0] >= 0x80


def _serialise_even_port(reserve: bool, _transaction: bytes) -> bytes:  # noqa: FBT001 - a value
    return bytes((reserve << 7,))


def _parse_error(value: bytes, _transaction: bytes) -> int:
    if len(value) < 4 or value[3] > 99:
        raise Malformed
    return (value[2] & 7) * 100 + value[3]


def _serialise_error(code: int, _transaction: bytes) -> bytes:
    return bytes((0, 0, code // 100, code % 100))


def _parse_address_error(value: bytes, transaction: bytes) -> tuple[int, int]:
    code = _parse_error(value, transaction)
    return value[0], code


def _serialise_address_error(error: tuple[int, int], _transaction: bytes) -> bytes:
    family, code = error
    return bytes((family, 0, code // 100, code % 100))


def _parse_numbers(value: bytes, _transaction: bytes) -> Sequence[int]:
    if len(value) % 2:
        raise Malformed
    return [int.from_bytes(value[at : at + 2], "big") for at in range(0, len(value), 2)]


def _serialise_numbers(numbers: Sequence[int], _transaction: bytes) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def _parse_algorithm(value: bytes, _transaction: bytes) -> int:
    """One algorithm; parameters are skipped because no algorithm of ours has them."""
    if len(value) < 4 or len(value) != 4 + _padded(int.from_bytes(value[2:4], "big")):
        raise Malformed
    return int.from_bytes(value[:2], "big")


def _serialise_algorithm(algorithm: int, _transaction: bytes) -> bytes:
    return algorithm.to_bytes(2, "big") + bytes(2)


def _parse_algorithms(value: bytes, transaction: bytes) -> Sequence[int]:
    algorithms = []
    while value:
        end = 4 + _padded(int.from_bytes(value[2:4], "big"))
        algorithms.append(_parse_algorithm(value[:end], transaction))
        value = value[end:]
    return algorithms


def _serialise_algorithms(algorithms: Sequence[int], transaction: bytes) -> bytes:
    return b"".join(_serialise_algorithm(each, transaction) for each in algorithms)


def _padded(length: int) -> int:
    return length + -length % 4


USERNAME: Final = _text(0x0006, MAX_USERNAME_BYTES)
MESSAGE_INTEGRITY: Final = _bytes(0x0008, 20)
ERROR_CODE: Final = Attribute(number=0x0009, parse=_parse_error, serialise=_serialise_error)
UNKNOWN_ATTRIBUTES: Final = Attribute(
    number=0x000A, parse=_parse_numbers, serialise=_serialise_numbers
)
CHANNEL_NUMBER: Final = _integer(0x000C, 2, reserved=2)
LIFETIME: Final = _integer(0x000D, 4)
XOR_PEER_ADDRESS: Final = _address(0x0012, PeerAddress)
DATA: Final = _bytes(0x0013)
REALM: Final = _text(0x0014, MAX_TEXT_BYTES)
NONCE: Final = _text(0x0015, MAX_TEXT_BYTES)
XOR_RELAYED_ADDRESS: Final = _address(0x0016, RelayedAddress)
REQUESTED_ADDRESS_FAMILY: Final = _integer(0x0017, 1, reserved=3)
EVEN_PORT: Final = Attribute(number=0x0018, parse=_parse_even_port, serialise=_serialise_even_port)
REQUESTED_TRANSPORT: Final = _integer(0x0019, 1, reserved=3)
DONT_FRAGMENT: Final = _bytes(0x001A, 0)
MESSAGE_INTEGRITY_SHA256: Final = _bytes(0x001C)
PASSWORD_ALGORITHM: Final = Attribute(
    number=0x001D, parse=_parse_algorithm, serialise=_serialise_algorithm
)
USERHASH: Final = _bytes(0x001E, 32)
XOR_MAPPED_ADDRESS: Final = _address(0x0020, ClientAddress)
RESERVATION_TOKEN: Final = _bytes(0x0022, TOKEN_BYTES)
ADDITIONAL_ADDRESS_FAMILY: Final = _integer(0x8000, 1, reserved=3)
ADDRESS_ERROR_CODE: Final = Attribute(
    number=0x8001, parse=_parse_address_error, serialise=_serialise_address_error
)
PASSWORD_ALGORITHMS: Final = Attribute(
    number=0x8002, parse=_parse_algorithms, serialise=_serialise_algorithms
)
FINGERPRINT: Final = _integer(0x8028, 4)
