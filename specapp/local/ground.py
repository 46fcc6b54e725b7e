"""What is looked at before anything is started: the folder, the disk, the port, an earlier start."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psutil

from specapp import env
from specapp.local.trouble import Trouble

NEEDED_BYTES = 200_000_000
MOST_PORT = 65535
PREPARED = "prepared"
# The folders under var/ that only the owner may enter. PostgreSQL keeps its own closed.
PRIVATE = ("run", "log", "mail", "files", "backup")
FULL = (errno.ENOSPC, errno.EDQUOT)


def check_folder(var: Path) -> None:
    """The folder for everything that is kept can be written, there is room on its disk, and only its owner can read it."""
    os.umask(0o077)  # what we and our children make from now on is nobody else's to read
    try:
        make_private(var)
        probe = var / "run" / "probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        if error.errno in FULL:
            raise Trouble(f"The disk of {var} is full: make some room and start again.") from error
        raise Trouble(
            f"{var} cannot be written ({error.strerror}): change its owner, or name another folder in VAR_DIR."
        ) from error
    if shutil.disk_usage(var).free < NEEDED_BYTES:
        raise Trouble(
            f"The disk of {var} is nearly full: at least {NEEDED_BYTES // 1_000_000} MB are needed. Make some room."
        )


def make_private(var: Path) -> None:
    """Make the folders, and close those that exist from before, with their files, to everybody else."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    # As root PostgreSQL may run as another user, who then has to pass through, but may not list or read.
    postgres = var / "postgres"
    var.chmod(0o711 if postgres.exists() and postgres.stat().st_uid != os.geteuid() else 0o700)
    for name in PRIVATE:
        folder = var / name
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o700 if path.is_dir() else 0o600)
    with suppress(FileNotFoundError):
        (var / "secret_key").chmod(0o600)


def take_lock(var: Path) -> IO[str]:
    """Hold the folder until we end, however we end; two starts on one folder would fight for the same data."""
    (var / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (var / "run" / "lock").open("a+", errors="replace")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        who = f"process {holder}" if holder.isdecimal() else "its process is not known"
        raise Trouble(f"It is running already ({who}): stop that one first.") from error
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
        other = port + 1 if port < MOST_PORT else port - 1
        return f"Port {port} is taken by {listener(port)}: stop it, or choose another with PORT={other} make run."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user: choose one above 1023 with PORT=8000 make run."
    return f"{bind}:{port} cannot be listened on ({error.strerror}): check BIND and PORT."


def listener(port: int) -> str:
    """Who listens on the port, as far as this user may know."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    return "another program"


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


# What is read only later, by processes that would end with a traceback.
NUMBERS = ("WEB_WORKERS", "WEB_THREADS", "JOB_WORKERS", "DATABASE_POOL_SIZE", "HSTS_SECONDS", "BACKUPS_KEPT")
FLAGS = ("DEBUG", "BEHIND_PROXY", "SSL_REDIRECT", "DATABASE_POOL", "HSTS_SUBDOMAINS", "HSTS_PRELOAD")


def check_environment() -> tuple[str, int]:
    """Every name that is read at the start makes sense: where to listen. Raises env.NotConfigured."""
    env.check_production()
    env.database(env.database_url())
    env.database(env.database_owner_url())
    env.broker_url()
    env.demo()
    bind, port = env.text("BIND", default="127.0.0.1"), env.number("PORT", default=8000)
    if env.text("EMAIL_URL", default=""):
        env.mail(env.text("EMAIL_URL"))
    for name in NUMBERS:
        env.number(name, default=1)
    for name in FLAGS:
        env.flag(name, default=False)
    if not 0 < port <= MOST_PORT:
        raise env.NotConfigured(f"PORT must be a number from 1 to {MOST_PORT}, not {port}.")
    host = urlsplit(env.site_url()).hostname or ""
    allowed = env.words("ALLOWED_HOSTS", default="*")
    if not any(name in ("*", host) or (name[:1] == "." and f".{host}".endswith(name.lower())) for name in allowed):
        raise env.NotConfigured(f"ALLOWED_HOSTS does not name {host}, the host of SITE_URL: set ALLOWED_HOSTS={host}.")
    return bind, port
