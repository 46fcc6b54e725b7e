"""The preview of an import: every clause that changes, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviews.queries.imports import Report
from reviews.queries.incoming import Comparison
from reviews.text import diff
from reviews.text.outline import Clause

MOST_ENTRIES = 200
MOST_LETTERS = 600_000
LONGEST_NEW = 4_000


@dataclass(frozen=True)
class Entry:
    """One changed clause, as a card shows it."""

    title: str
    anchor: str
    operations: tuple[str, ...]
    notes: tuple[str, ...]
    ops: tuple[tuple[str, str], ...]


def preview(found: Comparison, told: Report) -> dict[str, Any]:
    """What the page says of this comparison; the text of a whole new document is not repeated."""
    entries = list(_entries(found)) if found.versions else []
    return {
        "report": told,
        "begins": not found.versions,
        "entries": _bounded(entries),
        "more": max(len(entries) - MOST_ENTRIES, 0),
        "anchors": [clause.anchor for clause in found.new.clauses if clause.anchor],
        "counts": _counts(told),
    }


def _counts(told: Report) -> str:
    names = ("added", "removed", "edited", "moved", "retitled")
    parts = [f"{len(getattr(told, name))} {name}" for name in names if getattr(told, name)]
    if told.authority:
        parts.append(f"{len(told.authority)} with another authority")
    return ", ".join(parts)


def _entries(found: Comparison) -> Iterator[Entry]:
    """The changed clauses in the order of the new document, then those that go."""
    for j, clause in enumerate(found.new.clauses):
        pair = found.pair_of.get(j)
        if pair is None:
            yield Entry(clause.title, clause.anchor, ("add",), (), (("+", _short(clause.source)),))
        elif pair.changed or pair.renamed:
            yield _changed(found.old.clauses[pair.old], clause, pair)
    for i in found.diff.removed:
        gone = found.old.clauses[i]
        yield Entry(gone.title, gone.anchor, ("delete",), (), (("-", _short(gone.source)),))


def _changed(before: Clause, after: Clause, pair: diff.Pair) -> Entry:
    facts = {
        "edit": (pair.diff.changed, ""),
        "move": (pair.moved or pair.reparented, "Stands under another clause now." if pair.reparented else ""),
        "rename": (pair.renamed, f"Its anchor was {before.anchor}."),
        "authority": (
            pair.authority is not None,
            f"Authority: {before.authority or 'none'} → {after.authority or 'none'}.",
        ),
    }
    operations = tuple(name for name, (holds, _) in facts.items() if holds)
    notes = tuple(note for holds, note in facts.values() if holds and note)
    ops = tuple((op.kind, op.text) for op in pair.diff.ops) if pair.diff.changed else ()
    return Entry(after.title, after.anchor, operations, notes, ops)


def _short(source: str) -> str:
    return source if len(source) <= LONGEST_NEW else source[:LONGEST_NEW] + "…"


def _bounded(entries: list[Entry]) -> list[Entry]:
    """The first ones; where all of them would be too long for a page, the later ones without their words."""
    left, kept = MOST_LETTERS, []
    for entry in entries[:MOST_ENTRIES]:
        left -= sum(len(text) for _, text in entry.ops)
        without = Entry(entry.title, entry.anchor, entry.operations, (*entry.notes, "Too long to be shown here."), ())
        kept.append(entry if left > 0 else without)
    return kept
