"""The launcher's own surroundings: a var folder, sockets and a port that nobody else uses."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from specapp import env

OURS = (
    *("DATABASE_", "BROKER_", "TEST_RUN", "PYTEST_", "SECRET_KEY", "PRODUCTION", "DJANGO_", "DEMO", "PORT", "BIND"),
    *(
        "SITE_URL",
        "ALLOWED_HOSTS",
        "EMAIL_URL",
        "MAIL_FROM",
        "BEHIND_PROXY",
        "HSTS_",
        "BACKUPS_KEPT",
        "OPERATOR_EMAIL",
        "FIRST_OWNER",
    ),
)


@dataclass
class Place:
    """One folder to run in, and what was started there."""

    var: Path
    port: int
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def surroundings(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        ours = {"VAR_DIR": str(self.var), "PORT": str(self.port), "DEMO": "0", "PYTHONUNBUFFERED": "1"}
        return {**kept, **ours, **self.more}

    def python(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a module or a script of the project here, to its end."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=env.ROOT,
            env={**self.surroundings, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self) -> tuple[subprocess.Popen[str], float]:
        """The launcher, once it says that it is ready, and how many seconds that took."""
        began = time.monotonic()
        log = self.var.parent / f"launcher-{len(self.running)}.log"
        with log.open("w") as output:
            launcher = subprocess.Popen(
                [sys.executable, "-m", "specapp.local"],
                cwd=env.ROOT,
                env=self.surroundings,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.running.append(launcher)
        while "ready in" not in log.read_text():
            if launcher.poll() is not None or time.monotonic() - began > 60:
                raise AssertionError(f"the launcher did not get ready:\n{log.read_text()}")
            time.sleep(0.05)
        return launcher, time.monotonic() - began

    def log(self) -> str:
        """What the launcher that was started last has said."""
        return (self.var.parent / f"launcher-{len(self.running) - 1}.log").read_text()

    @property
    def sockets(self) -> Path:
        return Path(self.database_url().split("host=")[1])

    def database_url(self, role: str = env.OWNER_ROLE) -> str:
        done = self.python("-c", f"from specapp import env; print(env.embedded_database_url({role!r}))")
        return done.stdout.strip()

    def processes(self) -> list[psutil.Process]:
        """Everything alive that was started from this place."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("VAR_DIR") == str(self.var) or str(self.var) in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def end(self) -> None:
        for launcher in self.running:
            if launcher.poll() is None:
                launcher.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    launcher.wait(40)
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        shutil.rmtree(self.sockets, ignore_errors=True)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def place(tmp_path: Path, free_port: int) -> Iterator[Place]:
    here = Place(tmp_path / "var", free_port)
    yield here
    here.end()


@pytest.fixture
def fresh_place(tmp_path: Path, free_port: int) -> Iterator[Place]:
    """Another folder, in which nothing was ever run."""
    here = Place(tmp_path / "fresh" / "var", free_port)
    yield here
    here.end()


@pytest.fixture
def occupied(free_port: int) -> Iterator[Callable[[], int]]:
    """Listens on the place's port as another program would."""
    with socket.socket() as listener:

        def listen() -> int:
            listener.bind(("127.0.0.1", free_port))
            listener.listen()
            return free_port

        yield listen
