"""What a proposal still needs before it may be merged: counted from facts, said in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.rules.kinds import PositionKind


@dataclass(frozen=True)
class Stand:
    """The latest position of one person on the newest patch set; `counts` is false for authors and those without the role."""

    person: int
    name: str
    kind: PositionKind
    counts: bool


@dataclass(frozen=True)
class Verdict:
    """Where a proposal stands: supports needed and had, who has a concern, and what changed underneath."""

    needed: int
    supports: int
    concerns: tuple[str, ...]
    stale: tuple[str, ...] = ()

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
        return [f"{more if missing == 1 else many} from an approver" if missing == 1 else f"{many} from approvers"]

    def _moved(self) -> list[str]:
        if not self.stale:
            return []
        return [f"a new patch set, since {_listed(self.stale)} changed in the draft meanwhile"]


def verdict(*, needed: Iterable[int], stands: Sequence[Stand], stale: Sequence[str] = ()) -> Verdict:
    """Weigh the positions against the supports that each touched authority level asks for (the highest decides).

    Supports count distinct people that count; a concern counts from any member but an author.
    """
    supporters = {stand.person for stand in stands if stand.counts and stand.kind is PositionKind.SUPPORT}
    concerned = tuple(sorted({stand.name for stand in stands if stand.kind is PositionKind.CONCERN}))
    return Verdict(max(needed, default=1), len(supporters), concerned, tuple(stale))


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:3]]
    rest = len(names) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
