"""The STUN codec (RFC 8489): bytes to typed messages and back, without state."""
