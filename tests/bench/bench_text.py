"""The text engine on the newest Model Spec and on the greatest change between releases, in CPU time."""

import random
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from reviews.text import changes, diff, merge, outline, quotes, similarity
from tests.corpora import CORPORA

NEWEST, BEFORE = "2025-12-18", "2025-10-27"
GREAT = ("2025-04-11", "2025-09-12")
TEN_TIMES = 12


def run() -> list[dict[str, Any]]:
    """The rows of the table; what ten copies may cost is twelve times what one copy took in this run."""
    source = release(NEWEST)
    rows = [*comparing(), *merging(source), *placing()]
    one, other = source[:8_000], source[:8_000].replace("should", "must")
    rows.append(row("class of one change of 8,000 characters", lambda: changes.classify(one, other)))
    letters = [f"{source[at : at + 900]} {at}" for at in range(0, 180_000, 180)]
    rows.append(row("groups among 1,000 letters", lambda: similarity.groups(letters), times=3))
    return rows


def release(name: str, *, copies: int = 1) -> str:
    """The text of a release, some times over."""
    text = (CORPORA / "model_spec" / f"{name}.md").read_bytes().decode()
    return "\n".join([text] * copies)


def row(name: str, work: Callable[[], object], *, target: float | None = None, times: int = 7) -> dict[str, Any]:
    """The median CPU time of some runs, after one to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - start))
    return {"name": name, "median_ms": round(statistics.median(taken), 2), "target_ms": target}


def comparing() -> list[dict[str, Any]]:
    """Two releases, the two farthest apart, and ten copies of those."""
    near = [outline.parse(release(name)) for name in (BEFORE, NEWEST)]
    great = [outline.parse(release(name)) for name in GREAT]
    ten = [outline.parse(release(name, copies=10)) for name in GREAT]
    once = row("compare the great release", lambda: diff.documents(*great), target=160)
    return [
        row("compare two releases", lambda: diff.documents(*near), target=40),
        once,
        row(
            "compare ten copies of the great release",
            lambda: diff.documents(*ten),
            target=TEN_TIMES * once["median_ms"],
            times=3,
        ),
    ]


def merging(source: str) -> list[dict[str, Any]]:
    """A document with fifty edits on each side."""
    lines = source.splitlines(keepends=True)
    places = [at for at, line in enumerate(lines) if len(line) > 60]
    random.Random(1).shuffle(places)
    ours, theirs = edited(lines, places[:50]), edited(lines, places[50:100])
    return [row("merge a document with 100 edits", lambda: merge.merge(source, ours, theirs), target=20)]


def edited(lines: list[str], places: list[int]) -> str:
    """The text with a word put before some of its lines."""
    chosen = set(places)
    return "".join([f"Now {line}" if at in chosen else line for at, line in enumerate(lines)])


def placing() -> list[dict[str, Any]]:
    """Ten thousand quotes over the great release, fifty after one edit."""
    old, new = ({clause.anchor: clause.source for clause in outline.parse(release(name)).clauses} for name in GREAT)
    newest = {clause.anchor: clause.source for clause in outline.parse(release(NEWEST)).clauses}
    after = newest | {"do_not_lie": newest["do_not_lie"].replace("assistant", "model", 1)}
    many, few = some_quotes(old, 10_000), some_quotes(newest, 50)
    return [
        row("place 10,000 quotes over the great release", lambda: quotes.place(many, old, new), target=5000, times=3),
        row("place 50 quotes after one edit", lambda: quotes.place(few, newest, after), target=5),
    ]


def some_quotes(texts: Mapping[str, str], count: int) -> list[quotes.Quote]:
    """Quotes of 10 to 150 characters at random places."""
    chance = random.Random(2)
    names = [name for name, text in texts.items() if len(text) > 60]
    found = []
    for _ in range(count):
        name = chance.choice(names)
        start = chance.randrange(len(texts[name]) - 20)
        found.append(quotes.make(texts[name], start, min(start + chance.randint(10, 150), len(texts[name])), name))
    return found
