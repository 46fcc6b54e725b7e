"""Importing: the newest Model Spec into an empty spec, the great release over the one before, and ten copies of both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench import fixtures

fixtures.ready()

from reviews.models import Rendering  # noqa: E402
from reviews.queries.clauses import document  # noqa: E402
from tests.corpora import CORPORA  # noqa: E402
from tests.factories import import_into, make_spec  # noqa: E402

FOLDER = CORPORA / "model_spec"
TIMES = {1: 5, 10: 3}
LIMIT, TEN_TIMES = 500.0, 12.0


def run() -> list[dict[str, Any]]:
    """The rows of the table; the limit at ten copies is twelve times what one copy took in this run.

    Over the release before, ten copies have no limit: their varied words stand elsewhere in each release, so that there is
    more than ten times as much to compare.
    """
    kinds = {"import the newest release": _first, "import the great release over the one before": _over}
    rows = []
    for name, kind in kinds.items():
        one, ten = (_measured(kind, count) for count in (1, 10))
        rows += [
            {"name": f"{name}, 1x, CPU", "median_ms": one[0], "target_ms": LIMIT},
            {"name": f"{name}, 1x, elapsed", "median_ms": one[1]},
            {"name": f"{name}, 10x, CPU", "median_ms": ten[0], **_limit(kind, TEN_TIMES * one[0])},
            {"name": f"{name}, 10x, elapsed", "median_ms": ten[1]},
        ]
    return rows


def _limit(kind: object, milliseconds: float) -> dict[str, float]:
    return {"target_ms": milliseconds} if kind is _first else {}


def _measured(kind: Callable[[int], Iterator[Callable[[], object]]], count: int) -> tuple[float, float]:
    """Median CPU time of this process, and elapsed time with the database's, in milliseconds."""
    spent = []
    for _ in range(TIMES[count]):
        with contextmanager(kind)(count) as work:
            processor, clock = time.process_time(), time.perf_counter()
            work()
            spent.append(((time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000))
    return statistics.median(cpu for cpu, _ in spent), statistics.median(elapsed for _, elapsed in spent)


def _first(count: int) -> Iterator[Callable[[], object]]:
    """Into an empty spec, with nothing rendered before."""
    source = fixtures.copies((FOLDER / "2025-12-18-rev2.md").read_text(), count)
    spec = make_spec(source="")
    Rendering.objects.all().delete()
    yield lambda: import_into(spec, source)
    _check(document(spec, 1) == source)


def _over(count: int) -> Iterator[Callable[[], object]]:
    before, after = ((FOLDER / f"{day}.md").read_text() for day in ("2025-04-11", "2025-09-12"))
    spec = make_spec(source=fixtures.copies(before, count))
    source = fixtures.copies(after, count)
    Rendering.objects.all().delete()
    yield lambda: import_into(spec, source)
    _check(document(spec, 2) == source)


def _check(holds: bool) -> None:
    if not holds:
        raise RuntimeError("what was measured did not store the document")
