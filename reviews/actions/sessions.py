"""The sessions of a person: listing them, ending one, ending all."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from reviews.actions.wording import one_line
from reviews.errors import NotFound
from reviews.models import ApiToken, BrowserSession, User


def begin(user: User, *, key: str, network: str, browser: str, now: datetime) -> None:
    """List a session that has begun; a key that is listed already stays as it is."""
    row = BrowserSession(user=user, key=key, network=network, browser=one_line(browser)[:60], began_at=now)
    BrowserSession.objects.bulk_create([row], ignore_conflicts=True)


def change_key(old: str, new: str) -> None:
    """Follow a session whose key was changed."""
    BrowserSession.objects.filter(key=old).update(key=new)


def leave(key: str, *, now: datetime) -> None:
    """Note that a session was ended by signing out."""
    BrowserSession.objects.filter(key=key, ended_at__isnull=True).update(ended_at=now)


@transaction.atomic
def end(user: User, *, public_id: str, now: datetime) -> None:
    """Sign out one of the person's sessions. Raises NotFound when it is not theirs or has ended."""
    rows = BrowserSession.objects.select_for_update(no_key=True)
    row = rows.filter(user=user, public_id=public_id, ended_at__isnull=True).first()
    if row is None:
        raise NotFound()
    _end([row], now)


@transaction.atomic
def end_all(user: User, *, now: datetime) -> None:
    """Sign out everywhere, also where a session began before sessions were listed."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    _end(list(_open_sessions(user)), now)


@transaction.atomic
def change_password(user: User, *, password: str, key: str, now: datetime) -> User:
    """Set another password; it ends every session but the one with this key, and revokes every token.

    Sessions that are not listed end too: Django signs each with the password's hash.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    _end([row for row in _open_sessions(user) if row.key != key], now)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
    return user


@transaction.atomic
def reset_password(user: User, *, token: str, password: str, now: datetime) -> User:
    """Set another password by the token of a mailed link; every session ends and every token is revoked.

    Raises NotFound when the link was used meanwhile: of two requests with one link the second one finds it spent.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not default_token_generator.check_token(user, token):
        raise NotFound("This link was used or has expired.")
    return change_password(user, password=password, key="", now=now)


def _open_sessions(user: User) -> list[BrowserSession]:
    rows = BrowserSession.objects.select_for_update(no_key=True).filter(user=user, ended_at__isnull=True)
    return list(rows.order_by("pk"))


def _end(rows: list[BrowserSession], now: datetime) -> None:
    Session.objects.filter(session_key__in=[row.key for row in rows]).delete()
    BrowserSession.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=now)
