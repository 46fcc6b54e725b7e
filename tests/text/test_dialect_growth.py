"""Formulas, addresses, tags, disclosures and front matter cost no more than their length, and keep the laws."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from reviews.text import dialect, outline
from tests.text import laws

SHAPES: dict[str, Callable[[int], str]] = {
    "dollars": lambda n: "$a " * (n // 3),
    "formulas": lambda n: "é $a_1$ " * (n // 8),
    "brackets of formulas": lambda n: "é\\(a=1\\) " * (n // 8),
    "formulas never closed": lambda n: "\\(a=1 \\[b=c " * (n // 13),
    "blocks of formulas": lambda n: "$$\na\n$$\n" * (n // 8),
    "blocks of formulas never closed": lambda n: "$$\n" + "a\n" * (n // 2),
    "addresses": lambda n: "https://a.b/c " * (n // 14),
    "an address of parentheses": lambda n: "https://a.b/" + ")" * n,
    "at signs": lambda n: "a@" * (n // 2),
    "points before an at sign": lambda n: "a." * (n // 2) + "@",
    "disclosures never closed": lambda n: "<details>\n\n" * (n // 11),
    "disclosures in one another": lambda n: "<details>\n\n" * (n // 23) + "a\n\n" + "</details>\n\n" * (n // 23),
    "disclosures never opened": lambda n: "</details>\n\n" * (n // 12),
    "summaries": lambda n: "<details>\n<summary>" * (n // 18),
    "places": lambda n: "".join(f"<b id=x{i}>" for i in range(n // 11)),
    "quotes in tags": lambda n: "<a \"'" * (n // 5),
    "quotes in one tag": lambda n: "x <a " + "\"'" * (n // 2),
    "cells": lambda n: "<table>" + "<td>a" * (n // 5),
    "front matter never closed": lambda n: "---\n" + "a: b\n\n" * (n // 6),
    "equal titles": lambda n: "# a\n\n[x](#a-7)\n\n" * (n // 18),
    "marks of one footnote": lambda n: "a[^1] " * (n // 6) + "\n\n[^1]: x\n",
    "remarks": lambda n: "<x> \n" * (n // 5),
    "two directions": lambda n: "- نص\n- a\n" * (n // 9),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_cost_grows_with_the_length(shape: str):
    small, large = SHAPES[shape](8_000), SHAPES[shape](80_000)
    for work in (outline.parse, lambda source: dialect.render(source, laws.RESOLVER)):
        once, tenfold = cost(work, small), cost(work, large)
        assert tenfold < max(25 * once, 0.25), (once, tenfold)


def cost(work: Callable[[str], object], source: str) -> float:
    """CPU seconds without the garbage collector, whose full runs would blur the comparison."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work(source)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_laws_hold(shape: str):
    source = SHAPES[shape](1_500)
    laws.check_outline(source)
    laws.check_rendering(source)
