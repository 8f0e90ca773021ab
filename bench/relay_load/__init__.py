"""Load for STUN and TURN servers, the same for all of them."""
