"""Processes that we start: each in a session of its own, its lines in one log, its number on record."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from specapp.env import ROOT
from specapp.logs import without_secrets

NAME_WIDTH = 8
KEPT_BYTES = 5_000_000
APPENDING = os.O_WRONLY | os.O_APPEND | os.O_CREAT


class Log:
    """One readable log of everything: on the screen, and without secrets in a file while there is room for it.

    A file that has grown to KEPT_BYTES becomes the `.old.log` in place of the one before, so that both stay small.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.file: IO[str] | None = None
        self.writing = threading.Lock()
        self.open_file()

    def open_file(self) -> None:
        """Open the file to go on with, a new one when it has become too long."""
        if self.path is None:
            return
        with suppress(OSError):
            if self.file is not None:
                self.file.close()
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size > KEPT_BYTES:
                self.path.replace(self.path.with_suffix(".old.log"))
            self.file = os.fdopen(os.open(self.path, APPENDING, 0o600), "a", encoding="utf-8")

    def say(self, line: str, *, name: str = "specapp") -> None:
        """Write one line with the name of who says it."""
        shown = f"{name:<{NAME_WIDTH}} | {line}\n"
        with self.writing:
            with suppress(OSError, ValueError):
                sys.stdout.write(shown)
                sys.stdout.flush()
            with suppress(OSError, ValueError):
                if self.file is not None:
                    self.file.write(without_secrets(shown))  # the ways in stand on the screen only
                    self.file.flush()
                    if self.file.tell() > KEPT_BYTES:
                        self.open_file()


class Silence(Log):
    """For tests: nothing is written anywhere."""

    def say(self, line: str, *, name: str = "") -> None:
        """Write nothing."""


@dataclass
class Child:
    """One process and its lines. It is not touched by the Ctrl-C of our terminal: we stop it, in our order."""

    name: str
    command: list[str]
    log: Log
    env: dict[str, str] | None = None
    cwd: Path = ROOT
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    record: Path | None = None
    noise: tuple[str, ...] = ()
    spawn: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    last: deque[str] = field(default_factory=lambda: deque(maxlen=60))
    reader: threading.Thread | None = None

    def start(self) -> None:
        self.last.clear()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.cwd,
            env=self.env,
            start_new_session=True,
            **self.spawn,
        )
        if self.record is not None:
            (self.record / f"{self.name}.pid").write_text(str(self.process.pid))
        self.reader = threading.Thread(target=self.pass_on, args=(self.process.stdout,), daemon=True)
        self.reader.start()

    def pass_on(self, lines: IO[str]) -> None:
        for line in lines:
            self.last.append(line.rstrip())
            if line.strip() and not any(words in line for words in self.noise):
                self.log.say(line.rstrip(), name=self.name)

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def said(self) -> str:
        """What an ended process said last."""
        if self.reader is not None:
            self.reader.join(1)
        return "\n".join(self.last)

    def stop(self) -> None:
        """Ask it to end, wait, and end what is left of its session."""
        if self.process is None:
            return
        if self.alive():
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_seconds)
        self.kill()
        if self.record is not None:
            (self.record / f"{self.name}.pid").unlink(missing_ok=True)
        self.process = None

    def kill(self) -> None:
        """End it and what it started, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def end_leftovers(record: Path, *, marks: tuple[str, ...]) -> list[str]:
    """End what an earlier start left running, known by its recorded session and by a mark in its command line."""
    files = sorted(record.glob("*.pid"))
    found = {file.stem: members(recorded_number(file), marks) for file in files}
    finish([process for processes in found.values() for process in processes])
    for file in files:
        file.unlink(missing_ok=True)
    return [name for name, processes in found.items() if processes]


def recorded_number(file: Path) -> int:
    """The process that a file names, 0 where a full disk or a crash left something else in it."""
    with suppress(OSError, ValueError, IndexError):
        return max(0, int(file.read_text(errors="replace").split("\n", 1)[0]))
    return 0


def members(session: int, marks: tuple[str, ...]) -> list[psutil.Process]:
    """The living processes of a session that are ours."""
    found: list[psutil.Process] = []
    if session <= 0:
        return found
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == session and any(mark in " ".join(process.cmdline()) for mark in marks):
                found.append(process)
    return found


def finish(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.terminate()
    _, left = psutil.wait_procs(processes, timeout=1)
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=3)


def wait_until(happened: Any, *, seconds: float, every: float = 0.02) -> bool:
    """True as soon as it has happened, False when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(every)
    return False
