"""Who is told of an event, and whether they may know of it at this moment."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from reviews.access.events import visible_events
from reviews.access.proposals import visible_proposals
from reviews.access.specs import standing_in
from reviews.models import Comment, Delivery, Event, Membership, Position, Proposal, Thread, User
from reviews.rules.kinds import EventKind
from reviews.rules.roles import Role, Verb

THREAD_MOVES = frozenset(
    {EventKind.THREAD_ADDRESSED, EventKind.THREAD_RESOLVED, EventKind.THREAD_DECLINED, EventKind.THREAD_REOPENED}
)


def recipients(event: Event) -> list[User]:
    """Return the active people whom an event concerns, without the one who caused it.

    Whether they may know of it is asked of each. A comment that was withdrawn before its mail was sent concerns nobody.
    """
    if event.comment is not None and event.comment.withdrawn_at is not None:
        return []
    people = User.objects.filter(_concerned(event), is_active=True)
    return list(people.exclude(pk=event.actor_id).order_by("pk"))


def undelivered(event: Event) -> list[User]:
    """Return the recipients to whom the mail of the event was not sent yet."""
    delivered = set(Delivery.objects.filter(event=event).values_list("person", flat=True))
    return [user for user in recipients(event) if user.pk not in delivered]


def may_know(event: Event, user: User) -> bool:
    """Whether the person may see this event now: roles, visibility and state of things as they are at this moment."""
    standing = standing_in(event.spec, user)
    if not user.is_active or not (event.spec.is_public or standing.may(Verb.SEE_INTERNAL)):
        return False
    return visible_events(standing).filter(pk=event.pk).exists()


def position_of(event: Event) -> Position | None:
    """The position that an event tells of: the one that its actor took in the same transaction."""
    rows = Position.objects.filter(patch_set__proposal=event.proposal_id, person=event.actor_id, created_at=event.at)
    return rows.select_related("patch_set").first()


def addressing_proposal(event: Event, user: User) -> Proposal | None:
    """Return the proposal that addresses the thread of an event now, if this person may know of it."""
    if event.thread is None or event.thread.addressed_by_id is None:
        return None
    visible = visible_proposals(standing_in(event.spec, user))
    return visible.filter(pk=event.thread.addressed_by_id).first()


def _concerned(event: Event) -> Q:
    if event.kind == EventKind.RELEASE_PUBLISHED:
        return Q(pk__in=_members(event))
    if event.thread is not None:
        return _in_thread(event)
    return _in_proposal(event)


def _in_proposal(event: Event) -> Q:
    """Its author and those who took positions, also on earlier patch sets; the approvers when it is submitted.

    A mail that is tried again days later still goes to those whom the event concerned when it happened.
    """
    positions = Position.objects.filter(patch_set__proposal=event.proposal_id, created_at__lte=event.at)
    concerned = _author(event) | Q(pk__in=positions.values("person"))
    if event.kind == EventKind.PROPOSAL_SUBMITTED:
        concerned |= Q(pk__in=_members(event, Role.APPROVER))
    return concerned


def _in_thread(event: Event) -> Q:
    """The people who opened it or wrote in it; on a proposal its author; of new comments on a clause the editors."""
    opener = Thread.objects.filter(pk=event.thread_id).values("created_by")
    writers = Comment.objects.filter(thread=event.thread_id, created_at__lte=event.at).values("author")
    concerned = Q(pk__in=opener) | Q(pk__in=writers)
    if event.proposal_id is not None:
        return concerned | _author(event)
    if event.kind in THREAD_MOVES:
        return concerned
    return concerned | Q(pk__in=_members(event, Role.EDITOR))


def _author(event: Event) -> Q:
    return Q(pk__in=Proposal.objects.filter(pk=event.proposal_id).values("author"))


def _members(event: Event, *roles: Role) -> QuerySet[Membership]:
    rows = Membership.objects.filter(spec=event.spec_id)
    if roles:
        rows = rows.filter(roles__overlap=[role.value for role in roles])
    return rows.values("user")
