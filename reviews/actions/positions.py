"""Taking a position on a patch set."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.access import proposals as access
from reviews.access.specs import standing_in
from reviews.actions.events import record
from reviews.actions.locks import lock_proposal
from reviews.actions.wording import checked_text
from reviews.errors import Conflict, IllegalMove, Invalid
from reviews.models import Position, Proposal, User
from reviews.queries.approval import newest_patch_set
from reviews.rules.kinds import EventKind, PositionKind
from reviews.rules.states import ProposalState


@transaction.atomic
def take(proposal: Proposal, *, kind: str, patch_set: int, by: User, now: datetime, reason: str = "") -> Position:
    """Say what one thinks of the patch set that one has read; the last word of a person counts.

    Raises Invalid for an unknown kind or a concern without a reason, Conflict when there is a newer patch set.
    """
    proposal = lock_proposal(proposal)
    access.check_take_position(standing_in(proposal.spec, by), proposal)
    if proposal.state != ProposalState.IN_REVIEW:
        raise IllegalMove(f"It is {ProposalState(proposal.state).label}: positions are taken while it is in review.")
    newest = newest_patch_set(proposal)
    if newest is None or newest.number != patch_set:
        raise Conflict("There is a newer patch set: read it first.", fresh=newest)
    reason = _checked(kind, checked_text(reason, field="reason"))
    position = Position.objects.create(patch_set=newest, person=by, kind=kind, reason=reason, created_at=now)
    record(
        EventKind.POSITION_TAKEN,
        spec=proposal.spec,
        by=by,
        now=now,
        visibility=proposal.visibility,
        proposal=proposal,
        data={"kind": kind, "patch_set": newest.number},
    )
    return position


def _checked(kind: str, reason: str) -> str:
    if kind not in set(PositionKind):
        raise Invalid("Choose a position.", fields={"kind": ", ".join(PositionKind)})
    if kind == PositionKind.CONCERN and not reason:
        raise Invalid("A concern needs its reason.", fields={"reason": "Say what would have to change."})
    return reason
