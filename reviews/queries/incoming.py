"""A document that comes in, beside the head of its spec: which clause is which, what became of vanished anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reviews.errors import Invalid
from reviews.models import ClauseVersion, Spec
from reviews.rules.kinds import LineageKind
from reviews.text import diff, incoming
from reviews.text.align import longest_rise
from reviews.text.outline import Clause, Outline, parse


@dataclass(frozen=True)
class Step:
    """What became of one anchor: renamed to one, joined into or split into some, or gone."""

    source: str
    kind: LineageKind
    targets: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The step in words."""
        words = {LineageKind.RENAMED: "renamed to", LineageKind.JOINED: "joined into", LineageKind.SPLIT: "split into"}
        if self.kind == LineageKind.GONE:
            return f"{self.source} is gone"
        return f"{self.source} {words[self.kind]} {', '.join(self.targets)}"


def step_as_data(step: Step) -> dict[str, Any]:
    """A step as a lineage file has it."""
    return {"from": step.source, "kind": str(step.kind), "to": list(step.targets)}


def steps_of(data: Any) -> list[Step]:
    """The steps of a lineage file: a list of them, or a report that has one.

    Raises Invalid with one sentence for anything else.
    """
    rows = data.get("lineage") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise _refused("A lineage file is a list of steps, or the report of an import as JSON.")
    return [_step(row) for row in rows]


def _step(row: Any) -> Step:
    try:
        source, kind, targets = row["from"], LineageKind(row["kind"]), tuple(row["to"])
        if not all(isinstance(word, str) for word in (source, *targets)):
            raise TypeError
    except (KeyError, TypeError, ValueError):
        kinds = ", ".join(LineageKind)
        raise _refused(
            f'A step of lineage is {{"from": "old", "kind": "renamed", "to": ["new"]}}; the kinds are {kinds}.'
        ) from None
    return Step(source, kind, targets)


@dataclass(frozen=True)
class Comparison:
    """A spec's clause versions at its head, the outlines of both documents, and the way from one to the other.

    `lineage` says what became of every anchor that vanished, as a person said or else as it seems; `given` is what a
    person said.
    """

    spec: Spec
    versions: Sequence[ClauseVersion]
    old: Outline
    new: Outline
    diff: diff.DocumentDiff
    lineage: tuple[Step, ...]
    given: tuple[Step, ...]
    ends_in_newline: bool

    @property
    def open_steps(self) -> tuple[Step, ...]:
        """What nobody has confirmed yet."""
        return tuple(step for step in self.lineage if step not in self.given)

    @cached_property
    def pair_of(self) -> dict[int, diff.Pair]:
        """The pair of a clause of the new document, by index."""
        return {pair.new: pair for pair in self.diff.pairs}

    @cached_property
    def stays(self) -> frozenset[int]:
        """The clauses of the new document, by index, that need no new place: the longest run that kept its order."""
        return frozenset(new for _, new in longest_rise([(pair.old, pair.new) for pair in self.diff.pairs]))

    def is_kept(self, index: int) -> bool:
        """Whether a clause of the new document is stored already, at its place."""
        pair = self.pair_of.get(index)
        return pair is not None and index in self.stays and alike(self.old.clauses[pair.old], self.new.clauses[index])


def compare(spec: Spec, text: str, *, given: Sequence[Step] = ()) -> Comparison:
    """The document beside the head of the spec; clauses are recognised as `given` says where it says something.

    Raises Invalid for a document that cannot be stored, and for steps that name an anchor that is not there.
    """
    new = incoming.parsed(text)
    versions = _versions(spec)
    old = parse("".join(version.source for version in versions)) if versions else Outline(())
    steps = _relevant(given, old, new)
    found = diff.documents(old, new, same={step.source: _same(step) for step in steps})
    return Comparison(
        spec=spec,
        versions=versions,
        old=old,
        new=new,
        diff=found,
        lineage=_lineage(old, new, found, steps),
        given=tuple(steps),
        ends_in_newline=incoming.ended(text) == text,
    )


def alike(before: Clause, after: Clause) -> bool:
    """Whether a clause is the same, place aside; a made anchor may change with the headings around it."""
    return (before.source, before.anchor, before.explicit) == (after.source, after.anchor, after.explicit)


def _versions(spec: Spec) -> list[ClauseVersion]:
    return list(ClauseVersion.objects.at(spec, spec.head).order_by("order_key").select_related("authority"))


def _relevant(given: Sequence[Step], old: Outline, new: Outline) -> list[Step]:
    """The steps that say something here: of anchors that vanish, and of those that pass to another clause."""
    before = {clause.anchor for clause in old.clauses if clause.anchor}
    after = {clause.anchor for clause in new.clauses if clause.anchor}
    for step in given:
        _check(step, after, applies=step.source in before - after)
    return [
        step
        for step in given
        if step.source in before - after
        or (step.source in before and step.kind == LineageKind.RENAMED and set(step.targets) <= after - before)
    ]


def _check(step: Step, after: set[str], *, applies: bool) -> None:
    single = step.kind == LineageKind.RENAMED
    if (step.kind == LineageKind.GONE) == bool(step.targets) or (single and len(step.targets) != 1):
        wanted = {LineageKind.RENAMED: "one clause", LineageKind.GONE: "no clause"}.get(step.kind, "one clause or more")
        raise _refused(f"“{step.source}” is said to be {step.kind}: that takes {wanted} to lead to.")
    missing = [target for target in step.targets if target not in after]
    if applies and missing:
        raise _refused(f"“{step.source}” is said to lead to “{missing[0]}”, which is not in the new document.")


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"lineage": sentence})


def _same(step: Step) -> str | None:
    return step.targets[0] if step.kind == LineageKind.RENAMED else None


def _lineage(old: Outline, new: Outline, found: diff.DocumentDiff, steps: Sequence[Step]) -> tuple[Step, ...]:
    """One step for every anchor that vanishes: as told, or as the texts suggest."""
    told = {step.source: step for step in steps}
    after = {clause.anchor for clause in new.clauses}
    renamed = {pair.old: new.clauses[pair.new].anchor for pair in found.pairs}
    steps_found = []
    for index, clause in enumerate(old.clauses):
        if not clause.anchor or (clause.anchor in after and clause.anchor not in told):
            continue
        if clause.anchor in told:
            steps_found.append(told[clause.anchor])
        elif renamed.get(index):
            steps_found.append(Step(clause.anchor, LineageKind.RENAMED, (renamed[index],)))
        else:
            steps_found.append(_onward(clause.anchor, index, new, found))
    return tuple(steps_found)


def _onward(anchor: str, index: int, new: Outline, found: diff.DocumentDiff) -> Step:
    """Where the text of a clause that is not there any more went."""
    flows = [flow.new for flow in found.flows if flow.old == index]
    dissolved = [target for chapter in found.dissolved if chapter.chapter == index for target in chapter.targets]
    into = [j for j in flows or dissolved if new.clauses[j].anchor]
    if not into:
        return Step(anchor, LineageKind.GONE)
    kind = LineageKind.SPLIT if len(into) > 1 and set(into) <= set(found.added) else LineageKind.JOINED
    return Step(anchor, kind, tuple(new.clauses[j].anchor for j in into))
