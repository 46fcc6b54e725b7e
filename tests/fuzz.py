"""`make fuzz`: each part of the text engine for a bounded time, one after the other.

What was found worth keeping is stored under var/fuzz and read again at the next run.
"""

from __future__ import annotations

import subprocess
import sys

from specapp.env import ROOT, VAR
from tests.text.inputs import TARGETS


def main(seconds: int) -> int:
    """Run them all: 1 where one found something."""
    found = [target for target in TARGETS if not passes(target, seconds)]
    print("nothing was found" if not found else f"input that breaks: {', '.join(found)}; see var/fuzz")
    return 1 if found else 0


def passes(target: str, seconds: int) -> bool:
    kept = VAR / "fuzz" / target
    kept.mkdir(parents=True, exist_ok=True)
    print(f"fuzzing {target} for {seconds} s", flush=True)
    limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={kept}/broken-"]
    command = [sys.executable, "-m", "tests.text.fuzz", target, *limits, str(kept)]
    done = subprocess.run(command, cwd=ROOT, check=False, timeout=seconds + 120, capture_output=True, text=True)
    runs = [line for line in done.stderr.splitlines() if line.startswith("Done ")]
    print("\n".join(runs) if done.returncode == 0 else done.stderr[-3000:], flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 20))
