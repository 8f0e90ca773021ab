"""Close codes: why the server ends a WebSocket. Each is a sentence a client author can act on."""

from enum import IntEnum
from typing import Self


class CloseCode(IntEnum):
    """RFC 6455 section 7.4 codes and our own from the private range 4000-4999."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Attach the documented meaning to the number."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    PROTOCOL_ERROR = 1002, "A frame broke RFC 6455: unmasked, compressed or badly fragmented."
    BINARY = 1003, "A binary frame arrived; messages are text frames."
    TOO_BIG = 1009, "A message was over 16,384 bytes or came in more than 16 fragments."
    SERVICE_RESTART = 1012, "The server restarts; connect again after the delay of `restart`."
    MALFORMED = (
        4001,
        "The text was not one strict JSON object: syntax, UTF-8, depth, duplicate key.",
    )
    HELLO_EXPECTED = 4002, "The first message was not a valid `hello`."
    HELLO_TIMEOUT = 4003, "No `hello` arrived within 5 seconds."
    VERSION = 4004, "The server does not speak the version in `hello`: load a newer client."
    TOO_FAST = 4005, "Over 20 messages a second (burst 40) or 64 KiB a second."
    TOO_SLOW = 4006, "Over 256 KiB waited to be read by this client."
    REPLACED = 4008, "The same seat of a private room was taken again from another connection."
    SILENT = 4007, "Nothing, not even a pong, arrived for 40 seconds."
