"""Lists of proposals, and one proposal with all that its page says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from reviews.access.proposals import can_edit, visible_patch_sets, visible_proposals
from reviews.access.specs import Standing
from reviews.access.threads import visible_threads
from reviews.errors import NotFound
from reviews.models import (
    AuthorityLevel,
    Change,
    Clause,
    ClauseVersion,
    PatchSet,
    Position,
    Proposal,
    Spec,
    Thread,
    User,
)
from reviews.queries.approval import (
    WeighedPosition,
    changes_of,
    latest_override,
    newest_patch_set,
    positions_of,
    stale_changes,
    verdict_for,
    verdict_of,
    verdicts_of,
    with_overrides,
)
from reviews.queries.paging import NEWEST_FIRST, page_of
from reviews.rules.policy import PositionStatus, Verdict
from reviews.rules.states import OPEN_PROPOSAL_STATES, ProposalState

A_PAGE = 25
STATES = {
    "open": tuple(OPEN_PROPOSAL_STATES),
    "draft": (ProposalState.DRAFT,),
    "in_review": (ProposalState.IN_REVIEW,),
    "merged": (ProposalState.MERGED,),
    "closed": (ProposalState.WITHDRAWN, ProposalState.REJECTED),
    "all": tuple(ProposalState),
}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; an empty word does not narrow. `by` and `clause` are public identifiers."""

    state: str = "open"
    by: str = ""
    clause: str = ""
    visibility: str = ""
    words: str = ""


@dataclass(frozen=True)
class Row:
    """A proposal in a list, the clauses that it touches, and what it still needs."""

    proposal: Proposal
    clauses: list[str]
    threads: int
    verdict: Verdict


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` names the row that the next one begins behind."""

    rows: list[Row]
    after: str | None


@dataclass(frozen=True)
class Content:
    """One patch set of a proposal: its changes, those of them whose clause moved on, what people last said of it."""

    patch_set: PatchSet
    changes: list[Change]
    stale: frozenset[int]
    positions: list[WeighedPosition]
    verdict: Verdict


def listed(standing: Standing, filters: Filters, *, after: str = "", size: int = A_PAGE) -> Page:
    """The proposals that this person may see, newest first, narrowed by the filters."""
    seen = visible_proposals(standing)
    found = page_of(
        _narrowed(seen, filters).select_related("author"), order=NEWEST_FIRST, after=after, size=size, among=seen
    )
    verdicts = {pk: verdict_for(standing, one) for pk, one in verdicts_of(standing.spec, found.rows).items()}
    touched, threads = _touched(standing, found.rows), _thread_counts(standing, found.rows)
    rows = [Row(one, touched.get(one.pk, []), threads.get(one.pk, 0), verdicts[one.pk]) for one in found.rows]
    return Page(rows, found.after)


def state_counts(standing: Standing) -> dict[str, int]:
    """How many proposals this person may see in each of the groups of states."""
    counts = dict(visible_proposals(standing).order_by().values_list("state").annotate(Count("pk")))
    return {name: sum(counts.get(state.value, 0) for state in states) for name, states in STATES.items()}


def authors(standing: Standing) -> list[User]:
    """Who wrote a proposal that this person may see, by name."""
    return list(User.objects.filter(pk__in=visible_proposals(standing).values("author")).order_by("name", "pk")[:200])


def patch_sets(standing: Standing, proposal: Proposal) -> list[PatchSet]:
    """The patch sets that this person may see, in order."""
    return list(visible_patch_sets(standing, proposal).select_related("submitted_by").order_by("number"))


def content(standing: Standing, proposal: Proposal, patch_set: PatchSet) -> Content:
    """What a patch set does, and how it stands as far as this person may know.

    Only a proposal that is open can be out of date: the change of a merged one made the newer text itself.
    """
    changes = changes_of(patch_set)
    is_open = proposal.state in OPEN_PROPOSAL_STATES
    stale = frozenset(change.pk for change in stale_changes(changes)) if is_open else frozenset[int]()
    weighed = patch_set if patch_set.submitted_at is not None else None
    verdict = verdict_for(standing, verdict_of(proposal, weighed, changes))
    return Content(patch_set, changes, stale, _shown_positions(proposal, patch_set), verdict)


def _shown_positions(proposal: Proposal, patch_set: PatchSet) -> list[WeighedPosition]:
    """The latest position of each person by the time they were taken: with the newest patch set those of all patch sets, with
    an earlier one those that were taken on it."""
    found = sorted(positions_of(proposal), key=lambda one: one.position.pk)
    newest = newest_patch_set(proposal)
    if newest is None or patch_set.number >= newest.number:
        return found
    rows = with_overrides(patch_set.positions.all()).order_by("pk")
    return [_as_of_its_patch_set(row) for row in rows]


def _as_of_its_patch_set(position: Position) -> WeighedPosition:
    override = latest_override(position)
    return WeighedPosition(position, PositionStatus.OVERRIDDEN if override else PositionStatus.CURRENT, override)


def addressed_threads(standing: Standing, proposal: Proposal) -> list[Thread]:
    """The discussions that it addresses, as far as this person may see them."""
    rows = visible_threads(standing).filter(addressed_by=proposal).select_related("clause", "created_by")
    return list(rows.prefetch_related(Prefetch("comments")).order_by("pk")[:50])


def open_change(standing: Standing, proposal: Proposal, public_id: str) -> Change:
    """A change of the patch set that is being written; NotFound when it is not there or this person may not edit."""
    rows = Change.objects.filter(
        patch_set__proposal=proposal, patch_set__submitted_at__isnull=True, public_id=public_id
    )
    found = rows.select_related("base_version__authority", "clause", "after", "patch_set__proposal__spec").first()
    if found is None or not can_edit(standing, proposal):
        raise NotFound("This clause was taken out of the proposal, or its version was submitted.")
    return found


def clause_choices(spec: Spec) -> list[ClauseVersion]:
    """Every clause of the draft in order, to choose one from; without the sources."""
    rows = ClauseVersion.objects.at(spec, spec.head).order_by("order_key")
    return list(rows.select_related("clause", "authority").defer("source"))


def clause_named(spec: Spec, name: str) -> Clause:
    """A clause of the draft by its anchor or its identifier; NotFound when there is none."""
    rows = ClauseVersion.objects.at(spec, spec.head).select_related("clause")
    name = name.replace("\x00", "")
    found = rows.filter(anchor=name).first() or rows.filter(clause__public_id=name.removeprefix("~")).first()
    if found is None:
        raise NotFound("This clause is not in the draft.")
    return found.clause


def current_versions(changes: Sequence[Change]) -> dict[int, ClauseVersion]:
    """The versions that the clauses of these changes have in the draft now, by clause."""
    clauses = [change.clause_id for change in changes if change.clause_id]
    rows = ClauseVersion.objects.filter(clause__in=clauses, valid__upper_inf=True).select_related("authority")
    return {row.clause_id: row for row in rows}


def titles_of(spec: Spec, clauses: Sequence[int]) -> dict[int, str]:
    """What clauses are called now, or were called last."""
    rows = ClauseVersion.objects.filter(spec=spec, clause__in=clauses).order_by("clause", "-valid").distinct("clause")
    return {
        clause: title or "the text before the first heading" for clause, title in rows.values_list("clause", "title")
    }


def level_names(spec: Spec) -> dict[str, int]:
    """The authority levels with their ranks, highest first."""
    return dict(AuthorityLevel.objects.filter(spec=spec).order_by("rank").values_list("name", "rank"))


def _narrowed(rows: QuerySet[Proposal], filters: Filters) -> QuerySet[Proposal]:
    rows = rows.filter(state__in=STATES.get(filters.state, STATES["open"]))
    if filters.by:
        rows = rows.filter(author__public_id=filters.by)
    if filters.visibility:
        rows = rows.filter(visibility=filters.visibility)
    if filters.clause:
        named = Q(clause__public_id=filters.clause) | Q(base_version__anchor=filters.clause)
        submitted = Change.objects.filter(named, patch_set__proposal__in=rows.values("pk"))
        submitted = submitted.filter(patch_set__submitted_at__isnull=False)
        rows = rows.filter(pk__in=submitted.values("patch_set__proposal"))
    if filters.words:
        rows = rows.filter(Q(title__icontains=filters.words) | Q(rationale__icontains=filters.words))
    return rows


def _touched(standing: Standing, proposals: Sequence[Proposal]) -> dict[int, list[str]]:
    """The titles of the clauses that the newest visible patch set of each proposal changes."""
    sets = PatchSet.objects.filter(proposal__in=proposals)
    if not any(can_edit(standing, proposal) for proposal in proposals[:1]):
        sets = sets.filter(submitted_at__isnull=False)
    newest = sets.order_by("proposal", "-number").distinct("proposal").values("pk")
    rows = Change.objects.filter(patch_set__in=newest).order_by("pk")
    found: dict[int, list[str]] = {}
    for proposal, title in rows.values_list("patch_set__proposal", "base_version__title"):
        found.setdefault(proposal, []).append(title or "a new clause")
    return found


def _thread_counts(standing: Standing, proposals: Sequence[Proposal]) -> dict[int, int]:
    rows = visible_threads(standing).filter(proposal__in=proposals).order_by()
    return dict(rows.values_list("proposal").annotate(Count("pk")))
