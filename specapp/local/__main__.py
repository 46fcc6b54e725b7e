"""The one command: `python -m specapp.local` starts everything and stops it at Ctrl-C."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from specapp import env
from specapp.local import ground
from specapp.local.children import Log
from specapp.local.everything import Everything
from specapp.local.trouble import Trouble, sentence


class Stopped(BaseException):
    """Somebody pressed Ctrl-C, closed the terminal or ended us kindly."""


def main() -> int:
    """Run until stopped: 0; 1 with one sentence where something is in the way."""
    try:
        bind, port = ground.check_environment()
        ground.check_folder(env.VAR)
        env.secret_key()
        lock = ground.take_lock(env.VAR)
        run(Everything(Log(env.VAR / "log" / "specapp.log"), bind, port))
        lock.close()
    except (env.NotConfigured, Trouble) as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        print(sentence(error), file=sys.stderr)
        return 1
    return 0


def run(everything: Everything) -> None:
    """Start, watch, and whatever happens stop in order."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        everything.start()
        everything.watch()
    except Stopped:
        everything.log.say("stopping")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        everything.stop()


def stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
