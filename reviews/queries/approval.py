"""Where a proposal stands against its spec's policy, from the rows as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reviews.access.proposals import writers
from reviews.access.specs import members_of, people_with
from reviews.models import AuthorityLevel, Change, ClauseVersion, PatchSet, Position, Proposal
from reviews.rules.kinds import PositionKind
from reviews.rules.policy import Stand, Verdict, verdict
from reviews.rules.roles import Role
from reviews.text import outline


def newest_patch_set(proposal: Proposal) -> PatchSet | None:
    """The newest that was submitted: the one that positions are about and that would be merged."""
    return PatchSet.objects.filter(proposal=proposal, submitted_at__isnull=False).order_by("-number").first()


def open_patch_set(proposal: Proposal) -> PatchSet | None:
    """The one that is being written, if any."""
    return PatchSet.objects.filter(proposal=proposal, submitted_at__isnull=True).first()


def changes_of(patch_set: PatchSet) -> list[Change]:
    """The changes of a patch set in order, with the versions that they were written against."""
    return list(patch_set.changes.select_related("base_version__authority", "clause", "after"))


def verdict_of(proposal: Proposal, patch_set: PatchSet | None, changes: Sequence[Change]) -> Verdict:
    """What the policy says of a patch set with these changes."""
    stands = [] if patch_set is None else latest_stands(proposal, patch_set)
    return verdict(
        needed=_needed(proposal, changes), stands=stands, stale=[title_of(change) for change in stale_changes(changes)]
    )


def latest_positions(patch_set: PatchSet) -> list[Position]:
    """The last position of each person on a patch set."""
    rows = Position.objects.filter(patch_set=patch_set).select_related("person").order_by("person", "-pk")
    return list(rows.distinct("person"))


def latest_stands(proposal: Proposal, patch_set: PatchSet) -> list[Stand]:
    """The same as the policy weighs them: only of those who are members now and did not write in it."""
    members, approvers = members_of(proposal.spec), people_with(proposal.spec, Role.APPROVER)
    heard = members - writers(proposal)
    return [
        Stand(position.person_id, position.person.name, PositionKind(position.kind), position.person_id in approvers)
        for position in latest_positions(patch_set)
        if position.person_id in heard
    ]


def stale_changes(changes: Iterable[Change]) -> list[Change]:
    """Those whose clause has another version now than the one they were written against."""
    based = [change for change in changes if change.base_version_id is not None]
    current = ClauseVersion.objects.filter(pk__in=[change.base_version_id for change in based], valid__upper_inf=True)
    fresh = set(current.values_list("pk", flat=True))
    return [change for change in based if change.base_version_id not in fresh]


def title_of(change: Change) -> str:
    """What a change is called in a sentence."""
    if change.base_version is not None:
        return change.base_version.title or "the text before the first heading"
    return next((clause.title for clause in outline.parse(change.source).clauses if clause.title), "a new clause")


def _needed(proposal: Proposal, changes: Iterable[Change]) -> list[int]:
    levels = dict(AuthorityLevel.objects.filter(spec=proposal.spec).values_list("name", "required_supports"))
    default = proposal.spec.default_supports
    return [levels.get(name, default) for change in changes for name in _authorities(change)]


def _authorities(change: Change) -> set[str]:
    """The authority of the clause before and after the change, empty for none."""
    names = {clause.authority for clause in outline.parse(change.source).clauses} if change.source else set()
    if change.base_version is not None:
        names.add(change.base_version.authority.name if change.base_version.authority else "")
    return names
