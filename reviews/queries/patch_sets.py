"""Patch sets of a proposal and the changes in them, as somebody may see them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from reviews.access.proposals import visible_patch_sets
from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Change, PatchSet, Proposal
from reviews.queries.approval import changes_of, newest_patch_set, open_patch_set, verdict_for, verdict_of
from reviews.rules.policy import Verdict

TOLD = ("clause", "base_version", "after", "saved_by")


def listed(standing: Standing, proposal: Proposal) -> QuerySet[PatchSet]:
    """The patch sets that this person may see."""
    return visible_patch_sets(standing, proposal).select_related("submitted_by")


def numbered(standing: Standing, proposal: Proposal, number: int) -> PatchSet:
    """One patch set with `listed_changes`; NotFound when it is not there or not for this person."""
    changes = Prefetch("changes", Change.objects.select_related(*TOLD).order_by("pk"), to_attr="listed_changes")
    found = listed(standing, proposal).filter(number=number).prefetch_related(changes).first()
    if found is None:
        raise NotFound()
    return found


def change_of(standing: Standing, proposal: Proposal, public_id: str) -> Change:
    """One change by its identifier; NotFound when it is not there or not for this person."""
    rows = Change.objects.filter(patch_set__in=visible_patch_sets(standing, proposal), public_id=public_id)
    found = rows.select_related(*TOLD, "patch_set__proposal__spec").first()
    if found is None:
        raise NotFound()
    return found


def approval_of(standing: Standing, proposal: Proposal) -> tuple[int | None, Verdict]:
    """The number of the newest submitted patch set and what the policy says of it; before the first, of the open one."""
    newest = newest_patch_set(proposal)
    weighed = newest or open_patch_set(proposal)
    changes = changes_of(weighed) if weighed else []
    verdict = verdict_of(proposal, newest, changes)
    return (newest.number if newest else None), verdict_for(standing, verdict)
