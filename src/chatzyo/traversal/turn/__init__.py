"""The TURN server (RFC 8656) as a state machine without sockets, clock or chance."""
