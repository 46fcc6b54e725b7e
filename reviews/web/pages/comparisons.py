"""The comparison of two editions: first what changed in a few lines, then every changed clause in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.template.loader import get_template

from reviews.access.specs import Standing
from reviews.models import Spec
from reviews.queries import reading
from reviews.queries.comparisons import Compared, compare
from reviews.queries.reading import Edition, Line
from reviews.text import changes, diff
from reviews.web.pages.names import COMPARE, DRAFT
from reviews.web.pages.shell import public_shell
from reviews.web.pages.stored import filled

SHOWN = 80
CLASSES = ("authority", "substantive", "editorial", "markup")


def public_page(spec: Spec, pair: tuple[str, str], numbers: tuple[int, int]) -> bytes:
    """The first page of a comparison as everybody without a session gets it."""
    standing = Standing(spec, None, frozenset())
    shown = comparison(standing, pair, numbers, start=0)
    path = f"/{spec.slug}/{COMPARE}/{pair[0]}..{pair[1]}/"
    shell = public_shell(standing, path=path, here="releases")
    indexed = spec.is_public and DRAFT not in pair
    frame = {"shell": shell, "indexed": indexed, "title": title_of(pair)}
    return filled(get_template("reviews/comparisons/comparison.html").render(frame).encode(), **parts(shown))


def title_of(pair: tuple[str, str]) -> str:
    """What the tab says."""
    return f"{pair[0]} → {pair[1]}"


def parts(shown: dict[str, Any]) -> dict[str, bytes]:
    """The list of changed clauses and the comparison itself, made."""
    listed = {"entries": shown["contents"], "label": "Changed clauses"}
    return {
        "contents": get_template("components/toc.html").render(listed).encode(),
        "text": get_template("reviews/comparisons/_comparison.html").render(shown).encode(),
    }


def comparison(standing: Standing, pair: tuple[str, str], numbers: tuple[int, int], *, start: int) -> dict[str, Any]:
    """What the page of a comparison shows, from the `start`th changed clause on."""
    root = f"/{standing.spec.slug}/"
    found = compare(standing.spec, *numbers)
    entries = list(entries_of(found))
    end = start + SHOWN
    return {
        "root": root,
        "old": pair[0],
        "new": pair[1],
        "editions": [DRAFT, *(one.label for one in reading.editions(standing))],
        "summary": summary(found),
        "entries": [with_words(found, entry, root, pair) for entry in entries[start:end]],
        "contents": _contents(entries, start, end),
        "total": len(entries),
        "next_url": f"?from={end}" if end < len(entries) else "",
        "first_url": "?" if start else "",
        "complete": found.diff.complete,
    }


def summary(found: Compared) -> list[dict[str, Any]]:
    """The changes in a few lines: what came, went, was renamed or moved, and authority in groups."""
    title_old = [_named(line) for line in found.old]
    title_new = [_named(line) for line in found.new]
    rows = [
        _row("added", "{} added", [title_new[j] for j in found.diff.added]),
        _row("removed", "{} removed", [title_old[i] for i in found.diff.removed]),
        _row("renamed", "{} renamed", [f"{title_old[p.old]} → {title_new[p.new]}" for p in _renames(found)]),
        _row("under", "{} under another heading", [title_new[p.new] for p in found.diff.reparented]),
        _row("moved", "{} moved", [title_new[p.new] for p in found.diff.moves]),
    ]
    rows += _authority_rows(found)
    edited = [pair for pair in found.changed if pair.diff.changed]
    rows.append(_row("edited", "{} with other words", [title_new[pair.new] for pair in edited]))
    return [row for row in rows if row["count"]]


def _renames(found: Compared) -> list[diff.Pair]:
    return [pair for pair in found.diff.pairs if pair.renamed or pair.retitled]


def _authority_rows(found: Compared) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (old, new), pairs in found.diff.authority_groups.items():
        groups[old or "none", new or "none"] += [_named(found.new[pair.new]) for pair in pairs]
    return [
        {**_row("authority", "{} from " + old + " to " + new, names), "authority": (old, new)}
        for (old, new), names in sorted(groups.items(), key=lambda group: -len(group[1]))
    ]


def _row(kind: str, words: str, names: Sequence[str]) -> dict[str, Any]:
    many = f"{len(names)} clause{'' if len(names) == 1 else 's'}"
    return {"kind": kind, "count": len(names), "words": words.format(many), "names": list(names)}


def entries_of(found: Compared) -> Iterable[dict[str, Any]]:
    """Every changed clause in the order of the new text; what is gone follows what it stood behind."""
    behind: dict[int, list[int]] = defaultdict(list)
    to_new = {pair.old: pair.new for pair in found.diff.pairs}
    for i in found.diff.removed:
        before = next((to_new[k] for k in range(i - 1, -1, -1) if k in to_new), -1)
        behind[before].append(i)
    changed = {pair.new: pair for pair in found.changed}
    added = set(found.diff.added)
    for j in range(-1, len(found.new)):
        if j in added:
            yield {"kind": "add", "new": j, "line": found.new[j]}
        elif j in changed:
            yield {"kind": "edit", "pair": changed[j], "line": found.new[j]}
        yield from ({"kind": "delete", "old": i, "line": found.old[i]} for i in behind.get(j, ()))


def with_words(found: Compared, entry: dict[str, Any], root: str, pair: tuple[str, str]) -> dict[str, Any]:
    """A changed clause as its card shows it."""
    line: Line = entry["line"]
    side = pair[0] if entry["kind"] == "delete" else pair[1]
    shown = {
        "title": line.title,
        "anchor": line.anchor or "",
        "name": _name(line),
        "url": f"{root}{side}/{quote(_name(line), safe='~')}/",
        "level_name": line.authority,
        "rank": line.rank,
        "operations": [entry["kind"]],
        "change_class": "",
        "notes": [],
    }
    if entry["kind"] == "add":
        return {**shown, "ops": [("+", found.sources[line.pk])], "notes": _split_from(found, entry["new"])}
    if entry["kind"] == "delete":
        return {**shown, "ops": [("-", found.sources[line.pk])], "notes": _went(found, entry["old"])}
    return {**shown, **_edited(found, entry["pair"])}


def _edited(found: Compared, pair: diff.Pair) -> dict[str, Any]:
    old, new = found.old[pair.old], found.new[pair.new]
    flags = {
        "rename": pair.renamed or pair.retitled,
        "move": pair.moved or pair.reparented,
        "authority": old.authority != new.authority,
    }
    notes = []
    if pair.renamed:
        notes.append(f"Anchor: {old.anchor} → {new.anchor}.")
    if pair.retitled:
        notes.append(f"Title: {old.title} → {new.title}.")
    if flags["authority"]:
        notes.append(f"Authority: {old.authority or 'none'} → {new.authority or 'none'}.")
    if pair.reparented:
        notes.append("It stands under another heading.")
    elif pair.moved:
        notes.append("It stands at another place.")
    sources = found.sources.get(old.pk, ""), found.sources.get(new.pk, "")
    kind = changes.classify(*sources).name if pair.diff.changed else ""
    ops = [tuple(op) for op in pair.diff.ops] if pair.diff.changed else []
    return {
        "operations": [name for name, on in flags.items() if on],
        "change_class": kind,
        "notes": notes,
        "ops": ops,
    }


def _went(found: Compared, i: int) -> list[str]:
    targets = found.went_to.get(i) or sorted({flow.new for flow in found.diff.flows if flow.old == i})
    if not targets:
        return []
    return [f"Its words went on in {', '.join(f'“{_named(found.new[j])}”' for j in targets)}."]


def _split_from(found: Compared, j: int) -> list[str]:
    sources = [flow.old for flow in found.diff.splits if flow.new == j]
    return [f"Divided off from “{_named(found.old[i])}”." for i in sources]


def _contents(entries: Sequence[dict[str, Any]], start: int, end: int) -> list[dict[str, Any]]:
    def url(n: int, line: Line) -> str:
        page = "" if start <= n < end else f"?from={n // SHOWN * SHOWN}"
        return f"{page}#change-{quote(_name(line), safe='~')}"

    return [
        {
            "title": entry["line"].title,
            "url": url(n, entry["line"]),
            "anchor": f"change-{_name(entry['line'])}",
            "level_name": entry["line"].authority,
            "rank": entry["line"].rank,
        }
        for n, entry in enumerate(entries)
    ]


def class_counts(entries: Iterable[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many clauses changed in which class, the weightiest first."""
    counts = Counter(entry["change_class"] for entry in entries if entry["change_class"])
    return [(name, counts[name]) for name in CLASSES if counts[name]]


def labels_of(pair: str, editions: Sequence[Edition]) -> tuple[str, str] | None:
    """The two editions that an address names; labels may have dots in them."""
    known = {DRAFT, *(one.label for one in editions)}
    cuts = [n for n in range(1, len(pair) - 2) if pair.startswith("..", n)]
    both = ((pair[:n], pair[n + 2 :]) for n in cuts)
    return next(((old, new) for old, new in both if old in known and new in known), None)


def _named(line: Line) -> str:
    return line.title or "Opening"


def _name(line: Line) -> str:
    return line.anchor or f"~{line.public_id}"
