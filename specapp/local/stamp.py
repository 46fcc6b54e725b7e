"""The note that this database was brought to where this code is: then pages need not wait for the check."""

from __future__ import annotations

import hashlib

from specapp import env

FILE = env.VAR / "run" / "prepared"


def wanted() -> str:
    """A hash of the migrations, of the packages that bring some, and of which database it is."""
    migrations = sorted((env.ROOT / "reviews" / "migrations").glob("*.py"))
    digest = hashlib.sha256(env.database_owner_url().encode())
    for path in (*migrations, env.ROOT / "requirements.txt"):
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def matches() -> bool:
    """True where the last preparation was for the same."""
    return FILE.exists() and FILE.read_text(errors="replace") == wanted()


def write() -> None:
    """Note it."""
    FILE.write_text(wanted())


def remove() -> None:
    """Forget it: the database is about to become another one."""
    FILE.unlink(missing_ok=True)
