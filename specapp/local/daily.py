"""When a backup of the embedded PostgreSQL is due, and which ones are kept."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from specapp import env

COMMAND = [sys.executable, "-m", "specapp.local.backup", "daily"]
DAY_SECONDS = 24 * 3600
AGAIN_AFTER_SECONDS = 3600
UNFINISHED_SECONDS = 6 * 3600
PREFIX = "daily-"


def folder() -> Path:
    """Return where all backups are."""
    return env.VAR / "backup"


def kept() -> int:
    """BACKUPS_KEPT: how many daily backups are kept; 0 makes none."""
    return env.number("BACKUPS_KEPT", default=14)


def wanted() -> bool:
    """Return True in production with the embedded PostgreSQL: whoever runs another one backs it up themselves."""
    return env.production() and env.embedded_database() and kept() > 0


def existing() -> list[Path]:
    """Return the daily backups, the newest first; their names tell when they were made."""
    return sorted(folder().glob(f"{PREFIX}*.dump"), reverse=True)


def due(*, now: float) -> bool:
    """Return True when the newest one is a day old, or there is none."""
    newest = existing()[:1]
    return not newest or now - newest[0].stat().st_mtime >= DAY_SECONDS


def remove_old() -> None:
    """Remove all but the newest, and what a broken-off backup left; those that `make backup` wrote stay."""
    for path in existing()[max(1, kept()) :]:
        path.unlink(missing_ok=True)
    for path in folder().glob("*.unfinished"):
        if time.time() - path.stat().st_mtime > UNFINISHED_SECONDS:
            path.unlink(missing_ok=True)
