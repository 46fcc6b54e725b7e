"""Merging an approved proposal: exactly what was approved, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.access.specs import check
from reviews.actions import images, renderings, revisions
from reviews.actions.composition import compose
from reviews.actions.events import record
from reviews.actions.locks import lock_proposal, lock_spec
from reviews.errors import Conflict, IllegalMove
from reviews.models import Proposal, Revision, Spec, User
from reviews.queries.approval import changes_of, newest_patch_set, verdict_of
from reviews.rules import states
from reviews.rules.kinds import EventKind, Visibility
from reviews.rules.roles import Verb


@transaction.atomic
def merge(proposal: Proposal, *, by: User, now: datetime) -> Revision:
    """Apply the newest submitted patch set to the draft as one revision.

    Everything is weighed again under the lock. Raises Conflict with the sentence of what is still needed, IllegalMove for
    one that is not in review or is internal (those are merged by the release that contains them).
    """
    spec = lock_spec(proposal.spec)
    check(spec, by, Verb.MERGE)
    proposal = lock_proposal(proposal)
    if proposal.visibility == Visibility.INTERNAL:
        raise IllegalMove("An internal proposal is merged by publishing the release that contains it.")
    return apply(spec, proposal, by=by, now=now)


def apply(spec: Spec, proposal: Proposal, *, by: User, now: datetime) -> Revision:
    """The same within a transaction that has locked both rows and checked the person."""
    state = states.after(states.PROPOSAL, state=proposal.state, verb="merge")
    patch_set = newest_patch_set(proposal)
    changes = changes_of(patch_set) if patch_set else []
    verdict = verdict_of(proposal, patch_set, changes)
    if not verdict.ready:
        raise Conflict(verdict.sentence, fresh=verdict)
    edit = images.along(spec, proposal, changes, compose(spec, changes))
    origin = revisions.Origin(by=by, now=now, summary=proposal.title, proposal=proposal)
    revision = revisions.write(spec, edit, origin)
    renderings.keep_for_revision(spec, revision)
    proposal.state, proposal.closed_at = state, now
    proposal.save(update_fields=["state", "closed_at"])
    record(
        EventKind.PROPOSAL_MERGED,
        spec=spec,
        by=by,
        now=now,
        visibility=Visibility.PUBLIC,
        proposal=proposal,
        revision=revision,
        data={"patch_set": patch_set.number if patch_set else 0},
    )
    return revision
