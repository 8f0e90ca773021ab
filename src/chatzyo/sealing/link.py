"""Private links: the secret in the fragment, and the room and key it leads to.

Never derive these from a short code that people speak: guessing it would be quick.
"""

import hashlib
import re
from typing import Final

from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.handshake import Room
from chatzyo.sealing.keys import HASH_BYTES, hkdf, label

SECRET_BYTES: Final = 16
ROOM_BYTES: Final = 16

_SALT: Final = hashlib.sha256(label("link")).digest()
_FRAGMENT: Final = re.compile(r"#1\.([A-Za-z0-9_-]{22})")
_OTHER_FORMAT: Final = re.compile(r"#(?!1\.)[1-9][0-9]*\..*")


def format_link(origin: str, secret: bytes) -> str:
    """The address to hand on. Browsers never send the part after `#`."""
    return f"{origin}/p#1.{base64url.encode(secret)}"


def parse_fragment(fragment: str) -> bytes | Failure:
    """The secret in a fragment, `#` included."""
    found = _FRAGMENT.fullmatch(fragment)
    secret = base64url.decode(found[1]) if found else None
    if secret is not None:
        return secret
    return Failure.VERSION if _OTHER_FORMAT.fullmatch(fragment) else Failure.LINK_MALFORMED


def link_room(secret: bytes) -> Room:
    """The room the server sees and the key it never sees."""
    return Room(
        name=hkdf(secret, salt=_SALT, info=label("room"), length=ROOM_BYTES),
        psk=hkdf(secret, salt=_SALT, info=label("psk"), length=HASH_BYTES),
    )
