"""Reading and rendering the newest Model Spec: CPU time of all of it, and of one clause."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from reviews.text import dialect, outline
from reviews.text.dialect import Resolver
from tests.corpora import CORPORA

NEWEST = CORPORA / "model_spec" / "2025-12-18-rev2.md"


def run() -> list[dict[str, Any]]:
    """The rows of the table; every clause is rendered anew, nothing is kept between runs."""
    source = NEWEST.read_bytes().decode()
    document = outline.parse(source)
    resolve = Resolver.of(document)
    typical = sorted((clause.source for clause in document.clauses), key=len)[len(document.clauses) // 2]

    def everything() -> None:
        found = outline.parse(source)
        known = Resolver.of(found)
        for clause in found.clauses:
            dialect.render(clause.source, known)

    return [
        {"name": "parse and render everything", "median_ms": median_ms(everything, 15), "target_ms": 40},
        {"name": "parse the outline", "median_ms": median_ms(lambda: outline.parse(source), 15), "target_ms": 10},
        {
            "name": "render one clause (of median length)",
            "median_ms": median_ms(lambda: dialect.render(typical, resolve), 200),
            "target_ms": 0.5,
        },
    ]


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median CPU time of one call, after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time_ns()
        work()
        taken.append((time.process_time_ns() - start) / 1e6)
    return round(statistics.median(taken), 3)
