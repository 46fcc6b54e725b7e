"""Secrets that are shown once: only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What is stored of a secret; plain SHA-256, since the secret is long and random."""
    return hashlib.sha256(secret.encode()).digest()
