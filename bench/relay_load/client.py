"""A TURN client that does what a benchmark needs: allocate, permit, bind a channel."""

import secrets
from typing import Final

from chatzyo.traversal.address import PeerAddress
from chatzyo.traversal.stun import attributes as stun
from chatzyo.traversal.stun.attributes import PasswordAlgorithm
from chatzyo.traversal.stun.integrity import Signature, sign
from chatzyo.traversal.stun.message import Builder, Kind, Message, Method, parse
from chatzyo.traversal.turn.auth import Credentials, long_term_key
from relay_load.sockets import LoadSocket

CHANNEL: Final = 0x4001


class Client:
    """One allocation."""

    def __init__(self, socket: LoadSocket, credentials: Credentials) -> None:
        """Allocate at once."""
        self.socket = socket
        self._credentials = credentials
        first = parse(socket.ask(self._request(Method.ALLOCATE).serialise()))
        self._realm = first.first(stun.REALM) or ""
        self._nonce = first.first(stun.NONCE) or ""
        answer = self._ask(self._request(Method.ALLOCATE))
        relayed = answer.first(stun.XOR_RELAYED_ADDRESS)
        if relayed is None:
            raise RuntimeError("the server made no allocation")
        self.as_peer = PeerAddress(relayed)

    def bind(self, peer: PeerAddress) -> None:
        """Permit a peer and bind the channel to it."""
        request = Builder(Method.CHANNEL_BIND, Kind.REQUEST, secrets.token_bytes(12))
        request.add(stun.CHANNEL_NUMBER, CHANNEL).add(stun.XOR_PEER_ADDRESS, peer)
        answer = self._ask(request)
        if answer.kind is not Kind.SUCCESS:
            raise RuntimeError("the server bound no channel")

    def _request(self, method: Method) -> Builder:
        builder = Builder(method, Kind.REQUEST, secrets.token_bytes(12))
        return builder.add(stun.REQUESTED_TRANSPORT, 17)

    def _ask(self, request: Builder) -> Message:
        who = self._credentials
        request.add(stun.USERNAME, who.username)
        request.add(stun.REALM, self._realm).add(stun.NONCE, self._nonce)
        key = long_term_key(PasswordAlgorithm.MD5, who.username, self._realm, who.password)
        return parse(self.socket.ask(sign(request.serialise(), Signature(key=key, sha256=False))))


def channel_data(size: int) -> bytes:
    """One ChannelData message with a payload of `size` bytes."""
    return CHANNEL.to_bytes(2, "big") + size.to_bytes(2, "big") + bytes(size)
