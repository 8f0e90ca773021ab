"""Error codes and the two ways a message can be wrong.

RFC 8489 section 14.8, RFC 8656 section 19. Reason phrases are optional and are not sent: they
would make answers to strangers longer.
"""

from enum import IntEnum


class Malformed(Exception):  # noqa: N818 - said of bytes, not of this program
    """These bytes are no STUN message, or no value of the attribute they claim to be."""


class Code(IntEnum):
    """Every error code this server sends."""

    BAD_REQUEST = 400
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    UNKNOWN_ATTRIBUTE = 420
    ALLOCATION_MISMATCH = 437
    STALE_NONCE = 438
    ADDRESS_FAMILY_NOT_SUPPORTED = 440
    WRONG_CREDENTIALS = 441
    UNSUPPORTED_TRANSPORT = 442
    PEER_ADDRESS_FAMILY_MISMATCH = 443
    ALLOCATION_QUOTA_REACHED = 486
    INSUFFICIENT_CAPACITY = 508
