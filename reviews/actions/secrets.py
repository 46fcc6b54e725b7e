"""Secrets that are shown once: only their hash is kept."""

from __future__ import annotations

import base64
import hashlib
import secrets

from django.utils.crypto import salted_hmac


def new_secret() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What is stored of a secret; plain SHA-256, since the secret is long and random."""
    return hashlib.sha256(secret.encode()).digest()


def derived_secret(purpose: str, public_id: str) -> str:
    """Return 256 bits, safe in an address, that the same key of the installation always makes for the same thing.

    What sends the secret later makes it again, so that it waits nowhere; a second attempt sends the same.
    """
    digest = salted_hmac(f"reviews.secrets.{purpose}", public_id, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
