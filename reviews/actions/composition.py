"""What the document would be with a set of changes applied: found, checked, and handed on as one edit.

The invariant of the store is checked here: parsing the joined sources gives exactly the stored clauses. Where every anchor
is explicit only the neighbourhood of a change is parsed, so that the cost does not grow with the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from reviews.actions.revisions import Descent, Edit, NewVersion
from reviews.errors import Invalid
from reviews.models import AuthorityLevel, Change, ClauseVersion, Spec
from reviews.rules.kinds import ChangeKind, LineageKind
from reviews.text import outline
from reviews.text.order import filled

_DEEPEST = 6


@dataclass(frozen=True)
class Item:
    """One clause in the order of the document; `source` is None while it is as stored, `order_key` when it needs a new place.

    `split_from` is the clause whose text an added heading has cut in two.
    """

    clause_id: int | None
    level: int
    title: str
    anchor: str
    explicit: bool
    order_key: str | None
    source: str | None = None
    split_from: int | None = None


def compose(spec: Spec, changes: Iterable[Change]) -> Edit:
    """The edit that these changes make on the head of the spec.

    Raises Invalid with a sentence when the result would not be a sound document: a fence that swallows its neighbour, a
    heading that is missing, an anchor that stands twice, an authority that the spec does not know.
    """
    before = head_items(spec)
    busy = [change for change in changes if not is_idle(change)]
    after = _applied(before, busy)
    if not after:
        raise Invalid("Nothing would be left of the document: keep at least one clause.")
    parsed = _parsed(spec, before, after)
    _check_anchors(after, parsed)
    _check_levels(spec, parsed)
    keys = filled([item.order_key for item in after])
    opens = [_opened(after[n], clause, keys[n]) for n, clause in parsed.items()]
    gone = {item.clause_id for item in before} - {item.clause_id for item in after}
    closes = frozenset(new.clause_id for new in opens if new.clause_id) | frozenset(c for c in gone if c)
    return Edit(closes=closes, opens=opens, descents=[*_split(after, parsed), *_onward(busy, after, parsed)])


def head_items(spec: Spec) -> list[Item]:
    """The clauses at the head in order, without their sources."""
    rows = ClauseVersion.objects.at(spec, spec.head).order_by("order_key")
    columns = rows.values_list("clause_id", "level", "title", "anchor", "anchor_explicit", "order_key")
    return [
        Item(clause, level, title, anchor or "", explicit, key)
        for clause, level, title, anchor, explicit, key in columns
    ]


def is_idle(change: Change) -> bool:
    """An edit that leaves its clause as it was."""
    if change.kind != ChangeKind.EDIT or change.placed or change.base_version is None:
        return False
    return change.source == change.base_version.source


def _applied(items: list[Item], changes: Sequence[Change]) -> list[Item]:
    for change in changes:
        if change.kind == ChangeKind.DELETE:
            items = [item for item in items if item.clause_id != change.clause_id]
        elif change.kind == ChangeKind.EDIT:
            items = _edited(items, change)
        elif change.kind == ChangeKind.ADD:
            items = _added(items, change)
        if change.kind == ChangeKind.MOVE or (change.kind == ChangeKind.EDIT and change.placed):
            items = _moved(items, change)
    return items


def _split(after: Sequence[Item], parsed: dict[int, outline.Clause]) -> list[Descent]:
    """The clauses that begin with an added heading, by the anchors that they get in the whole document."""
    return [
        Descent(LineageKind.SPLIT, item.split_from, parsed[n].anchor) for n, item in enumerate(after) if item.split_from
    ]


def _onward(changes: Iterable[Change], after: Sequence[Item], parsed: dict[int, outline.Clause]) -> list[Descent]:
    """Where the texts of deleted clauses went: clauses that were there by id, those that begin by anchor."""
    places = {parsed[n].anchor if n in parsed else item.anchor: item.clause_id for n, item in enumerate(after)}
    found: list[Descent] = []
    for change in changes:
        if change.kind != ChangeKind.DELETE:
            continue
        unknown = [anchor for anchor in change.onward if anchor not in places]
        if unknown:
            raise Invalid(f"A deleted clause is said to go on in “{unknown[0]}”, which is not there: delete it anew.")
        begin = all(places[anchor] is None for anchor in change.onward)
        kind = LineageKind.SPLIT if begin and len(change.onward) > 1 else LineageKind.JOINED
        source = change.clause_id or 0
        found += [Descent(kind, source, places[anchor] or anchor) for anchor in change.onward] or [
            Descent(LineageKind.GONE, source, None)
        ]
    return found


def _edited(items: list[Item], change: Change) -> list[Item]:
    at = _index(items, change.clause_id)
    first, *more = _new_items(change.source, what=items[at].title or "the text before the first heading")
    if first.level == 0 and items[at].level > 0:
        raise Invalid(
            f"“{items[at].title}” has lost its heading line: begin its text with the heading, or delete the clause.",
            fields={"source": "The first line must be a heading."},
        )
    first = replace(first, clause_id=items[at].clause_id, order_key=items[at].order_key)
    begun = [replace(item, split_from=change.clause_id) for item in more]
    return [*items[:at], first, *begun, *items[at + 1 :]]


def _added(items: list[Item], change: Change) -> list[Item]:
    new = _new_items(change.source, what="the new clause")
    at = _place(items, after=change.after_id, level=_DEEPEST if change.alone else new[0].level)
    if new[0].level == 0 and (at > 0 or (items and items[0].level == 0)):
        raise Invalid("A new clause begins with a heading line.", fields={"source": "For example: ## Title {#anchor}"})
    return [*items[:at], *new, *items[at:]]


def _moved(items: list[Item], change: Change) -> list[Item]:
    at = _index(items, change.clause_id)
    end = at + 1 if change.alone else _section_end(items, at)
    section, rest = items[at:end], items[:at] + items[end:]
    if any(item.clause_id == change.after_id for item in section if change.after_id):
        raise Invalid(f"“{items[at].title}” cannot be moved behind a part of itself.")
    to = _place(rest, after=change.after_id, level=_DEEPEST if change.alone else section[0].level)
    moved = rest[:to] + section + rest[to:]
    if [item.clause_id for item in moved] == [item.clause_id for item in items]:
        return items
    return rest[:to] + [replace(item, order_key=None) for item in section] + rest[to:]


def _section_end(items: Sequence[Item], at: int) -> int:
    """The index behind a clause and the parts below it."""
    return next((n for n in range(at + 1, len(items)) if items[n].level <= items[at].level), len(items))


def _place(items: Sequence[Item], *, after: int | None, level: int) -> int:
    """The index behind a clause and the parts below it that are deeper than what is to be placed."""
    if after is None:
        at = 1 if items and items[0].level == 0 else 0
    else:
        at = _index(items, after) + 1
        while at < len(items) and items[at].level > level:
            at += 1
    while at < len(items) and items[at].clause_id is None:
        at += 1
    return at


def _index(items: Sequence[Item], clause_id: int | None) -> int:
    for n, item in enumerate(items):
        if item.clause_id == clause_id and clause_id is not None:
            return n
    raise Invalid(
        "A clause that this proposal names is no longer in the draft: take it out of the proposal or edit it anew."
    )


def _new_items(source: str, *, what: str) -> list[Item]:
    found = outline.parse(ended(source))
    for problem in found.problems:
        if problem.code in {"duplicate-anchor", "open-fence"}:
            raise Invalid(f"In {what}, line {problem.line}: {problem.message}", fields={"source": problem.message})
    if not source.strip():
        raise Invalid(f"There is no text in {what}.", fields={"source": "Write something, or delete the clause."})
    return [Item(None, c.level, c.title, c.anchor, c.explicit, None, c.source) for c in found.clauses]


def ended(source: str) -> str:
    """The source with its last line ended, as every stored source is."""
    return source if source.endswith(("\n", "\r")) else source + "\n"


def _parsed(spec: Spec, before: Sequence[Item], after: Sequence[Item]) -> dict[int, outline.Clause]:
    """The clauses to be opened, by index; every stretch of text that a change may have altered is parsed together."""
    touched = {n for n, item in enumerate(after) if item.source is not None or item.order_key is None}
    whole = not all(item.explicit or item.level == 0 for item in [*before, *after])
    runs = [list(range(len(after)))] if whole else _runs(_neighbourhood(before, after, touched))
    sources = _sources(spec, [after[n] for run in runs for n in run])
    found: dict[int, outline.Clause] = {}
    for run in runs:
        found.update(zip(run, _checked_run([after[n] for n in run], sources), strict=True))
    renamed = {n for n, clause in found.items() if whole and clause.anchor != after[n].anchor}
    return {n: found[n] for n in sorted(touched | renamed)}


def _neighbourhood(before: Sequence[Item], after: Sequence[Item], touched: set[int]) -> set[int]:
    old_pairs = {(a.clause_id, b.clause_id) for a, b in pairwise(before)}
    seams = {n + 1 for n, (a, b) in enumerate(pairwise(after)) if (a.clause_id, b.clause_id) not in old_pairs}
    near = {m for n in touched for m in (n - 1, n, n + 1)} | {m for n in seams for m in (n - 1, n)}
    if before[:1] != after[:1]:
        near.add(0)
    return {n for n in near if 0 <= n < len(after)}


def _runs(numbers: set[int]) -> list[list[int]]:
    ordered = enumerate(sorted(numbers))
    return [[n for _, n in run] for _, run in groupby(ordered, key=lambda pair: pair[1] - pair[0])]


def _sources(spec: Spec, items: Iterable[Item]) -> dict[int, str]:
    wanted = [item.clause_id for item in items if item.source is None]
    rows = ClauseVersion.objects.at(spec, spec.head).filter(clause__in=wanted)
    return dict(rows.values_list("clause_id", "source"))


def _checked_run(items: Sequence[Item], stored: dict[int, str]) -> Sequence[outline.Clause]:
    texts = [item.source if item.source is not None else stored[item.clause_id or 0] for item in items]
    clauses = outline.parse("".join(texts)).clauses
    if [clause.source for clause in clauses] == texts:
        return clauses
    at = next((n for n, (clause, text) in enumerate(zip(clauses, texts, strict=False)) if clause.source != text), 0)
    raise Invalid(
        f"“{items[at].title or 'The text before the first heading'}” would swallow or split its neighbour: close every code"
        " fence and comment in it, and leave an empty line at its end.",
        fields={"source": "Check its last lines."},
    )


def _check_anchors(items: Sequence[Item], parsed: dict[int, outline.Clause]) -> None:
    # What is written stands as it is written: parsed side by side, the second of two equal anchors would get a new one.
    made = {n: clause.anchor for n, clause in parsed.items() if not items[n].explicit}
    anchors = Counter(made.get(n, item.anchor) for n, item in enumerate(items))
    twice = sorted(anchor for anchor, count in anchors.items() if anchor and count > 1)
    if twice:
        raise Invalid(
            f"The anchor “{twice[0]}” would stand twice: give one of the clauses another {{#anchor}}.",
            fields={"source": f"{{#{twice[0]}}} is taken."},
        )


def _check_levels(spec: Spec, parsed: dict[int, outline.Clause]) -> None:
    known = list(AuthorityLevel.objects.filter(spec=spec).values_list("name", flat=True))
    for clause in parsed.values():
        if clause.authority and clause.authority not in known:
            raise Invalid(
                f"“{clause.authority}” is not an authority level of this spec: it has {', '.join(known)}.",
                fields={"source": f"authority={clause.authority}"},
            )


def _opened(item: Item, clause: outline.Clause, key: str) -> NewVersion:
    return NewVersion(clause_id=item.clause_id, parsed=clause, order_key=key)
