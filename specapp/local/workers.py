"""Beat and the workers of one machine, one for each lane: forked from a process that has everything loaded, to share memory."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import django
from celery.bin.celery import celery as celery_command

from specapp import env
from specapp.celery import app

# How many workers each lane has; JOB_WORKERS is for the lane whose jobs compute.
LANES = {"urgent": 1, "pages": env.number("JOB_WORKERS", default=1), "bulk": 1}
WORKER = "--quiet -A specapp worker --pool solo --loglevel warning --without-gossip --without-mingle"
BEAT = "--quiet -A specapp beat --loglevel warning --pidfile="
AGAIN_AFTER_SECONDS = 1.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Workers:
    """The processes by their number, started again when they end, and told to end when this one is."""

    def __init__(self) -> None:
        self.commands: dict[int, list[str]] = {}
        self.stopping = False

    def run(self) -> None:
        """Start all, and return when all have ended after a signal."""
        for number in STOP_SIGNALS:
            signal.signal(number, self.stop)
        for command in commands():
            self.start(command)
        while self.commands:
            pid, _ = os.wait()
            command = self.commands.pop(pid, [])
            if command and not self.stopping:
                print(f"a process of the workers ended, starting it again: {' '.join(command[3:])}", flush=True)
                time.sleep(AGAIN_AFTER_SECONDS)
                self.start(command)

    def start(self, command: list[str]) -> None:
        """Fork a process; a stop that arrives meanwhile waits until the child is on record."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            if not self.stopping:
                pid = os.fork()
                if pid == 0:
                    become(command)
                self.commands[pid] = command
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Let every process end its job and then itself."""
        self.stopping = True
        for pid in list(self.commands):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


def commands() -> list[list[str]]:
    """Return the words after `celery` for each process."""
    lanes = [lane for lane, count in LANES.items() for _ in range(count)]
    names = [["--queues", lane, "--hostname", f"{lane}{number}@%h"] for number, lane in enumerate(lanes)]
    return [BEAT.split(), *([*WORKER.split(), *words] for words in names)]


def become(command: list[str]) -> NoReturn:
    """Run a program of Celery in this process, and end with it."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    code = 1
    try:
        celery_command.main(command, standalone_mode=False)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Load the program once, then fork."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
    django.setup()
    app.loader.import_default_modules()
    gc.freeze()  # else the first collection in a child would write to every page of memory that it shares
    Workers().run()


if __name__ == "__main__":
    main()
