"""base64url without padding (RFC 4648 section 5), one spelling per value."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """The one spelling of these bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes | None:
    """The bytes; None unless the text is exactly what encoding writes."""
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        return None
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if encode(data) == text else None
