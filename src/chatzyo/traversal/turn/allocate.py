"""What an Allocate request asks for, and every way in which it can be wrong.

RFC 8656 section 7.2; the numbers beside the steps are those of its list.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from chatzyo.traversal.address import Family
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.errors import Code
from chatzyo.traversal.stun.message import Message
from chatzyo.traversal.turn.answer import Refusal

UDP: Final = 17
DEFAULT_SECONDS: Final = 600
"""RFC 8656 section 3.2; shorter wishes are raised to it."""

LONGEST_SECONDS: Final = 3600
"""RFC 8656 section 7.2 recommends it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocateRequest:
    """A request in which nothing contradicts anything."""

    family: Family
    additional: Family | None
    missing: tuple[Family, Code] | None
    even: bool
    reserve: bool
    token: bytes | None
    lifetime: int

    @property
    def count(self) -> int:
        """How many relayed addresses this holds if it is granted."""
        return 1 + (self.additional is not None) + self.reserve


def granted_lifetime(wished: int | None) -> int:
    """Seconds an allocation lives if nothing refreshes it."""
    return min(max(wished or 0, DEFAULT_SECONDS), LONGEST_SECONDS)


def read(request: Message, available: Container[Family]) -> AllocateRequest | Refusal:
    """Read a request on a host that can relay the `available` families. Raises Malformed."""
    transport = request.first(stun.REQUESTED_TRANSPORT)
    if transport is None:  # 3
        return Refusal(code=Code.BAD_REQUEST)
    if transport != UDP:
        return Refusal(code=Code.UNSUPPORTED_TRANSPORT)
    wished = request.first(stun.REQUESTED_ADDRESS_FAMILY)
    additional = request.first(stun.ADDITIONAL_ADDRESS_FAMILY)
    even = request.first(stun.EVEN_PORT)
    token = request.first(stun.RESERVATION_TOKEN)
    if _contradicts(wished, additional, even=even, token=token):
        return Refusal(code=Code.BAD_REQUEST)
    families = _families(wished, additional, available)
    if families is None:
        return Refusal(code=Code.ADDRESS_FAMILY_NOT_SUPPORTED)
    family, second, missing = families
    return AllocateRequest(
        family=family,
        additional=second,
        missing=missing,
        even=even is not None,
        reserve=bool(even),
        token=token,
        lifetime=granted_lifetime(request.first(stun.LIFETIME)),
    )


def _contradicts(
    wished: int | None, additional: int | None, *, even: bool | None, token: bytes | None
) -> bool:
    if token is not None and (even is not None or wished is not None):  # 5, 6
        return True
    if additional is None:
        return False
    if additional != Family.IPV6 or wished is not None:  # 7, 8
        return True
    return bool(even) or token is not None  # 9


def _families(
    wished: int | None, additional: int | None, available: Container[Family]
) -> tuple[Family, Family | None, tuple[Family, Code] | None] | None:
    """The families to allocate and the half that is missing; None if none can be had."""
    code = Code.ADDRESS_FAMILY_NOT_SUPPORTED
    if additional is None:
        first = Family.IPV6 if wished == Family.IPV6 else Family.IPV4
        served = first in available and wished in (None, first)
        return (first, None, None) if served else None
    has_v4, has_v6 = Family.IPV4 in available, Family.IPV6 in available
    if has_v4:
        missing = None if has_v6 else (Family.IPV6, code)
        return Family.IPV4, Family.IPV6 if has_v6 else None, missing
    return (Family.IPV6, None, (Family.IPV4, code)) if has_v6 else None
