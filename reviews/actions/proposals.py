"""The life of a proposal: begun, submitted, withdrawn, rejected, reopened. Merging has a file of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.access import proposals as access
from reviews.access.specs import check, standing_in
from reviews.actions import images
from reviews.actions.composition import compose, is_idle
from reviews.actions.events import record
from reviews.actions.locks import lock_proposal, lock_spec
from reviews.actions.wording import checked_line, checked_reason, checked_text
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed
from reviews.models import Change, PatchSet, Proposal, Spec, User
from reviews.queries.approval import changes_of, newest_patch_set, open_patch_set, stale_changes, title_of
from reviews.queries.patch_set_differences import SUBSTANTIVE, difference_between
from reviews.rules import states
from reviews.rules.kinds import EventKind, Visibility
from reviews.rules.roles import Verb
from reviews.rules.states import ProposalState


@transaction.atomic
def create(
    spec: Spec, *, title: str, by: User, now: datetime, rationale: str = "", visibility: str = Visibility.PUBLIC
) -> Proposal:
    """A draft with an empty first patch set on the present head. Who may see it is fixed from now on.

    Raises Invalid when the title is missing or the visibility is none.
    """
    spec = lock_spec(spec)
    check(spec, by, Verb.PROPOSE)
    if visibility not in set(Visibility):
        raise Invalid("A proposal is public or internal.", fields={"visibility": "Choose public or internal."})
    proposal = Proposal.objects.create(
        spec=spec,
        author=by,
        title=checked_title(title),
        rationale=checked_text(rationale, field="rationale"),
        visibility=visibility,
        created_at=now,
    )
    PatchSet.objects.create(proposal=proposal, number=1, base=spec.head, created_at=now)
    record(EventKind.PROPOSAL_CREATED, spec=spec, by=by, now=now, proposal=proposal)
    return proposal


@transaction.atomic
def describe(
    proposal: Proposal, *, title: str, rationale: str, expected_version: int, by: User, now: datetime
) -> Proposal:
    """Change the title and rationale of a proposal that is being written.

    Reviewers judge both, and the title stands in the history of the draft: while a proposal is in review they change with
    its next patch set only, for which supports don't carry over. Raises IllegalMove where none is being written, Conflict
    with the fresh proposal when somebody else saved them since.
    """
    proposal = lock_proposal(proposal)
    access.check_edit(standing_in(proposal.spec, by), proposal)
    _check_open(proposal)
    if open_patch_set(proposal) is None:
        raise IllegalMove(
            "This version was submitted. Edit the proposal as a new version to change its title or reasons."
        )
    if proposal.details_version != expected_version:
        raise Conflict("Somebody else changed the title or rationale meanwhile.", fresh=proposal)
    proposal.title, proposal.rationale = checked_title(title), checked_text(rationale, field="rationale")
    proposal.details_version += 1
    proposal.save(update_fields=["title", "rationale", "details_version"])
    return proposal


@transaction.atomic
def submit(proposal: Proposal, *, by: User, now: datetime) -> PatchSet:
    """Freeze the open patch set and ask for review.

    Raises Invalid when it changes nothing or would break the document, Conflict when a clause moved on meanwhile.
    """
    spec = lock_spec(proposal.spec)
    proposal = lock_proposal(proposal)
    access.check_edit(standing_in(spec, by), proposal)
    state = states.after(states.PROPOSAL, state=proposal.state, verb="submit")
    patch_set = _open(proposal)
    changes = changes_of(patch_set)
    _check_worth_submitting(changes, shows_images=proposal.images.exists())
    if images.along(spec, proposal, changes, compose(spec, changes)).is_empty:
        raise Invalid("This proposal changes nothing: each clause stands already where it is to be moved.")
    patch_set.difference = _difference_from_last(proposal, changes)
    patch_set.submitted_at, patch_set.submitted_by, patch_set.base = now, by, spec.head
    patch_set.details_version = proposal.details_version
    patch_set.save(update_fields=["submitted_at", "submitted_by", "base", "difference", "details_version"])
    proposal.state, proposal.submitted_at = state, proposal.submitted_at or now
    proposal.save(update_fields=["state", "submitted_at"])
    record(
        EventKind.PROPOSAL_SUBMITTED,
        spec=spec,
        by=by,
        now=now,
        visibility=proposal.visibility,
        proposal=proposal,
        data={"patch_set": patch_set.number},
    )
    return patch_set


@transaction.atomic
def revise(proposal: Proposal, *, by: User, now: datetime) -> PatchSet:
    """Open the next patch set with the changes of the newest; what is open already is returned as it is."""
    spec = lock_spec(proposal.spec)
    proposal = lock_proposal(proposal)
    access.check_edit(standing_in(spec, by), proposal)
    _check_open(proposal)
    return open_patch_set(proposal) or _next_patch_set(proposal, spec=spec, now=now)


@transaction.atomic
def withdraw(proposal: Proposal, *, reason: str, by: User, now: datetime) -> Proposal:
    """Its author takes it back, saying why."""
    proposal = lock_proposal(proposal)
    if not access.can_withdraw(standing_in(proposal.spec, by), proposal):
        raise NotAllowed("Only the author of a proposal may withdraw it.")
    return _close(proposal, verb="withdraw", kind=EventKind.PROPOSAL_WITHDRAWN, reason=reason, by=by, now=now)


@transaction.atomic
def reject(proposal: Proposal, *, reason: str, by: User, now: datetime) -> Proposal:
    """An editor, approver or owner turns it down, saying why."""
    proposal = lock_proposal(proposal)
    check(proposal.spec, by, Verb.REJECT)
    return _close(proposal, verb="reject", kind=EventKind.PROPOSAL_REJECTED, reason=reason, by=by, now=now)


@transaction.atomic
def reopen(proposal: Proposal, *, grounds: str, by: User, now: datetime) -> Proposal:
    """Make a draft of it again, on new grounds; its supports stay with the old patch sets, concerns go on to stand."""
    spec = lock_spec(proposal.spec)
    proposal = lock_proposal(proposal)
    access.check_edit(standing_in(spec, by), proposal)
    proposal.state = states.after(states.PROPOSAL, state=proposal.state, verb="reopen")
    reason = checked_reason(grounds, what="Say what is new since it was closed.")
    proposal.closing_reason, proposal.closed_at = "", None
    proposal.save(update_fields=["state", "closing_reason", "closed_at"])
    if open_patch_set(proposal) is None:
        _next_patch_set(proposal, spec=spec, now=now)
    record(
        EventKind.PROPOSAL_REOPENED,
        spec=spec,
        by=by,
        now=now,
        visibility=told_to(proposal),
        proposal=proposal,
        data={"grounds": reason},
    )
    return proposal


def checked_title(title: str) -> str:
    """The title as one line; raises Invalid unless it has 1 to 200 characters, all of them to be seen."""
    return checked_line(title, field="title", most=200, what="A proposal needs a title of at most 200 characters.")


def told_to(proposal: Proposal) -> str:
    """Who may know of an event of this proposal: outsiders only of a public one that was submitted."""
    return proposal.visibility if proposal.submitted_at else Visibility.INTERNAL


def _close(proposal: Proposal, *, verb: str, kind: EventKind, reason: str, by: User, now: datetime) -> Proposal:
    proposal.state = states.after(states.PROPOSAL, state=proposal.state, verb=verb)
    proposal.closing_reason = checked_reason(reason, what="Say why, for those who come after.")
    proposal.closed_at = now
    proposal.save(update_fields=["state", "closing_reason", "closed_at"])
    record(
        kind,
        spec=proposal.spec,
        by=by,
        now=now,
        visibility=told_to(proposal),
        proposal=proposal,
        data={"reason": proposal.closing_reason},
    )
    return proposal


def _check_open(proposal: Proposal) -> None:
    if proposal.state not in states.OPEN_PROPOSAL_STATES:
        raise IllegalMove(f"It is {ProposalState(proposal.state).label}: reopen it to change it.")


def _open(proposal: Proposal) -> PatchSet:
    found = open_patch_set(proposal)
    if found is None:
        raise IllegalMove("Nothing was changed since it was submitted.")
    return found


def _check_worth_submitting(changes: list[Change], *, shows_images: bool) -> None:
    if not changes or (all(is_idle(change) for change in changes) and not shows_images):
        raise Invalid("This proposal changes nothing yet: open a clause in it and edit its text.")
    stale = stale_changes(changes)
    if stale:
        names = ", ".join(f"“{title_of(change)}”" for change in stale)
        raise Conflict(f"The draft has a newer text of {names}. Bring your change up to date first.", fresh=stale)


def _difference_from_last(proposal: Proposal, changes: list[Change]) -> str:
    """The class of change since the patch set before, empty for the first one.

    After reopening it is substantive whatever changed: the grounds are new, and a rejection must not be undone by sending
    the same text again under the support of then. So it is with another title or rationale, which were reviewed as well.
    """
    last = newest_patch_set(proposal)
    if last is None:
        return ""
    was_reopened = proposal.state == ProposalState.DRAFT
    # Patch sets from before this was stored have 0: then only the texts are compared.
    was_described_anew = last.details_version not in (0, proposal.details_version)
    if was_reopened or was_described_anew:
        return SUBSTANTIVE
    return difference_between(changes_of(last), changes)


def _next_patch_set(proposal: Proposal, *, spec: Spec, now: datetime) -> PatchSet:
    last = newest_patch_set(proposal)
    number = last.number + 1 if last else 1
    fresh = PatchSet.objects.create(proposal=proposal, number=number, base=spec.head, created_at=now)
    if last is not None:
        Change.objects.bulk_create(_copied(change, fresh) for change in changes_of(last))
    return fresh


def _copied(change: Change, patch_set: PatchSet) -> Change:
    return Change(
        patch_set=patch_set,
        kind=change.kind,
        clause=change.clause,
        base_version=change.base_version,
        source=change.source,
        source_before_delete=change.source_before_delete,
        placed=change.placed,
        after=change.after,
        alone=change.alone,
        onward=change.onward,
        saved_by=change.saved_by,
        saved_at=change.saved_at,
    )
