"""The Binding request without attributes, answered without parsing.

It is what keeps a NAT's mapping alive and what most requests are, so it has a path of its own; the
bytes are those that the general path gives.
"""

from typing import Final

from chatzyo.traversal.address import IPV4_BYTES, PORT_BYTES, Flow
from chatzyo.traversal.stun.attributes import MAGIC_COOKIE
from chatzyo.traversal.stun.message import HEADER_BYTES

_REQUEST: Final = b"\x00\x01\x00\x00" + MAGIC_COOKIE
_ANSWER: Final = b"\x01\x01\x00\x0c" + MAGIC_COOKIE
_XOR_MAPPED_IPV4: Final = b"\x00\x20\x00\x08\x00\x01"
_MASK: Final = int.from_bytes(MAGIC_COOKIE[:PORT_BYTES] + MAGIC_COOKIE, "big")
_FLOW_BYTES: Final = 1 + PORT_BYTES + IPV4_BYTES


def answer_bare(flow: Flow, data: bytes) -> bytes | None:
    """The answer to a bare request of an IPv4 client; None for everything else."""
    if len(data) != HEADER_BYTES or len(flow) != _FLOW_BYTES or data[:8] != _REQUEST:
        return None
    if flow[1:3] == b"\0\0":
        return None  # nobody sends from port 0: somebody wrote it there
    masked = int.from_bytes(flow[1:], "big") ^ _MASK
    return _ANSWER + data[8:] + _XOR_MAPPED_IPV4 + masked.to_bytes(PORT_BYTES + IPV4_BYTES, "big")
