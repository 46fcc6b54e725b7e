"""Members of a spec, open invitations, a person's tokens."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from reviews.errors import NotFound
from reviews.models import ApiToken, BrowserSession, Invitation, Membership, Spec, User
from reviews.queries.paging import Order, Slice, page_of

BY_JOINING = Order("pk", "user__public_id")
A_PAGE = 50


def members(spec: Spec, *, after: str = "", size: int = A_PAGE) -> Slice:
    """The members with their people, those who joined first first."""
    rows = Membership.objects.filter(spec=spec).select_related("user")
    return page_of(rows, order=BY_JOINING, after=after, size=size)


def member_of(spec: Spec, public_id: str) -> User:
    """One member by the person's identifier; NotFound otherwise."""
    found = User.objects.filter(public_id=public_id, memberships__spec=spec).first()
    if found is None:
        raise NotFound("This person is not a member.")
    return found


def invitation_of(spec: Spec, public_id: str) -> Invitation:
    """One invitation by its identifier; NotFound otherwise."""
    found = Invitation.objects.filter(spec=spec, public_id=public_id).first()
    if found is None:
        raise NotFound()
    return found


def open_invitations(spec: Spec, *, now: datetime) -> list[Invitation]:
    """The newest hundred that can still be accepted."""
    rows = Invitation.objects.filter(spec=spec, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
    return list(rows.select_related("created_by").order_by("-pk")[:100])


def tokens(user: User, *, now: datetime) -> list[ApiToken]:
    """The newest hundred personal tokens that still open something."""
    rows = ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=now)
    return list(rows.order_by("-pk")[:100])


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address."""
    return User.objects.filter(email=email.lower()).exists()


def person_with(public_id: str) -> User | None:
    """Return the active person with this identifier, None when there is none."""
    if not public_id.isalnum():  # what comes from an address may hold characters that can't be asked for
        return None
    return User.objects.filter(public_id=public_id, is_active=True).first()


def knows_network(email: str, network: str) -> bool:
    """Return whether somebody with this address has signed in from this network before."""
    return BrowserSession.objects.filter(user__email=email.strip().lower(), network=network).exists()


def sessions(user: User, *, now: datetime) -> list[BrowserSession]:
    """Return the newest fifty sessions in which the person is signed in now."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = BrowserSession.objects.filter(user=user, ended_at__isnull=True, key__in=alive)
    return list(rows.order_by("-pk")[:50])
