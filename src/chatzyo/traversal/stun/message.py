"""The STUN message (RFC 8489 section 5): a header of 20 bytes and a list of attributes.

Attributes keep their order and their repetitions. Values are parsed by stun.attributes when they
are asked for; integrity is stun.integrity's job and needs the bytes as they came.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from chatzyo.traversal.stun.attributes import (
    COMPREHENSION_OPTIONAL,
    FINGERPRINT,
    MAGIC_COOKIE,
    MESSAGE_INTEGRITY,
    MESSAGE_INTEGRITY_SHA256,
    Attribute,
    Value,
)
from chatzyo.traversal.stun.errors import Malformed

HEADER_BYTES: Final = 20
TRANSACTION_BYTES: Final = 12
ATTRIBUTE_HEADER_BYTES: Final = 4

_AFTER_INTEGRITY: Final = {
    MESSAGE_INTEGRITY.number: (MESSAGE_INTEGRITY_SHA256.number, FINGERPRINT.number),
    MESSAGE_INTEGRITY_SHA256.number: (FINGERPRINT.number,),
    FINGERPRINT.number: (),
}
"""What still counts behind these (RFC 8489 sections 14.5 to 14.7); all else is ignored."""


class Method(IntEnum):
    """Methods of RFC 8489 and RFC 8656. Others may arrive and are numbers then."""

    BINDING = 0x001
    ALLOCATE = 0x003
    REFRESH = 0x004
    SEND = 0x006
    DATA = 0x007
    CREATE_PERMISSION = 0x008
    CHANNEL_BIND = 0x009


class Kind(IntEnum):
    """The class of a message (RFC 8489 section 5)."""

    REQUEST = 0
    INDICATION = 1
    SUCCESS = 2
    ERROR = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """An attribute as it stands in the message; `offset` is where its header begins."""

    number: int
    value: bytes
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message that was received."""

    method: int
    kind: Kind
    transaction: bytes
    attributes: Sequence[Raw]
    wire: bytes

    def find(self, attribute: Attribute[Value]) -> Raw | None:
        """The first occurrence, unparsed; only the first counts (RFC 8489 section 14)."""
        number = attribute.number
        return next((raw for raw in self.attributes if raw.number == number), None)

    def first(self, attribute: Attribute[Value]) -> Value | None:
        """The value of the first occurrence. Raises Malformed."""
        raw = self.find(attribute)
        return None if raw is None else attribute.parse(raw.value, self.transaction)

    def every(self, attribute: Attribute[Value]) -> Sequence[Value]:
        """The values of all occurrences. Raises Malformed."""
        return [
            attribute.parse(raw.value, self.transaction)
            for raw in self.attributes
            if raw.number == attribute.number
        ]

    def not_understood(self, known: Container[int]) -> Sequence[int]:
        """Attributes that must be understood and are not among `known`."""
        numbers = (raw.number for raw in self.attributes if raw.number < COMPREHENSION_OPTIONAL)
        return list(dict.fromkeys(number for number in numbers if number not in known))


def parse(data: bytes) -> Message:
    """Read one message that fills `data` exactly. Raises Malformed."""
    if len(data) < HEADER_BYTES or data[0] > 0x3F or data[4:8] != MAGIC_COOKIE:
        raise Malformed
    length = int.from_bytes(data[2:4], "big")
    if length % 4 or length != len(data) - HEADER_BYTES:
        raise Malformed
    kind = int.from_bytes(data[:2], "big")
    return Message(
        method=kind & 0xF | kind >> 1 & 0x70 | kind >> 2 & 0xF80,
        kind=Kind(kind >> 4 & 1 | kind >> 7 & 2),
        transaction=data[8:HEADER_BYTES],
        attributes=_parse_attributes(data),
        wire=data,
    )


def _parse_attributes(data: bytes) -> Sequence[Raw]:
    attributes: list[Raw] = []
    offset, allowed = HEADER_BYTES, None
    while offset < len(data):
        # The total is a multiple of four, and so is every step: a header always fits.
        number = int.from_bytes(data[offset : offset + 2], "big")
        start = offset + ATTRIBUTE_HEADER_BYTES
        end = start + int.from_bytes(data[offset + 2 : start], "big")
        if end > len(data):
            raise Malformed
        if allowed is None or number in allowed:
            attributes.append(Raw(number=number, value=data[start:end], offset=offset))
            allowed = _AFTER_INTEGRITY.get(number, allowed)
        offset = end + -end % 4
    return attributes


def header(method: int, kind: Kind, transaction: bytes, length: int) -> bytes:
    """The first 20 bytes of a message whose attributes take `length` bytes."""
    spread = method & 0xF | (method & 0x70) << 1 | (method & 0xF80) << 2
    classified = spread | (kind & 1) << 4 | (kind & 2) << 7
    return classified.to_bytes(2, "big") + length.to_bytes(2, "big") + MAGIC_COOKIE + transaction


class Builder:
    """A message in the making."""

    def __init__(self, method: int, kind: Kind, transaction: bytes) -> None:
        """Start with the header alone."""
        self._method = method
        self._kind = kind
        self._transaction = transaction
        self._attributes = bytearray()

    def add(self, attribute: Attribute[Value], value: Value) -> "Builder":
        """Append one attribute, padded with zeros to a multiple of four bytes."""
        payload = attribute.serialise(value, self._transaction)
        self._attributes += attribute.number.to_bytes(2, "big") + len(payload).to_bytes(2, "big")
        self._attributes += payload + bytes(-len(payload) % 4)
        return self

    def serialise(self) -> bytes:
        """Write it, without integrity or fingerprint."""
        length = len(self._attributes)
        return header(self._method, self._kind, self._transaction, length) + self._attributes
