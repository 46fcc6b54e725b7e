"""`make bench`: runs the benchmarks, prints one table, keeps the figures as JSON under var/bench.

Each module tests/bench/bench_*.py has `run() -> list[dict]`: one row a figure, with `name`, its `value` (or `median_ms`),
and where there is a limit `at_most` (or `target_ms`) or `at_least`. What else a row says is kept in the JSON.
`make bench ARGS="text"` runs only the modules whose name contains that word.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from specapp.env import ROOT, VAR
from tests.bench.fixtures import calibration_ms

Row = dict[str, Any]


def main(wanted: list[str]) -> int:
    """Run what is wanted (everything by default): 1 where a figure misses its limit."""
    rows = [_machine("before")]
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not wanted or any(word in path.stem for word in wanted):
            rows += measure(path.stem)
    rows.append(_machine("after"))
    print(table(rows))
    print(f"kept in {keep(rows)}")
    return 0 if all(map(fine, rows)) else 1


def _machine(when: str) -> Row:
    """How fast the machine is: other work on it slows this loop as it slows what is measured."""
    return {"name": f"machine: a fixed loop, {when} the benchmarks", "value": calibration_ms(), "unit": "ms"}


def measure(name: str) -> list[Row]:
    """The rows of one module, each with a limit of one spelling."""
    print(f"measuring {name}", file=sys.stderr, flush=True)
    began = time.monotonic()
    rows = importlib.import_module(f"tests.bench.{name}").run()
    seconds = round(time.monotonic() - began, 1)
    return [{"module": name, "module_seconds": seconds, **spelled(row)} for row in rows]


def spelled(row: Row) -> Row:
    """The row with `value` and `at_most` where it said milliseconds."""
    if "median_ms" not in row:
        return row
    rest = {key: kept for key, kept in row.items() if key not in {"median_ms", "target_ms"}}
    limit = {"at_most": row["target_ms"]} if row.get("target_ms") is not None else {}
    return {**rest, "value": row["median_ms"], "unit": "ms", **limit}


def fine(row: Row) -> bool:
    """True where there is no limit or it is held."""
    at_most, at_least = row.get("at_most"), row.get("at_least")
    return (at_most is None or row["value"] <= at_most) and (at_least is None or row["value"] >= at_least)


def table(rows: list[Row]) -> str:
    """Name, value, limit and verdict, in columns."""
    cells = [("what", "measured", "wanted", ""), *map(cells_of, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    return "\n".join(f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d}".rstrip() for a, b, c, d in cells)


def cells_of(row: Row) -> tuple[str, str, str, str]:
    value = f"{row['value']:.4g} {row.get('unit', '')}".strip()
    limits = {"≤": row.get("at_most"), "≥": row.get("at_least")}
    wanted = " ".join(f"{sign} {limit:.4g}" for sign, limit in limits.items() if limit is not None)
    return row["name"], value, wanted, "" if fine(row) else "MISSED"


def keep(rows: list[Row]) -> Path:
    """Write the figures with what they were measured on."""
    folder = VAR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    now = datetime.now(UTC)
    told = {
        "at": now.isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "rows": rows,
    }
    file = folder / f"{now:%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False, default=str) + "\n")
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
