"""Messages to people, in plain text: each is sent by a job of its own, under a Message-ID that a second attempt repeats."""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from reviews.jobs import JobName, enqueue
from reviews.models import Event, Invitation, User
from reviews.queries import notices
from reviews.rules.kinds import EventKind, PositionKind
from reviews.rules.roles import Role

log = logging.getLogger(__name__)

ABOUT = ("spec", "actor", "clause", "proposal__author", "thread__clause", "thread__proposal", "comment", "release")
SENTENCES = {
    EventKind.PROPOSAL_SUBMITTED: "{actor} asks for your review",
    EventKind.POSITION_TAKEN: "{actor} took a position",
    EventKind.PROPOSAL_MERGED: "Merged",
    EventKind.PROPOSAL_REJECTED: "Rejected",
    EventKind.THREAD_OPENED: "{actor} opened a thread",
    EventKind.COMMENT_ADDED: "{actor} commented",
    EventKind.RELEASE_PUBLISHED: "Published",
}


def send_event(event: int, recipient: int | None = None) -> None:
    """Tell people of an event. Without a recipient a job for each is promised; with one, that person's mail is sent.

    Whether they may know of it is asked when it is sent: who lost access meanwhile gets nothing.
    """
    found = Event.objects.select_related(*ABOUT).get(pk=event)
    if recipient is None:
        _fan_out(found)
        return
    user = User.objects.get(pk=recipient)
    if notices.may_know(found, user):
        _send(user.email, _subject(found), "mail/event.txt", _told(found, user), key=_key(found, user), about=found)


def send_invitation(invitation: int, secret: str) -> None:
    """Send the link of an invitation that is still open."""
    found = Invitation.objects.select_related("spec", "created_by").get(pk=invitation)
    if found.accepted_at or found.revoked_at or found.expires_at <= timezone.now():
        return
    told = {
        "invitation": found,
        "roles": [Role(role).label for role in found.roles],
        "link": f"{settings.SITE_URL}/invitations/{secret}/",
    }
    subject = f"{found.created_by.name} invites you to {found.spec.title}"
    _send(found.email, subject, "mail/invitation.txt", told, key=f"invitation-{found.public_id}")


def send_password_reset(user: int) -> None:
    """Send a link to set a password; it is made now, so that no secret waits anywhere."""
    found = User.objects.get(pk=user)
    if not found.is_active:
        return
    uid, token = urlsafe_base64_encode(force_bytes(found.pk)), default_token_generator.make_token(found)
    told = {"user": found, "link": f"{settings.SITE_URL}/password/{uid}/{token}/"}
    key = f"password-{found.public_id}-{token}"
    _send(found.email, "Set a new password", "mail/password_reset.txt", told, key=key)


def _fan_out(event: Event) -> None:
    for user in notices.recipients(event):
        key = f"{event.public_id}:{user.public_id}"
        enqueue(JobName.MAIL_EVENT, key=key, now=timezone.now(), event=event.pk, recipient=user.pk)


def _subject(event: Event) -> str:
    actor = event.actor.name if event.actor else event.spec.title
    return f"[{event.spec.title}] {SENTENCES[EventKind(event.kind)].format(actor=actor)}: {_thing(event)}"


def _thing(event: Event) -> str:
    """What the event is about, in a few words."""
    if event.release is not None:
        return event.release.label
    if event.proposal is not None:
        return event.proposal.title
    current = event.clause.versions.order_by("-valid").first() if event.clause else None
    return current.title if current and current.title else "the text before the first heading"


def _told(event: Event, user: User) -> dict[str, Any]:
    """What the template says: names, words, the address to go to."""
    position = notices.position_of(event) if event.kind == EventKind.POSITION_TAKEN else None
    return {
        "user": user,
        "event": event,
        "thing": _thing(event),
        "position": position,
        "stand": PositionKind(position.kind).replace("_", " ") if position else "",
        "link": settings.SITE_URL + _path(event),
    }


def _path(event: Event) -> str:
    root = f"/{event.spec.slug}/"
    if event.release is not None:
        return f"{root}{event.release.label}/"
    if event.thread is not None:
        return f"{root}threads/{event.thread.public_id}/"
    return f"{root}proposals/{event.proposal.public_id}/" if event.proposal else root


def _key(event: Event, user: User) -> str:
    return f"{event.public_id}.{user.public_id}"


def _send(to: str, subject: str, template: str, told: dict[str, Any], *, key: str, about: Event | None = None) -> None:
    """One message. An address that the mail server refuses for good is logged and left; anything else is tried again."""
    headers = {"Message-ID": _message_id(key), "Auto-Submitted": "auto-generated"}
    if about is not None:
        headers["References"] = _message_id(_conversation(about))
    body = render_to_string(template, {**told, "site": settings.SITE_URL})
    message = EmailMessage(" ".join(subject.split())[:240], body, to=[to], headers=headers)
    try:
        message.send()
    except SMTPRecipientsRefused:
        log.warning("The mail server refuses %s", key)


def _conversation(event: Event) -> str:
    """What mail programs keep together: the thread, the proposal, the release."""
    thing = event.thread or event.proposal or event.release
    return f"about-{thing.public_id if thing else event.spec.slug}"


def _message_id(key: str) -> str:
    return f"<{key}@{urlsplit(settings.SITE_URL).hostname}>"
