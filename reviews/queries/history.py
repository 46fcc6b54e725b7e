"""The history of one clause: its versions, what brought each of them, where it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.access.proposals import visible_proposals
from reviews.access.specs import Standing
from reviews.models import Change, Clause, ClauseVersion, Lineage, PatchSet, Proposal, Revision, User
from reviews.queries.clauses import successors
from reviews.queries.reading import Edition
from reviews.rules.kinds import LineageKind
from reviews.rules.roles import Verb
from reviews.rules.states import OPEN_PROPOSAL_STATES

PAGE = 20


@dataclass(frozen=True)
class Origin:
    """What brought a revision, as far as this person may know."""

    number: int
    revision: Revision | None
    proposal: Proposal | None
    summary: str

    @property
    def author(self) -> User | None:
        """Who wrote it: the proposal's author, or who imported it; None where this person may not know."""
        if self.proposal is not None:
            return self.proposal.author
        return self.revision.author if self.revision and not self.revision.proposal_id else None

    @property
    def merged_by(self) -> User | None:
        """Who merged the proposal."""
        return self.revision.author if self.revision and self.proposal is not None else None


@dataclass(frozen=True)
class Entry:
    """A version of a clause, the version before it, and what brought it."""

    version: ClauseVersion
    previous: ClauseVersion | None
    origin: Origin


@dataclass(frozen=True)
class Gone:
    """The end of a clause: its last version, what ended it, and where its words went."""

    version: ClauseVersion
    origin: Origin
    kind: str
    targets: list[ClauseVersion]


def history(
    standing: Standing, clause: int, *, until: int, before: int | None = None, size: int = PAGE
) -> tuple[list[Entry], int | None]:
    """The versions of a clause up to a revision, newest first, and the revision that the next page begins before."""
    rows = ClauseVersion.objects.filter(clause=clause, valid__startswith__lte=until)
    if before is not None:
        rows = rows.filter(valid__startswith__lt=before)
    found = list(rows.select_related("authority").order_by("-valid")[: size + 1])
    told = origins(standing, [version.since for version in found])
    older = [*found[1:], None]
    entries = [Entry(one, last, told[one.since]) for one, last in zip(found, older, strict=True)]
    return entries[:size], found[size - 1].since if len(found) > size else None


def origins(standing: Standing, numbers: Iterable[int]) -> dict[int, Origin]:
    """What brought these revisions; of an internal proposal outsiders learn only that it came with a release."""
    rows = Revision.objects.filter(spec=standing.spec, number__in=list(numbers))
    revisions = list(rows.select_related("author", "parent", "proposal__author"))
    wanted = [row.proposal_id for row in revisions if row.proposal_id]
    seen = set(visible_proposals(standing).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    return {row.number: _origin(row, seen) for row in revisions}


def _origin(row: Revision, seen: set[int]) -> Origin:
    if row.proposal is not None and row.proposal_id not in seen:
        return Origin(row.number, row, None, "Merged with a release")
    return Origin(row.number, row, row.proposal, row.summary)


def places(clause: int, editions: Sequence[Edition]) -> list[tuple[Edition, int, str | None]]:
    """Where a clause stands: each release that has it, with the revision its words are of and its anchor there."""
    rows = ClauseVersion.objects.filter(clause=clause).order_by("valid").values_list("valid", "anchor")
    spans = [(valid.lower, valid.upper, anchor) for valid, anchor in rows]
    return [
        (edition, since, anchor)
        for edition in editions
        for since, end, anchor in spans
        if since <= edition.number and (end is None or edition.number < end)
    ]


def open_proposals(standing: Standing, clause: Clause) -> list[Proposal]:
    """The proposals that would change this clause now, as far as this person may know."""
    proposals = visible_proposals(standing).filter(state__in=OPEN_PROPOSAL_STATES)
    sets = PatchSet.objects.filter(proposal__in=proposals)
    if not standing.may(Verb.PROPOSE):
        sets = sets.filter(submitted_at__isnull=False)
    newest = sets.order_by("proposal", "-number").distinct("proposal").values("pk")
    rows = Change.objects.filter(patch_set__in=newest, clause=clause).order_by("-patch_set__proposal__created_at")
    return [change.patch_set.proposal for change in rows.select_related("patch_set__proposal__author")[:50]]


def gone(standing: Standing, anchor: str, *, until: int) -> Gone | None:
    """How the clause that last had this anchor ended; None while it lives or when nobody ever had it."""
    rows = ClauseVersion.objects.filter(spec=standing.spec, valid__startswith__lte=until)
    owner = rows.filter(anchor=anchor).order_by("-valid").values("clause")[:1]
    last = rows.filter(clause__in=owner).select_related("clause", "authority").order_by("-valid").first()
    if last is None or last.until is None or last.until > until:
        return None
    kind = Lineage.objects.filter(source=last.clause_id, revision__number=last.until).values_list("kind", flat=True)
    targets = successors(standing.spec, anchor, until)
    return Gone(last, origins(standing, [last.until])[last.until], kind.first() or LineageKind.GONE, targets)
