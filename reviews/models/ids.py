"""Identifiers that tell nothing: random, short, easy to read aloud."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10


def new_public_id() -> str:
    """Ten characters out of 31, without those that look alike (about 50 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
