"""What benchmarks need: a durable PostgreSQL and broker of their own, real server processes, the speed of the machine."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import django
import psutil

from specapp import env
from specapp.local import valkey
from specapp.local.postgres import Postgres

FOLDER = env.VAR / "bench"


@cache
def ready() -> None:
    """Start PostgreSQL with its durable settings and a broker, migrate, and set Django up on them; once a run."""
    sockets = Path(tempfile.mkdtemp(prefix="bench"))
    shutil.rmtree(FOLDER / "postgres", ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    server = Postgres(FOLDER / "postgres", sockets, {"max_connections": "60"})
    server.prepare()
    server.start()
    broker = subprocess.Popen(valkey.command(sockets), stdout=subprocess.DEVNULL, start_new_session=True)
    atexit.register(_end, server, broker, sockets)
    os.environ.update(
        DATABASE_URL=env.embedded_database_url(env.APPLICATION_ROLE, sockets=sockets),
        DATABASE_OWNER_URL=env.embedded_database_url(env.OWNER_ROLE, sockets=sockets),
        BROKER_URL=env.embedded_broker_url(sockets=sockets),
        SECRET_KEY="only for benchmarks",
        DJANGO_SETTINGS_MODULE="specapp.settings",
        DATABASE_ROLE="application",
    )
    for command in ("migrate", "grant_rights"):
        owner = {**os.environ, "DATABASE_ROLE": "owner"}
        subprocess.run([sys.executable, "manage.py", command], cwd=env.ROOT, env=owner, check=True, capture_output=True)
    django.setup()


def _end(server: Postgres, broker: subprocess.Popen[bytes], sockets: Path) -> None:
    broker.kill()
    server.stop()
    shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def web(*, port: int = 8765, workers: int = 2) -> Iterator[str]:
    """The site served as `make run` serves it, on this database; gives its address."""
    words = [sys.executable, "-m", "granian", "--interface", "rsgi", "--runtime-mode", "st"]
    words += ["--http", "1", "--workers", str(workers), "--workers-kill-timeout", "10", "--host", "127.0.0.1"]
    words += ["--port", str(port), "--no-access-log", "specapp.rsgi:application"]
    process = subprocess.Popen(words, cwd=env.ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the web server did not start")


def web_memory_mb(port: int = 8765) -> float:
    """The largest resident memory of a process that serves this port, in MiB; ask for pages of every kind before."""
    sizes = [
        process.memory_info().rss
        for process in psutil.process_iter(["cmdline"])
        if str(port) in (process.info["cmdline"] or []) and "granian" in " ".join(process.info["cmdline"] or [])
    ]
    return max(sizes) / 2**20


def cpu_ms(work: Callable[[], object], *, times: int = 15) -> float:
    """The median CPU time of this process for one call, in milliseconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def calibration_ms() -> float:
    """A fixed loop of plain Python: how fast the machine is at this moment, to compare figures of different runs."""
    return cpu_ms(lambda: sum(number * number % 7 for number in range(200_000)), times=5)


def copies(source: str, count: int) -> str:
    """One document holding `count` copies, with anchors, links and titles suffixed and a tenth of the words varied."""
    return "".join(_copy(source if source.endswith("\n") else source + "\n", number) for number in range(count))


def _copy(source: str, number: int) -> str:
    if number == 0:
        return source
    text = re.sub(r"\{#(\w+)", rf"{{#\1_{number}", source)
    text = re.sub(r"\(#(\w+)\)", rf"(#\1_{number})", text)
    text = re.sub(r"^(#+ [^{\n]*?)( \{#|$)", rf"\1 {number}\2", text, flags=re.MULTILINE)
    words = iter(range(10**9))
    return re.sub(
        r"\b[a-z]{5,}\b", lambda found: found[0] + "ly" if next(words) % 10 == number % 10 else found[0], text
    )
