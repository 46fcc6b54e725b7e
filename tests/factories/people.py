"""People for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from reviews.models import User

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(name: str = "Ana Ruiz", *, email: str = "", password: str | None = None, **columns: object) -> User:
    """A person with an account and an address of their own; without a password nobody can sign in as them by form."""
    word = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum()) or "person"
    return User.objects.create_user(email or f"{word}{next(_numbers)}@example.org", name, password, **columns)
