"""What a proposal still needs before it may be merged: counted from facts, said in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reviews.rules.kinds import PositionKind

# Positions carry over to the next patch set across these classes of change; a concern and a recusal across all.
CARRYING_CLASSES = frozenset({"none", "markup"})
ALWAYS_CARRIED = frozenset({PositionKind.CONCERN, PositionKind.RECUSE})


class PositionStatus(StrEnum):
    """Whether a position counts for the newest patch set."""

    CURRENT = "current"
    CARRIED = "carried"
    LAPSED = "lapsed"
    OVERRIDDEN = "overridden"
    WITHDRAWN = "withdrawn"

    @property
    def counts(self) -> bool:
        return self in (PositionStatus.CURRENT, PositionStatus.CARRIED)


def status_of(
    kind: PositionKind, *, differences: Sequence[str], since_override: Sequence[str] | None = None
) -> PositionStatus:
    """Return whether a person's latest position counts for the newest patch set.

    `differences` are the change classes of the patch sets that were submitted after the position was taken, in order, and
    `since_override` those after it was overridden; None where it was not. An override holds as long as support does: who
    decided so read the text, and another text could bring back what the concern is about.
    """
    if kind is PositionKind.WITHDRAWN:
        return PositionStatus.WITHDRAWN
    if since_override is not None and CARRYING_CLASSES.issuperset(since_override):
        return PositionStatus.OVERRIDDEN
    if not differences:
        return PositionStatus.CURRENT
    carries = kind in ALWAYS_CARRIED or CARRYING_CLASSES.issuperset(differences)
    return PositionStatus.CARRIED if carries else PositionStatus.LAPSED


@dataclass(frozen=True)
class Stand:
    """The latest position of one person that counts for the newest patch set; `counts` is false for authors and those
    without the role."""

    person: int
    name: str
    kind: PositionKind
    counts: bool


@dataclass(frozen=True)
class Verdict:
    """Where a proposal stands: supports needed and had, who has a concern, what changed underneath, and how many approvers
    there are who may support it (None: not asked)."""

    needed: int
    supports: int
    concerns: tuple[str, ...]
    stale: tuple[str, ...] = ()
    reviewers: int | None = None

    @property
    def approved(self) -> bool:
        """Enough support and no standing concern; a stale proposal may be approved and still not fit."""
        return self.supports >= self.needed and not self.concerns

    @property
    def ready(self) -> bool:
        """It may be merged at this moment."""
        return self.approved and not self.stale

    @property
    def sentence(self) -> str:
        """What is still needed, in one sentence; the same in lists, mail and the API."""
        parts = [*self._missing_support(), *(f"concern by {name} open" for name in self.concerns), *self._moved()]
        return f"Still needs: {'; '.join(parts)}." if parts else "Approved: nothing more is needed."

    def _missing_support(self) -> list[str]:
        missing = self.needed - self.supports
        if missing <= 0:
            return []
        more = "1 support" if self.supports == 0 else "1 more support"
        many = f"{missing} supports" if self.supports == 0 else f"{missing} more supports"
        said = f"{more} from an approver" if missing == 1 else f"{many} from approvers"
        return [said + self._too_few()]

    def _too_few(self) -> str:
        """What to do when nobody can satisfy the policy, however long one waits."""
        if self.reviewers is None or self.reviewers >= self.needed:
            return ""
        have = {0: "no approver", 1: "only 1 approver"}.get(self.reviewers, f"only {self.reviewers} approvers")
        return f" (this spec has {have} who didn’t write in it; an owner can invite more)"

    def _moved(self) -> list[str]:
        if not self.stale:
            return []
        return [f"a new version, since {_listed(self.stale)} changed in the draft meanwhile"]


def verdict(
    *, needed: Iterable[int], stands: Sequence[Stand], stale: Sequence[str] = (), reviewers: int | None = None
) -> Verdict:
    """Weigh the positions against the supports that each touched authority level asks for (the highest decides).

    Supports count distinct people that count; every concern counts, until its holder withdraws it or it is overridden.
    """
    supporters = {stand.person for stand in stands if stand.counts and stand.kind is PositionKind.SUPPORT}
    concerned = tuple(sorted({stand.name for stand in stands if stand.kind is PositionKind.CONCERN}))
    return Verdict(max(needed, default=1), len(supporters), concerned, tuple(stale), reviewers)


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:3]]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
