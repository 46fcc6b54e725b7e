"""How much the changes of two patch sets of one proposal differ, as a change class."""

from __future__ import annotations

from collections.abc import Sequence

from reviews.models import Change
from reviews.rules.kinds import ChangeKind
from reviews.text.changes import NAMES, classify
from reviews.text.merge import Merged, merge

NONE, SUBSTANTIVE = "none", "substantive"


def difference_between(before: Sequence[Change], after: Sequence[Change]) -> str:
    """Return the class of change from one patch set to the next: that of the change that differs most.

    A clause that was brought up to date with the draft and says what the old change says, merged into the newer text,
    doesn't differ. A clause that came, went, or got another place is a substantive difference.
    """
    old, new = ({_key(change): change for change in changes} for changes in (before, after))
    if len(old) != len(before) or len(new) != len(after):  # two new clauses under one key can't be told apart
        return NONE if _contents(before) == _contents(after) else SUBSTANTIVE
    if old.keys() != new.keys():
        return SUBSTANTIVE
    classes = [_difference(change, new[key]) for key, change in old.items()]
    return max(classes, key=list(NAMES).index, default=NONE)


def _key(change: Change) -> tuple[int | None, str]:
    """What makes two changes one in two patch sets: the clause, or the heading line of a new clause."""
    heading = change.source.partition("\n")[0] if change.kind == ChangeKind.ADD else ""
    return change.clause_id, heading


def _contents(changes: Sequence[Change]) -> list[tuple[object, ...]]:
    return [(change.clause_id, change.kind, change.source, *_place(change)) for change in changes]


def _place(change: Change) -> tuple[bool, int | None, bool]:
    return change.placed, change.after_id, change.alone


def _difference(old: Change, new: Change) -> str:
    deletes = ChangeKind.DELETE in (old.kind, new.kind)
    if _place(old) != _place(new) or (deletes and (old.kind, old.base_version_id) != (new.kind, new.base_version_id)):
        return SUBSTANTIVE
    if old.base_version_id == new.base_version_id:
        return classify(old.source, new.source).name
    expected = _rebased(old, new)
    return SUBSTANTIVE if expected is None else classify(expected, new.source).name


def _rebased(old: Change, new: Change) -> str | None:
    """The old text merged into the base of the new one; None where a person had to decide."""
    if old.base_version is None or new.base_version is None:
        return None
    merged = merge(old.base_version.source, old.source, new.base_version.source)
    return merged.text if isinstance(merged, Merged) else None
