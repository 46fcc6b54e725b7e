"""`make fuzz`: every tests/text/fuzz_*.py for a bounded time, one after the other.

Such a module is a program: it calls `atheris.Setup(sys.argv, …)` and `atheris.Fuzz()`. What was found worth keeping is
stored under var/fuzz and read again at the next run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from specapp.env import ROOT, VAR


def main(seconds: int) -> int:
    """Run them all: 1 where one found something."""
    found = [path.stem for path in sorted((ROOT / "tests" / "text").glob("fuzz_*.py")) if not passes(path, seconds)]
    print("nothing was found" if not found else f"input that breaks: {', '.join(found)}; see var/fuzz")
    return 1 if found else 0


def passes(path: Path, seconds: int) -> bool:
    kept = VAR / "fuzz" / path.stem
    kept.mkdir(parents=True, exist_ok=True)
    print(f"fuzzing {path.stem} for {seconds} s", flush=True)
    limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={kept}/broken-"]
    command = [sys.executable, "-m", f"tests.text.{path.stem}", *limits, str(kept)]
    done = subprocess.run(command, cwd=ROOT, check=False, timeout=seconds + 120, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr[-3000:], flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 20))
