"""What changed between two revisions of a spec: clauses told apart by their identity, so that a rename is not a loss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reviews.models import ClauseVersion, Lineage, Spec
from reviews.queries.reading import Line, lines
from reviews.text import diff, outline


@dataclass(frozen=True)
class Compared:
    """Two revisions, clause by clause; indexes of `diff` are into `old` and `new`. Equal texts are not fetched."""

    old: Sequence[Line]
    new: Sequence[Line]
    sources: Mapping[int, str]
    diff: diff.DocumentDiff
    went_to: Mapping[int, list[int]] = field(default_factory=dict)

    @property
    def changed(self) -> list[diff.Pair]:
        """The clauses that stand in both and differ in anything, in the new order."""
        differ = [
            pair
            for pair in self.diff.pairs
            if pair.changed or pair.renamed or self.old[pair.old].authority != self.new[pair.new].authority
        ]
        return sorted(differ, key=lambda pair: pair.new)


def compare(spec: Spec, old: int, new: int) -> Compared:
    """Two revisions compared; the cost follows what differs, not the size of the document."""
    before, after = lines(spec, old), lines(spec, new)
    kept = {line.pk for line in before} & {line.pk for line in after}
    differ = [line.pk for line in [*before, *after] if line.pk not in kept]
    sources = dict(ClauseVersion.objects.filter(pk__in=differ).values_list("pk", "source"))
    places = {line.clause_id: j for j, line in enumerate(after)}
    same: dict[int | str, int | str | None] = {i: places.get(line.clause_id) for i, line in enumerate(before)}
    found = diff.documents(_outline(before, sources), _outline(after, sources), same)
    return Compared(before, after, sources, found, _went_to(spec, before, places, newest=max(old, new)))


def _outline(shown: Sequence[Line], sources: Mapping[int, str]) -> outline.Outline:
    """An outline of stored clauses; those that are the same on both sides stand without their text."""
    above: list[tuple[int, int]] = []
    clauses = []
    for n, line in enumerate(shown):
        while above and above[-1][0] >= line.level:
            above.pop()
        clauses.append(
            outline.Clause(
                source=sources.get(line.pk, ""),
                title=line.title,
                anchor=line.anchor or "",
                explicit=False,
                level=line.level,
                authority=line.authority or "",
                parent=above[-1][1] if above else None,
            )
        )
        if line.level:
            above.append((line.level, n))
    return outline.Outline(tuple(clauses))


def _went_to(spec: Spec, before: Sequence[Line], places: Mapping[int, int], *, newest: int) -> dict[int, list[int]]:
    """Where the recorded lineage says that the clauses that are gone went, by index."""
    at = {line.clause_id: i for i, line in enumerate(before) if line.clause_id not in places}
    rows = Lineage.objects.filter(source__in=list(at), target__isnull=False, revision__number__lte=newest) if at else []
    found: dict[int, list[int]] = defaultdict(list)
    for step in rows:
        if step.target_id in places:
            found[at[step.source_id]].append(places[step.target_id])
    return dict(found)
