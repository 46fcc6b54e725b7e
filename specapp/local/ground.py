"""What is looked at before anything is started: the folder, the disk, the port, an earlier start."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from pathlib import Path
from typing import IO

from specapp import env
from specapp.local.trouble import Trouble

NEEDED_BYTES = 200_000_000
PREPARED = "prepared"


def check_folder(var: Path) -> None:
    """The folder for everything that is kept can be written, and there is room on its disk."""
    try:
        for name in ("run", "log", "mail", "files"):
            (var / name).mkdir(parents=True, exist_ok=True)
        probe = var / "run" / "probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Trouble(f"The disk of {var} is full: make some room and start again.") from error
        raise Trouble(
            f"{var} cannot be written ({error.strerror}): change its owner, or name another folder in VAR_DIR."
        ) from error
    if shutil.disk_usage(var).free < NEEDED_BYTES:
        raise Trouble(
            f"The disk of {var} is nearly full: at least {NEEDED_BYTES // 1_000_000} MB are needed. Make some room."
        )


def check_static(var: Path) -> None:
    """In production the static files were collected, compressed and named by their content."""
    if env.production() and not (var / "static" / "staticfiles.json").exists():
        raise Trouble("The static files are not collected yet: run .venv/bin/python manage.py collectstatic --noinput.")


def take_lock(var: Path) -> IO[str]:
    """Hold the folder until we end, however we end; two starts on one folder would fight for the same data."""
    lock = (var / "run" / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise Trouble(f"It is running already (process {lock.read().strip()}): stop that one first.") from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def check_port(bind: str, port: int) -> None:
    """The address can be listened on."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise Trouble(port_sentence(error, bind=bind, port=port)) from error


def port_sentence(error: OSError, *, bind: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program: stop it, or choose another with PORT={port + 1} make run."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user: choose one above 1023 with PORT=8000 make run."
    return f"{bind}:{port} cannot be listened on ({error.strerror}): check BIND and PORT."


def clear_sockets(folder: Path) -> None:
    """An empty short folder for the sockets that only we can enter: /tmp belongs to everybody."""
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise Trouble(f"{folder} is in the way ({error.strerror}): remove it and start again.") from error


def check_environment() -> tuple[str, int]:
    """Every name that is read at the start makes sense: where to listen. Raises env.NotConfigured."""
    env.database(env.database_url())
    env.database(env.database_owner_url())
    env.broker_url()
    env.flag("DEMO", default=True)
    bind, port = env.text("BIND", default="127.0.0.1"), env.number("PORT", default=8000)
    if not 0 < port < 65536:
        raise env.NotConfigured(f"PORT must be a number from 1 to 65535, not {port}.")
    return bind, port
