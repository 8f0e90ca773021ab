"""STUN and TURN as pure cores: bytes and times in, answers and commands out."""
