"""`make fuzz`: each part of the text engine for a bounded time, one after the other, and known edits with fresh seeds.

What was found worth keeping is stored under var/fuzz and read again at the next run.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from specapp.env import ROOT, VAR
from tests.text import known_places
from tests.text.inputs import TARGETS


def main(seconds: int) -> int:
    """Run them all: 1 where one found something."""
    found = [target for target in TARGETS if not passes(target, seconds)]
    if not places_known_edits(VAR / "fuzz" / "known-edits", seconds):
        found.append("known edits")
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


GOALS = {"edits": (98.5, 0.2, 2.0), "rewrites": (92.0, 0.5, 2.0)}
"""The least share of quotes placed right, and the greatest shares placed wrong or placed though gone, in percent."""
JUDGES = {"edits": known_places.judge_edits, "rewrites": known_places.judge_rewrites}


def places_known_edits(kept: Path, seconds: float) -> bool:
    """Place quotes over random edits, with the seeds kept from earlier runs and then with fresh ones, which are printed.

    A seed of which a quote was not placed right is kept, with those quotes. The goals are for all fresh seeds together.
    """
    kept.mkdir(parents=True, exist_ok=True)
    met = True
    for name, (right, wrong, ghosts) in GOALS.items():
        for path in sorted(kept.glob(f"{name}-*.json")):
            keep_case(kept, name, int(path.stem.rpartition("-")[2]))
        counts: Counter[str] = Counter()
        for seed in fresh_seeds(seconds / len(GOALS)):
            counts += keep_case(kept, name, seed)
        shares = known_places.shares(counts)
        print(f"known {name}: {dict(counts)}, right {shares[0]:.2f} %, wrong {shares[1]:.2f} %", flush=True)
        met = met and shares[0] >= right and shares[1] <= wrong and shares[2] <= ghosts
    return met


def fresh_seeds(seconds: float) -> Iterator[int]:
    """Yield seeds that nobody has chosen until the time is over, at least one, and print each."""
    end = time.monotonic() + seconds
    while True:
        seed = random.SystemRandom().randrange(10**9)
        print(f"seed {seed}", flush=True)
        yield seed
        if time.monotonic() >= end:
            return


def keep_case(kept: Path, name: str, seed: int) -> Counter[str]:
    """Place the quotes of one seed, and keep those that were not placed right; a case that passes now is dropped."""
    results = JUDGES[name](seed)
    missed = [
        {"verdict": verdict, "kind": kind, "clause": quote.clause, "start": quote.start, "quote": quote.exact}
        | {"found": place.evidence.found, "found_in": place.clause}
        for kind, verdict, quote, place in results
        if verdict in ("lost", "wrong", "ghost")
    ]
    case = kept / f"{name}-{seed}.json"
    if missed:
        case.write_text(json.dumps(missed, indent=1, ensure_ascii=False), encoding="utf-8")
    else:
        case.unlink(missing_ok=True)
    return known_places.count(results)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 20))
