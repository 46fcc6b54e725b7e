"""Where proposals stand against their spec's policy, from the rows as they are now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from reviews.access.specs import members_of, people_with
from reviews.models import AuthorityLevel, Change, ClauseVersion, PatchSet, Position, Proposal, Spec
from reviews.rules.kinds import PositionKind
from reviews.rules.policy import Stand, Verdict, verdict
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
    """What the policy says of a patch set with these changes."""
    positions = [] if patch_set is None else latest_positions(patch_set)
    return _weighed(proposal, changes, positions, facts_for(proposal.spec, [proposal], changes))


def verdicts_of(spec: Spec, proposals: Sequence[Proposal]) -> dict[int, Verdict]:
    """The same for many proposals of one spec, by their ids, in a constant number of queries.

    Weighed is the newest submitted patch set, before the first one the open one.
    """
    weighed = _weighed_patch_sets(proposals)
    changes = _by_patch_set(
        Change.objects.filter(patch_set__in=weighed.values()).select_related("base_version__authority").order_by("pk")
    )
    positions = _by_patch_set(_latest(Position.objects.filter(patch_set__in=weighed.values())))
    facts = facts_for(spec, proposals, [change for group in changes.values() for change in group])
    return {
        proposal.pk: _weighed(proposal, changes[weighed[proposal.pk].pk], positions[weighed[proposal.pk].pk], facts)
        for proposal in proposals
    }


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


def latest_positions(patch_set: PatchSet) -> list[Position]:
    """The last position of each person on a patch set."""
    return list(_latest(Position.objects.filter(patch_set=patch_set)))


def stale_changes(changes: Sequence[Change]) -> list[Change]:
    """Those whose clause has another version now than the one they were written against."""
    return _stale(changes, _current(change.base_version_id for change in changes))


def title_of(change: Change) -> str:
    """What a change is called in a sentence."""
    if change.base_version is not None:
        return change.base_version.title or "the text before the first heading"
    return next((clause.title for clause in outline.parse(change.source).clauses if clause.title), "a new clause")


def _weighed(proposal: Proposal, changes: Sequence[Change], positions: Iterable[Position], facts: Facts) -> Verdict:
    stands = _stands(positions, facts, facts.wrote[proposal.pk])
    stale = [title_of(change) for change in _stale(changes, facts.current)]
    names = [name for change in changes for name in _authorities(change) | _moved_along(change, facts)]
    needed = [facts.levels.get(name, facts.default) for name in names]
    return verdict(needed=needed, stands=stands, stale=stale)


def _stands(positions: Iterable[Position], facts: Facts, wrote: frozenset[int]) -> list[Stand]:
    """The positions as the policy weighs them: only of those who are members now and did not write in it."""
    return [
        Stand(
            position.person_id,
            position.person.name,
            PositionKind(position.kind),
            position.person_id in facts.approvers,
        )
        for position in positions
        if position.person_id in facts.members - wrote
    ]


def _stale(changes: Iterable[Change], current: frozenset[int]) -> list[Change]:
    return [one for one in changes if one.base_version_id is not None and one.base_version_id not in current]


def _current(versions: Iterable[int | None]) -> frozenset[int]:
    wanted = {version for version in versions if version is not None}
    rows = ClauseVersion.objects.filter(pk__in=wanted, valid__upper_inf=True)
    return frozenset(rows.values_list("pk", flat=True)) if wanted else frozenset()


def _latest(positions: object) -> Iterable[Position]:
    rows = positions.select_related("person").order_by("patch_set_id", "person_id", "-pk")  # type: ignore[attr-defined]
    return rows.distinct("patch_set_id", "person_id")


def _weighed_patch_sets(proposals: Iterable[Proposal]) -> dict[int, PatchSet]:
    rows = PatchSet.objects.filter(proposal__in=[proposal.pk for proposal in proposals]).order_by("number")
    found: dict[int, PatchSet] = {}
    for row in rows:
        if row.submitted_at is not None or row.proposal_id not in found:
            found[row.proposal_id] = row
    return found


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
