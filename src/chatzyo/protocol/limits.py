"""Every limit of protocol v1, named, with its unit and its reason."""

from typing import Final

PROTOCOL_VERSION: Final = 1

MAX_FRAME_BYTES: Final = 16 * 1024
"""A sealed card with 16 candidates fits into 15,040 characters; nothing else needs more."""

MAX_FRAGMENTS: Final = 16
"""Browsers do not fragment messages this small; a proxy may, a little."""

MAX_BLOB_CHARS: Final = 15_040
"""11,264 sealed bytes and their tag in base64url; with the envelope it stays under one frame."""

MAX_SIGNALS_PER_DIRECTION: Final = 64
"""A card, its late candidates and some restarts; later the DataChannel carries the rest."""

MAX_LANGUAGES: Final = 5
MAX_INTERESTS: Final = 5
MAX_INTEREST_CHARS: Final = 24
"""A tag, not a message: the server reads wishes, so a wish must not become a text channel."""

MAX_HUB_CHARS: Final = 32

HELLO_DEADLINE_SECONDS: Final = 5.0
"""Two round trips on a bad mobile link; a socket that says nothing only occupies a place."""

PING_AFTER_SECONDS: Final = 20.0
"""Shorter than the idle timeout of common proxies and mobile NATs (30 s)."""

SILENCE_LIMIT_SECONDS: Final = 40.0
"""One unanswered ping."""

MESSAGES_PER_SECOND: Final = 20.0
MESSAGE_BURST: Final = 40
"""A visitor who matches and exchanges candidates sends about 15 messages at once."""

BYTES_PER_SECOND: Final = 64 * 1024
"""Four full frames a second, with a burst of the same size."""

MAX_UNSENT_BYTES: Final = 256 * 1024
"""A consumer that is this far behind will not catch up; its memory belongs to the others."""

SEATS: Final = 2
"""A private call is between two people."""

SEAT_KEPT_SECONDS: Final = 60.0
"""A reload, a tunnel or a change of network takes less; then the seat belongs to nobody."""

RECENT_PARTNERS: Final = 20
"""How many partners are not met again while others wait."""
