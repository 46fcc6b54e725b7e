"""Members and invitations, profiles, personal tokens, one-time sign-in links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from reviews.access import specs as access
from reviews.actions import rate_limits
from reviews.actions.events import record
from reviews.actions.locks import lock_spec
from reviews.actions.secrets import derived_secret, hashed, new_secret
from reviews.actions.wording import checked_line
from reviews.errors import Conflict, Invalid, NotAllowed, NotFound
from reviews.jobs import JobName, enqueue
from reviews.models import ApiToken, Invitation, Membership, SignInLink, Spec, User
from reviews.rules.kinds import EventKind
from reviews.rules.rates import RateKind, invitation_limits
from reviews.rules.roles import FOUNDER_ROLES, Role, Verb, may
from reviews.rules.scopes import TokenScope

INVITATION_DAYS = 14
TOKEN_DAYS = 365
NOTED_EVERY = timedelta(minutes=1)
NOT_OPEN = "This invitation was used, withdrawn or has expired. Ask for a new one."


@transaction.atomic
def invite(spec: Spec, *, email: str, roles: Iterable[str], by: User, now: datetime) -> tuple[Invitation, str]:
    """Return an invitation and the secret of its link, which is told only now (and mailed); it expires after 14 days.

    An open invitation for the same address is replaced. Raises Invalid for an address or role that is none and for the
    address of a member, TooManyRequests when the person has invited many others lately.
    """
    spec = lock_spec(spec)
    access.check(spec, by, Verb.MANAGE_MEMBERS)
    email, roles = _checked_email(email), checked_roles(roles)
    if Membership.objects.filter(spec=spec, user__email=email).exists():
        raise Invalid(
            "This person is a member already.", fields={"email": "Change their roles in the list of members."}
        )
    limits = invitation_limits(now - by.joined_at)
    rate_limits.count(RateKind.INVITATION, by.public_id, now=now, limits=limits)
    _revoke(spec, Invitation.objects.filter(email=email), by=by, now=now)
    invitation = Invitation(
        spec=spec,
        email=email,
        roles=roles,
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    secret = secret_of_invitation(invitation)
    invitation.secret_hash = hashed(secret)
    invitation.save(force_insert=True)
    record(EventKind.MEMBER_INVITED, spec=spec, by=by, now=now, data={"roles": invitation.roles})
    enqueue(JobName.MAIL_INVITATION, key=invitation.public_id, now=now, invitation=invitation.pk)
    return invitation, secret


def secret_of_invitation(invitation: Invitation) -> str:
    """Return the secret of an invitation's link, made anew for whoever has just made it and for the mail."""
    return derived_secret("invitation", invitation.public_id)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Make the link useless. Doing it twice is done once; raises Conflict when the invitation was accepted."""
    spec = lock_spec(invitation.spec)
    access.check(spec, by, Verb.MANAGE_MEMBERS)
    if Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=False).exists():
        raise Conflict("This invitation was accepted. Remove the member instead.")
    _revoke(spec, Invitation.objects.filter(pk=invitation.pk), by=by, now=now)


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """Return the invitation behind a link.

    Raises NotFound when it was used, withdrawn or has expired, when its spec is archived, and when whoever made it may not
    invite anybody any more.
    """
    found = Invitation.objects.select_related("spec", "created_by").filter(secret_hash=hashed(secret)).first()
    if found is None or found.accepted_at or found.revoked_at or found.expires_at <= now:
        raise NotFound(NOT_OPEN)
    if not access.standing_in(found.spec, found.created_by).may(Verb.MANAGE_MEMBERS):
        raise NotFound(NOT_OPEN)
    return found


@transaction.atomic
def accept_invitation(secret: str, *, by: User, now: datetime) -> Membership:
    """Make the person a member with the roles of the invitation, added to those they have.

    Raises NotAllowed when the invitation was sent to another address than that of the person's account.
    """
    spec = lock_spec(open_invitation(secret, now=now).spec)
    invitation = open_invitation(secret, now=now)
    check_invited(invitation, by)
    membership, _ = Membership.objects.get_or_create(
        spec=spec, user=by, defaults={"roles": [Role.MEMBER], "created_at": now}
    )
    membership.roles = sorted({*membership.roles, *invitation.roles})
    membership.save(update_fields=["roles"])
    invitation.accepted_at, invitation.accepted_by = now, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(EventKind.MEMBER_JOINED, spec=spec, by=by, now=now, data={"roles": membership.roles})
    return membership


def check_invited(invitation: Invitation, person: User) -> None:
    """Raise NotAllowed unless the invitation was sent to the address of the person's account."""
    if person.email != invitation.email:
        raise NotAllowed(
            f"This invitation is for the account with the address {masked_address(invitation.email)}. "
            "Sign out, then sign in with that account, or ask for an invitation to your own address."
        )


def masked_address(email: str) -> str:
    """Return as much of an address as its owner needs to know it again: "a…@example.org"."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


@transaction.atomic
def join_with_new_account(secret: str, *, name: str, password: str, now: datetime) -> User:
    """An account for the invited address, and the membership. Raises Invalid when the address has an account."""
    invitation = open_invitation(secret, now=now)
    user = User(email=invitation.email, name=_checked_name(name))
    check_password_strength(password, user)
    user.set_password(password)
    _insert_user(user)
    accept_invitation(secret, by=user, now=now)
    return user


@transaction.atomic
def change_roles(spec: Spec, *, user: User, roles: Iterable[str], by: User, now: datetime) -> Membership:
    """Replace a member's roles. Raises Conflict when nobody would be owner any more.

    The invitations of somebody who may invite nobody any more are revoked.
    """
    spec = lock_spec(spec)
    access.check(spec, by, Verb.MANAGE_MEMBERS)
    membership = _membership(spec, user)
    membership.roles = checked_roles(roles)
    membership.save(update_fields=["roles"])
    _check_owned(spec)
    _revoke_invitations_of(spec, user, membership.roles, by=by, now=now)
    record(
        EventKind.MEMBER_CHANGED, spec=spec, by=by, now=now, data={"user": user.public_id, "roles": membership.roles}
    )
    return membership


@transaction.atomic
def remove_member(spec: Spec, *, user: User, by: User, now: datetime) -> None:
    """End a membership; what the person wrote stays, but their open invitations are revoked.

    Raises Conflict when nobody would be owner any more.
    """
    spec = lock_spec(spec)
    access.check(spec, by, Verb.MANAGE_MEMBERS)
    _membership(spec, user).delete()
    _check_owned(spec)
    _revoke_invitations_of(spec, user, [], by=by, now=now)
    record(EventKind.MEMBER_REMOVED, spec=spec, by=by, now=now, data={"user": user.public_id})


@transaction.atomic
def adopt(spec: Spec, *, owner: User, now: datetime) -> None:
    """Give a spec that nobody owns an owner; for the command line. An owner of it stays what they are.

    Raises Conflict when others own it.
    """
    spec = lock_spec(spec)
    owners = access.people_with(spec, Role.OWNER)
    if owner.pk in owners:
        return
    if owners:
        raise Conflict("This spec has an owner: ask them for an invitation.")
    before = Membership.objects.filter(spec=spec, user=owner).first()
    roles = sorted({*(before.roles if before else []), *FOUNDER_ROLES})
    Membership.objects.update_or_create(
        spec=spec, user=owner, defaults={"roles": roles}, create_defaults={"roles": roles, "created_at": now}
    )
    data = {"user": owner.public_id, "roles": roles}
    record(EventKind.MEMBER_CHANGED, spec=spec, by=None, now=now, data=data)


def create_person(*, email: str, name: str) -> User:
    """A person who signs in by a link until they choose a password; for the command line.

    Raises Invalid when the address is none or has an account.
    """
    user = User(email=_checked_email(email), name=_checked_name(name))
    user.set_unusable_password()
    _insert_user(user)
    return user


def update_profile(user: User, *, name: str) -> User:
    """Change the name that others see."""
    user.name = _checked_name(name)
    user.save(update_fields=["name"])
    return user


def create_token(
    user: User, *, name: str, now: datetime, days: int = TOKEN_DAYS, scopes: Iterable[str] = tuple(TokenScope)
) -> tuple[ApiToken, str]:
    """Return a personal key to the API and its secret, which is told only now. Raises Invalid for what it can't have."""
    name = checked_line(name, field="name", most=100, what="Say what the token is for.")
    chosen = set(scopes)
    if not chosen or not chosen <= set(TokenScope):
        raise Invalid("Choose what the token may do.", fields={"scopes": ", ".join(TokenScope)})
    if not 1 <= days <= TOKEN_DAYS:
        raise Invalid("A token lives 1 to 365 days.", fields={"days": "Write a number from 1 to 365."})
    secret = new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=[scope.value for scope in TokenScope if scope in chosen],
        secret_hash=hashed(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, secret


def revoke_token(user: User, *, public_id: str, now: datetime) -> None:
    """Make a token useless, for good; NotFound when it is not the person's."""
    tokens = ApiToken.objects.filter(user=user, public_id=public_id)
    if not tokens.exists():
        raise NotFound()
    tokens.filter(revoked_at__isnull=True).update(revoked_at=now)


def use_token(secret: str, *, now: datetime) -> User | None:
    """Return the person of a token that is valid now, None otherwise."""
    token = open_token(secret, now=now)
    return None if token is None else token.user


def open_token(secret: str, *, now: datetime) -> ApiToken | None:
    """Return a token that is valid now, with its person, None otherwise; its use is noted at most once a minute."""
    rows = ApiToken.objects.filter(secret_hash=hashed(secret), revoked_at__isnull=True, expires_at__gt=now)
    token = rows.filter(user__is_active=True).select_related("user").first()
    if token is None:
        return None
    if token.last_used_at is None or token.last_used_at <= now - NOTED_EVERY:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token


def make_sign_in_link(user: User, *, now: datetime, days: int = 7, reusable: bool = False) -> str:
    """Return the secret of a link that signs this person in, once unless it is reusable (development only)."""
    if reusable and settings.PRODUCTION:
        raise NotAllowed("Links that can be used again are for development only.")
    secret = new_secret()
    SignInLink.objects.create(
        secret_hash=hashed(secret), user=user, reusable=reusable, expires_at=now + timedelta(days=days)
    )
    return secret


def open_sign_in_link(secret: str, *, now: datetime) -> SignInLink:
    """The link, not yet used. Raises NotFound when it was used or has expired."""
    return _usable(SignInLink.objects.select_related("user"), secret, now)


@transaction.atomic
def use_sign_in_link(secret: str, *, now: datetime) -> User:
    """The person of a link, which is spent by this. Raises NotFound when it was used or has expired."""
    rows = SignInLink.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    link = _usable(rows, secret, now)
    link.used_at = now
    link.save(update_fields=["used_at"])
    return link.user


@transaction.atomic
def ask_password_reset(email: str, *, now: datetime) -> None:
    """Promise a mail with a link to set a password, where an active account has this address; at most one a minute."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is not None:
        enqueue(JobName.MAIL_PASSWORD_RESET, key=f"{user.public_id}:{now:%Y%m%d%H%M}", now=now, user=user.pk)


def checked_roles(roles: Iterable[str]) -> list[str]:
    """The roles in a fixed order; Invalid when there is none or one is unknown."""
    chosen = set(roles)
    if not chosen or not chosen <= {role.value for role in Role}:
        raise Invalid("Choose at least one role.", fields={"roles": ", ".join(role.value for role in Role)})
    return sorted(chosen)


def check_password_strength(password: str, user: User) -> None:
    """Raise Invalid with the reasons when a password is too weak."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("This password is too easy to guess.", fields={"password": " ".join(error.messages)}) from None


def _usable(rows: QuerySet[SignInLink], secret: str, now: datetime) -> SignInLink:
    link = rows.filter(secret_hash=hashed(secret), expires_at__gt=now, user__is_active=True).first()
    if link is None or (link.used_at and not link.reusable) or (link.reusable and settings.PRODUCTION):
        raise NotFound("This link was used or has expired.")
    return link


def _revoke_invitations_of(spec: Spec, user: User, roles: Iterable[str], *, by: User, now: datetime) -> None:
    """Revoke what somebody offered who, with these roles, may offer nothing any more; else they could invite themselves."""
    if not may(roles, Verb.MANAGE_MEMBERS):
        _revoke(spec, Invitation.objects.filter(created_by=user), by=by, now=now)


def _revoke(spec: Spec, invitations: QuerySet[Invitation], *, by: User, now: datetime) -> None:
    """Revoke those of the invitations that are open; the caller holds the lock of the spec."""
    for invitation in invitations.filter(spec=spec, accepted_at__isnull=True, revoked_at__isnull=True):
        Invitation.objects.filter(pk=invitation.pk).update(revoked_at=now)
        data = {"invitation": invitation.public_id, "roles": invitation.roles}
        record(EventKind.INVITATION_REVOKED, spec=spec, by=by, now=now, data=data)


def _insert_user(user: User) -> None:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Invalid("There is an account with this address: sign in to accept the invitation.") from None


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid("This is not an e-mail address.", fields={"email": "For example: ana@example.org"}) from None
    return email


def _checked_name(name: str) -> str:
    return checked_line(name, field="name", most=150, what="A name is needed.")


def _membership(spec: Spec, user: User) -> Membership:
    found = Membership.objects.filter(spec=spec, user=user).first()
    if found is None:
        raise NotFound("This person is not a member.")
    return found


def _check_owned(spec: Spec) -> None:
    if not access.people_with(spec, Role.OWNER):
        raise Conflict("A spec needs an owner: make somebody else owner first.")
