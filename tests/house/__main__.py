"""`make check`: everything that can be said of the code without running it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from specapp.env import ROOT

PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz, only for this check",
    "ALLOWED_HOSTS": "specs.example.org",
    "SITE_URL": "https://specs.example.org",
    "DATABASE_URL": "postgresql://specapp:secret@db.example.org/specapp",
    "BROKER_URL": "redis://cache.example.org/0",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "MAIL_FROM": "specs@example.org",
}
PYTHON = sys.executable
BIN = os.path.dirname(PYTHON)
CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "format": ([PYTHON, "-m", "ruff", "format", "--check", "--quiet"], {}),
    "lint": ([PYTHON, "-m", "ruff", "check", "--quiet"], {}),
    "types": ([PYTHON, "-m", "mypy"], {}),
    "imports": ([f"{BIN}/lint-imports", "--no-cache"], {}),
    "migrations": (
        [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py", "makemigrations", "--check", "--dry-run"],
        {"DATABASE_POOL": "0"},
    ),
    "template style": ([PYTHON, "-m", "djlint", "--quiet", "--lint", "--profile", "django", "templates"], {}),
    "templates": ([PYTHON, "-m", "tests.house.templates"], {}),
    "deployment": ([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
}


def main() -> int:
    """Run every check and show what those say that fail."""
    failed = [name for name, (command, surroundings) in CHECKS.items() if not passes(name, command, surroundings)]
    print(f"{len(CHECKS) - len(failed)} checks passed, {len(failed)} failed" + "".join(f": {name}" for name in failed))
    return 1 if failed else 0


def passes(name: str, command: list[str], surroundings: dict[str, str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False
    )
    fine = done.returncode == 0
    print(f"{'ok  ' if fine else 'FAIL'} {name:<15} {time.monotonic() - began:5.1f} s", flush=True)
    if not fine:
        print(done.stdout + done.stderr, flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(main())
