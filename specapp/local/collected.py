"""The static files of production: collected, compressed and named by their content before pages are served."""

from __future__ import annotations

import hashlib
import sys

from specapp import env

COMMAND = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
STAMP = env.VAR / "run" / "collected"
MANIFEST = env.VAR / "static" / "staticfiles.json"


def wanted() -> str:
    """Return a hash of our own files, and of the packages that bring some."""
    digest = hashlib.sha256()
    sources = sorted(path for path in (env.ROOT / "static").rglob("*") if path.is_file())
    for path in (*sources, env.ROOT / "specapp" / "static.py", env.ROOT / "requirements.txt"):
        digest.update(str(path.relative_to(env.ROOT)).encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def needed() -> bool:
    """Return True in production where the files were not collected since they changed."""
    if not env.production():
        return False
    return not (MANIFEST.exists() and STAMP.exists() and STAMP.read_text(errors="replace") == wanted())


def write() -> None:
    """Note that the files of now are collected."""
    STAMP.write_text(wanted())
