"""The report of an import as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviews.queries.imports import Changed, Mention, Remark, Report

MOST = 200


def lines(report: Report) -> Iterator[str]:
    """The report, what changed first, then what became of anchors, then what to look at."""
    yield f"{report.clauses} clauses: {_counts(report)}."
    yield from _listed("Added", map(_clause, report.added))
    yield from _listed("Removed", map(_clause, report.removed))
    yield from _listed("Edited", map(_clause, report.edited))
    yield from _listed("Moved", map(_clause, report.moved))
    yield from _listed("Retitled", map(_changed, report.retitled))
    yield from _listed("Authority changed", map(_changed, report.authority))
    yield from _listed("Vanished anchors", (step.sentence for step in report.lineage))
    yield from _listed("Authority levels that were not known, added at the lowest rank", report.new_levels)
    yield from _listed("Evaluation tags without file", _together(report.tags_without_file))
    yield from _listed("Evaluation files without tag", _together(report.files_without_tag))
    yield from _listed("Local images that are missing", report.images_missing)
    yield from _listed("Cross-references that lead nowhere", map(_remark, report.broken_references))
    yield from _listed("Kept as plain Markdown without being understood", map(_remark, report.not_understood))


def _counts(report: Report) -> str:
    names = ("added", "removed", "edited", "moved", "retitled")
    parts = [f"{len(getattr(report, name))} {name}" for name in names if getattr(report, name)]
    if report.authority:
        parts.append(f"{len(report.authority)} with another authority")
    return ", ".join(parts) or "none differs"


def _listed(title: str, rows: Iterable[str]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield f"{title}:"
        yield from (f"  {row}" for row in found[:MOST])
    if len(found) > MOST:
        yield f"  and {len(found) - MOST} more"


def _together(names: Iterable[str]) -> list[str]:
    joined = ", ".join(names)
    return [joined] if joined else []


def _clause(mention: Mention) -> str:
    title = mention.title or "the text before the first heading"
    return f"{mention.anchor}: {title}" if mention.anchor else title


def _changed(changed: Changed) -> str:
    return (
        f"{changed.clause.anchor or changed.clause.title}: {changed.before or '(none)'} → {changed.after or '(none)'}"
    )


def _remark(remark: Remark) -> str:
    return f"line {remark.line}: {remark.what}"
