"""One PostgreSQL for a run of the tests: started when first asked for, cloned per worker, gone at the end.

The migrated template is kept between runs under var/test, by the hash of what it was made from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from specapp import env
from specapp.local import valkey
from specapp.local.postgres import Postgres, end, serves
from tests.settings import RUN, SOCKETS, TEST_FOLDER

KEPT = env.VAR / "test"
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "120"}
TEMPLATE = "specapp"


def cluster() -> Postgres:
    return Postgres(TEST_FOLDER / "postgres", SOCKETS, dict(UNSAFE_BUT_FAST))


def address(name: str, *, role: str = env.OWNER_ROLE) -> str:
    """The address of one of the run's databases, for one of the roles (`postgres` may do everything)."""
    return env.embedded_database_url(role, sockets=SOCKETS, name=name)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process at a time, among the workers of this run or among several runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure() -> None:
    """The run's PostgreSQL takes connections and has the migrated template; whoever asks first starts it."""
    with alone(TEST_FOLDER):
        if (TEST_FOLDER / "started").exists():
            return
        with alone(KEPT):
            sweep()
            kept = template()
        shutil.copytree(kept, TEST_FOLDER / "postgres", dirs_exist_ok=True)
        server = cluster()
        server.prepare()
        server.start()
        (TEST_FOLDER / "started").touch()


def ensure_broker() -> None:
    """The run's Valkey takes connections; whoever asks first starts it."""
    with alone(TEST_FOLDER):
        if valkey.ready(SOCKETS):
            return
        SOCKETS.mkdir(mode=0o700, exist_ok=True)
        process = subprocess.Popen(valkey.command(SOCKETS), stdout=subprocess.DEVNULL, start_new_session=True)
        (TEST_FOLDER / "valkey.pid").write_text(str(process.pid))
        while not valkey.ready(SOCKETS):
            if process.poll() is not None:
                raise RuntimeError("Valkey ended at once")
            time.sleep(0.01)


def template() -> Path:
    """The data folder with the migrated database, made when models, migrations or grants have changed."""
    kept = KEPT / f"template-{fingerprint()}"
    if kept.exists():
        return kept
    for older in KEPT.glob("template-*"):
        shutil.rmtree(older)
    server = cluster()
    server.prepare()
    server.start()
    migrate()
    server.stop()
    made = server.data.rename(kept.with_name(f"new-{RUN}"))
    return made.rename(kept)


def migrate() -> None:
    commands = [["migrate", "--skip-checks", "-v0"]]
    if (env.ROOT / "reviews/management/commands/grant_rights.py").exists():
        commands.append(["grant_rights"])
    for command in commands:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "specapp.settings"}
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=env.ROOT, env=environment, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(f"manage.py {command[0]} failed:\n{done.stdout}{done.stderr}")


def fingerprint() -> str:
    """A hash of everything that the migrated database depends on."""
    made_from = [
        *sorted((env.ROOT / "reviews" / "migrations").glob("*.py")),
        *sorted((env.ROOT / "reviews" / "management" / "commands").glob("grant_rights.py")),
        env.ROOT / "requirements.txt",
        env.ROOT / "specapp" / "local" / "postgres.py",
    ]
    digest = hashlib.sha256()
    for path in made_from:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]


def clone(name: str) -> None:
    """A fresh copy of the migrated database under this name."""
    with psycopg.connect(address("postgres", role="postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE} STRATEGY FILE_COPY OWNER {env.OWNER_ROLE}')


def stop(folder: Path = TEST_FOLDER) -> None:
    """Stop whatever runs on a run's folder and remove the folder."""
    for lock in folder.glob("*/postmaster.pid"):
        pid = int(lock.read_text().split("\n", 1)[0])
        if serves(pid, lock.parent):
            end(pid)
    for record in folder.glob("*.pid"):
        with suppress(psutil.NoSuchProcess):
            psutil.Process(int(record.read_text())).terminate()
    shutil.rmtree(folder, ignore_errors=True)
    run = folder.name.removeprefix("run-")
    shutil.rmtree(env.sockets_folder(f"test {run}"), ignore_errors=True)


def sweep() -> None:
    """Remove what runs left behind that were killed."""
    for folder in KEPT.glob("run-*"):
        run = folder.name.removeprefix("run-")
        if run != RUN and not psutil.pid_exists(int(run)):
            stop(folder)
