"""Where proposals stand against their spec's policy, from the rows as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from django.db.models import Prefetch, QuerySet

from reviews.access.specs import Standing, members_of, people_with
from reviews.models import (
    AuthorityLevel,
    Change,
    ClauseVersion,
    ConcernOverride,
    PatchSet,
    Position,
    Proposal,
    Spec,
    User,
)
from reviews.rules.kinds import PositionKind
from reviews.rules.policy import PositionStatus, Stand, Verdict, status_of, verdict
from reviews.rules.roles import Role
from reviews.text import outline


@dataclass(frozen=True)
class Facts:
    """What proposals of one spec are weighed by: its levels and people, who wrote in which, which clause versions are still
    current, and the authorities of the parts below each clause that moves."""

    levels: Mapping[str, int]
    default: int
    members: frozenset[int]
    approvers: frozenset[int]
    wrote: Mapping[int, frozenset[int]]
    current: frozenset[int]
    below: Mapping[int, frozenset[str]]


@dataclass(frozen=True)
class WeighedPosition:
    """The latest position of one person on a proposal, whether it counts for the newest patch set, the override that holds."""

    position: Position
    status: PositionStatus
    override: ConcernOverride | None = None

    @property
    def person(self) -> User:
        return self.position.person

    @property
    def kind(self) -> PositionKind:
        return PositionKind(self.position.kind)


def newest_patch_set(proposal: Proposal) -> PatchSet | None:
    """The newest that was submitted: the one that positions are about and that would be merged."""
    return PatchSet.objects.filter(proposal=proposal, submitted_at__isnull=False).order_by("-number").first()


def open_patch_set(proposal: Proposal) -> PatchSet | None:
    """The one that is being written, if any."""
    return PatchSet.objects.filter(proposal=proposal, submitted_at__isnull=True).first()


def changes_of(patch_set: PatchSet) -> list[Change]:
    """The changes of a patch set in order, with the versions that they were written against."""
    return list(patch_set.changes.select_related("base_version__authority", "clause", "after", "saved_by"))


def verdict_of(proposal: Proposal, patch_set: PatchSet | None, changes: Sequence[Change]) -> Verdict:
    """Return what the policy says of a patch set with these changes; None: of a proposal that was never submitted."""
    positions = [] if patch_set is None else positions_of(proposal)
    return _weighed(proposal, changes, positions, facts_for(proposal.spec, [proposal], changes))


def verdicts_of(spec: Spec, proposals: Sequence[Proposal]) -> dict[int, Verdict]:
    """Return what the policy says of many proposals of one spec, by their ids, in a constant number of queries.

    Weighed is the newest submitted patch set, before the first one the open one.
    """
    patch_sets = _patch_sets(proposals)
    weighed = {pk: _weighed_patch_set(rows) for pk, rows in patch_sets.items()}
    changes = _by_patch_set(
        Change.objects.filter(patch_set__in=weighed.values()).select_related("base_version__authority").order_by("pk")
    )
    positions = _weighed_positions(proposals, patch_sets)
    facts = facts_for(spec, proposals, [change for group in changes.values() for change in group])
    return {
        proposal.pk: _weighed(proposal, changes[weighed[proposal.pk].pk], positions[proposal.pk], facts)
        for proposal in proposals
    }


def verdict_for(standing: Standing, verdict: Verdict) -> Verdict:
    """Return the verdict as this person may know it: how many approvers a spec has is for its members only."""
    return verdict if standing.is_insider else replace(verdict, reviewers=None)


def positions_of(proposal: Proposal) -> list[WeighedPosition]:
    """Return the latest position of each person on a proposal, and whether it counts for the newest patch set."""
    return _weighed_positions([proposal], _patch_sets([proposal]))[proposal.pk]


def positions_of_each(proposals: Sequence[Proposal]) -> dict[int, list[WeighedPosition]]:
    """Return what `positions_of` returns for many proposals, by their ids, in a constant number of queries."""
    return _weighed_positions(proposals, _patch_sets(proposals))


def facts_for(spec: Spec, proposals: Iterable[Proposal], changes: Iterable[Change]) -> Facts:
    """What these proposals are weighed by at this moment."""
    changes = list(changes)
    authors = {proposal.pk: proposal.author_id for proposal in proposals}
    pairs = Proposal.coauthors.through.objects.filter(proposal__in=authors).values_list("proposal_id", "user_id")
    wrote: dict[int, set[int]] = {pk: {author} for pk, author in authors.items()}
    for proposal, user in pairs:
        wrote[proposal].add(user)
    return Facts(
        levels=dict(AuthorityLevel.objects.filter(spec=spec).values_list("name", "required_supports")),
        default=spec.default_supports,
        members=members_of(spec),
        approvers=people_with(spec, Role.APPROVER),
        wrote={pk: frozenset(people) for pk, people in wrote.items()},
        current=_current(change.base_version_id for change in changes),
        below=_below(spec, {change.clause_id for change in changes if _takes_parts_along(change)}),
    )


def stale_changes(changes: Sequence[Change]) -> list[Change]:
    """Those whose clause has another version now than the one they were written against."""
    return _stale(changes, _current(change.base_version_id for change in changes))


def title_of(change: Change) -> str:
    """What a change is called in a sentence."""
    if change.base_version is not None:
        return change.base_version.title or "the text before the first heading"
    return next((clause.title for clause in outline.parse(change.source).clauses if clause.title), "a new clause")


def _weighed(
    proposal: Proposal, changes: Sequence[Change], positions: Iterable[WeighedPosition], facts: Facts
) -> Verdict:
    wrote = facts.wrote[proposal.pk]
    stale = [title_of(change) for change in _stale(changes, facts.current)]
    names = [name for change in changes for name in _authorities(change) | _moved_along(change, facts)]
    needed = [facts.levels.get(name, facts.default) for name in names]
    reviewers = len(facts.approvers - wrote)
    return verdict(needed=needed, stands=_stands(positions, facts, wrote), stale=stale, reviewers=reviewers)


def _stands(positions: Iterable[WeighedPosition], facts: Facts, wrote: frozenset[int]) -> list[Stand]:
    """The positions as the policy weighs them.

    Supports are those of people who are members now and did not write in it. A concern stands also when its holder has
    left or wrote in the proposal later: else it could be removed by removing or involving its holder.
    """
    return [
        Stand(one.person.pk, one.person.name, one.kind, one.person.pk in facts.approvers - wrote)
        for one in positions
        if one.status.counts and (one.kind is PositionKind.CONCERN or one.person.pk in facts.members - wrote)
    ]


def _patch_sets(proposals: Iterable[Proposal]) -> dict[int, list[PatchSet]]:
    rows = PatchSet.objects.filter(proposal__in=[proposal.pk for proposal in proposals]).order_by("number")
    found: dict[int, list[PatchSet]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found


def _weighed_patch_set(rows: Sequence[PatchSet]) -> PatchSet:
    """The newest submitted one, else the first."""
    return next((row for row in reversed(rows) if row.submitted_at is not None), rows[0])


def _weighed_positions(
    proposals: Iterable[Proposal], patch_sets: Mapping[int, Sequence[PatchSet]]
) -> defaultdict[int, list[WeighedPosition]]:
    rows = Position.objects.filter(patch_set__proposal__in=[proposal.pk for proposal in proposals])
    rows = with_overrides(rows).order_by("patch_set__proposal_id", "person_id", "-pk")
    found: defaultdict[int, list[WeighedPosition]] = defaultdict(list)
    for row in rows.distinct("patch_set__proposal_id", "person_id"):
        found[row.patch_set.proposal_id].append(_weighed_position(row, patch_sets[row.patch_set.proposal_id]))
    return found


def _weighed_position(row: Position, patch_sets: Sequence[PatchSet]) -> WeighedPosition:
    override = latest_override(row)
    status = status_of(
        PositionKind(row.kind),
        differences=_differences(patch_sets, since=row.patch_set),
        since_override=_differences(patch_sets, since=override.patch_set) if override else None,
    )
    return WeighedPosition(row, status, override if status is PositionStatus.OVERRIDDEN else None)


def with_overrides(rows: QuerySet[Position]) -> QuerySet[Position]:
    """Return the positions with all that `latest_override` and WeighedPosition need."""
    overrides = ConcernOverride.objects.select_related("by", "patch_set").order_by("pk")
    return rows.select_related("person", "patch_set").prefetch_related(Prefetch("overrides", overrides))


def latest_override(position: Position) -> ConcernOverride | None:
    """Return the last decision to override a concern, also when the text has changed since; None where there is none."""
    return next(reversed(position.overrides.all()), None)


def _differences(patch_sets: Iterable[PatchSet], *, since: PatchSet) -> list[str]:
    """The change classes of the patch sets that were submitted after another one of the same proposal."""
    later = (one for one in patch_sets if one.number > since.number and one.submitted_at is not None)
    return [one.difference or "substantive" for one in later]


def _stale(changes: Iterable[Change], current: frozenset[int]) -> list[Change]:
    return [one for one in changes if one.base_version_id is not None and one.base_version_id not in current]


def _current(versions: Iterable[int | None]) -> frozenset[int]:
    wanted = {version for version in versions if version is not None}
    rows = ClauseVersion.objects.filter(pk__in=wanted, valid__upper_inf=True)
    return frozenset(rows.values_list("pk", flat=True)) if wanted else frozenset()


def _by_patch_set(rows: Iterable[object]) -> defaultdict[int, list]:
    groups: defaultdict[int, list] = defaultdict(list)
    for row in rows:
        groups[row.patch_set_id].append(row)  # type: ignore[attr-defined]
    return groups


def _authorities(change: Change) -> set[str]:
    """The authority of the clause before and after the change, empty for none."""
    names = {clause.authority for clause in outline.parse(change.source).clauses} if change.source else set()
    if change.base_version is not None:
        names.add(change.base_version.authority.name if change.base_version.authority else "")
    return names


def _takes_parts_along(change: Change) -> bool:
    """A move carries the parts below a clause with it, unless it says that the clause moves alone."""
    return change.placed and not change.alone and change.clause_id is not None


def _moved_along(change: Change, facts: Facts) -> frozenset[str]:
    return facts.below.get(change.clause_id, frozenset()) if _takes_parts_along(change) else frozenset()


def _below(spec: Spec, clauses: set[int | None]) -> dict[int, frozenset[str]]:
    """The authorities of the parts below each of these clauses at the head."""
    if not clauses:
        return {}
    rows = ClauseVersion.objects.at(spec, spec.head).order_by("order_key")
    order = list(rows.values_list("clause_id", "level", "authority__name"))
    found = {}
    for at, (clause, level, _) in enumerate(order):
        if clause in clauses:
            parts = takewhile(lambda row, top=level: row[1] > top, order[at + 1 :])
            found[clause] = frozenset(name or "" for _, _, name in parts)
    return found
