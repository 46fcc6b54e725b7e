"""Taking a position on a patch set, and overriding a concern."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.access import proposals as access
from reviews.access.specs import standing_in
from reviews.actions.events import record
from reviews.actions.locks import lock_proposal
from reviews.actions.wording import checked_reason, checked_text
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import ConcernOverride, PatchSet, Position, Proposal, User
from reviews.queries.approval import newest_patch_set, positions_of
from reviews.rules.kinds import EventKind, PositionKind
from reviews.rules.policy import PositionStatus
from reviews.rules.states import ProposalState


@transaction.atomic
def take(proposal: Proposal, *, kind: str, patch_set: int, by: User, now: datetime, reason: str = "") -> Position:
    """Say what one thinks of the patch set that one has read; the last position of a person counts.

    `withdrawn` takes back what the person said before. What the person says of it already is returned as it is: a form that
    is sent twice is one position and one mail.

    Raises Invalid for an unknown kind or a concern without a reason, Conflict when there is a newer patch set.
    """
    proposal = lock_proposal(proposal)
    access.check_take_position(standing_in(proposal.spec, by), proposal)
    if proposal.state != ProposalState.IN_REVIEW:
        raise IllegalMove(f"It is {ProposalState(proposal.state).label}: reviews are submitted while it is in review.")
    newest = newest_patch_set(proposal)
    if newest is None or newest.number != patch_set:
        raise Conflict("There is a newer version of this proposal. Read it first.", fresh=newest)
    reason = _checked(kind, checked_text(reason, field="reason"))
    if kind == PositionKind.WITHDRAWN:
        _check_something_to_withdraw(proposal, by)
    same = _same_position(newest, kind=kind, reason=reason, by=by)
    if same is not None:
        return same
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


@transaction.atomic
def override(
    proposal: Proposal, *, position: str, reason: str, by: User, now: datetime, patch_set: int | None = None
) -> ConcernOverride:
    """Decide that a standing concern no longer keeps the proposal from being merged; the reason is printed in the release.

    `patch_set` is the one that was read, None for the newest. The concern stands again when a later one reads differently.

    Raises NotAllowed for writers of the proposal and for the holder of the concern, who withdraws it instead; NotFound
    unless the position is a concern that stands now; Conflict when there is a newer patch set.
    """
    proposal = lock_proposal(proposal)
    access.check_override(standing_in(proposal.spec, by), proposal)
    if proposal.state != ProposalState.IN_REVIEW:
        raise IllegalMove(
            f"It is {ProposalState(proposal.state).label}: concerns are overridden while it is in review."
        )
    newest = newest_patch_set(proposal)
    if newest is None or patch_set not in (None, newest.number):
        raise Conflict("There is a newer version of this proposal. Read it first.", fresh=newest)
    concern = _standing_concern(proposal, position)
    if concern.person_id == by.pk:
        raise NotAllowed("This is your own concern. Withdraw it instead.")
    made = ConcernOverride.objects.create(
        position=concern,
        patch_set=newest,
        by=by,
        reason=checked_reason(reason, what="Say why it is overridden."),
        created_at=now,
    )
    record(
        EventKind.CONCERN_OVERRIDDEN,
        spec=proposal.spec,
        by=by,
        now=now,
        visibility=proposal.visibility,
        proposal=proposal,
        data={"position": concern.public_id, "patch_set": newest.number, "reason": made.reason},
    )
    return made


def _standing_concern(proposal: Proposal, public_id: str) -> Position:
    for one in positions_of(proposal):
        if one.position.public_id == public_id and one.kind is PositionKind.CONCERN and one.status.counts:
            return one.position
    raise NotFound("This concern was withdrawn or overridden already.")


def _same_position(patch_set: PatchSet, *, kind: str, reason: str, by: User) -> Position | None:
    """The person's last position if it says this of this patch set already; not an overridden one, which is raised again."""
    last = Position.objects.filter(patch_set__proposal=patch_set.proposal_id, person=by).order_by("-pk").first()
    if last is None or (last.patch_set_id, last.kind, last.reason) != (patch_set.pk, kind, reason):
        return None
    return None if last.overrides.exists() else last


def _check_something_to_withdraw(proposal: Proposal, by: User) -> None:
    own = [one for one in positions_of(proposal) if one.person.pk == by.pk]
    if not own or own[0].status is PositionStatus.WITHDRAWN:
        raise IllegalMove("You have no review to withdraw.")


def _checked(kind: str, reason: str) -> str:
    if kind not in set(PositionKind):
        raise Invalid("Choose what you think of it.", fields={"kind": ", ".join(PositionKind)})
    if kind == PositionKind.CONCERN and not reason:
        raise Invalid("A concern needs its reason.", fields={"reason": "Say what would have to change."})
    return reason
