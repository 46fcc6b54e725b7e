"""Messages to people, in plain text, each under a Message-ID that a second attempt repeats."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone

from reviews.actions import deliveries
from reviews.actions.people import secret_of_invitation
from reviews.actions.wording import one_line
from reviews.jobs import Unfinished
from reviews.models import Event, Invitation, User
from reviews.queries import notices
from reviews.rules.kinds import EventKind, PositionKind
from reviews.rules.roles import Role

log = logging.getLogger(__name__)

# A stranger gets no text of somebody's own as a name or a title.
MOST_OF_A_NAME = 80
# SMTP replies from 500 on are final, those from 400 on ask to try again later (RFC 5321, section 4.2.1).
PERMANENT = 500
ABOUT = ("spec", "actor", "clause", "proposal__author", "thread__clause", "thread__proposal", "comment", "release")
SENTENCES = {
    EventKind.PROPOSAL_SUBMITTED: "{actor} asks for your review",
    EventKind.POSITION_TAKEN: "{actor} submitted a review",
    EventKind.PROPOSAL_MERGED: "Merged",
    EventKind.PROPOSAL_REJECTED: "Rejected",
    EventKind.THREAD_OPENED: "{actor} opened a thread",
    EventKind.COMMENT_ADDED: "{actor} commented",
    EventKind.THREAD_ADDRESSED: "{actor} marked a thread as addressed",
    EventKind.THREAD_RESOLVED: "{actor} resolved a thread",
    EventKind.THREAD_DECLINED: "{actor} declined a thread",
    EventKind.THREAD_REOPENED: "{actor} reopened a thread",
    EventKind.RELEASE_PUBLISHED: "Published",
}

MOVED = {
    EventKind.THREAD_ADDRESSED: "marked this thread as addressed",
    EventKind.THREAD_RESOLVED: "resolved this thread",
    EventKind.THREAD_DECLINED: "declined this thread",
    EventKind.THREAD_REOPENED: "reopened this thread",
}


def send_event(event: int, recipient: int | None = None) -> None:
    """Send the mail of an event to everybody whom it concerns and who has not got it yet, or to one recipient only.

    Whether they may know of it is asked when it is sent: who lost access meanwhile gets nothing. Raises Unfinished when it
    takes long, and what the mail server said when it takes some of the messages only later; both go on where they ended.
    """
    found = Event.objects.select_related(*ABOUT).get(pk=event)
    recipients = notices.undelivered(found) if recipient is None else [User.objects.get(pk=recipient)]
    if recipients:
        with get_connection() as connection:
            _send_to_all(found, recipients, connection=connection)


def send_invitation(invitation: int, secret: str = "") -> None:
    """Send the link of an invitation that is still open; its secret is made again now, so that it waits nowhere.

    Jobs from before secrets could be made again bring theirs.
    """
    found = Invitation.objects.select_related("spec", "created_by").get(pk=invitation)
    if found.accepted_at or found.revoked_at or found.expires_at <= timezone.now():
        return
    secret = secret or secret_of_invitation(found)
    sender, title = (one_line(text)[:MOST_OF_A_NAME] for text in (found.created_by.name, found.spec.title))
    context = {
        "invitation": found,
        "sender": sender,
        "title": title,
        "roles": [Role(role).label for role in found.roles],
        "link": f"{settings.SITE_URL}/invitations/{secret}/",
    }
    subject = f"{sender} invites you to {title}"
    send(found.email, subject, "mail/invitation.txt", context, key=f"invitation-{found.public_id}")


def send_password_reset(user: int) -> None:
    """Send a link to set a password; it is made now, so that no secret waits anywhere."""
    found = User.objects.get(pk=user)
    if not found.is_active:
        return
    token = default_token_generator.make_token(found)
    link = f"{settings.SITE_URL}/password/{found.public_id}/{token}/"
    context = {"user": found, "name": one_line(found.name), "link": link}
    key = f"password-{found.public_id}-{token}"
    send(found.email, "Set a new password", "mail/password_reset.txt", context, key=key)


def _send_to_all(event: Event, people: Sequence[User], *, connection: BaseEmailBackend) -> None:
    """Send one message each over one connection; one that is not accepted now keeps no other from being sent."""
    began, postponed = time.monotonic(), None
    for user in people:
        if time.monotonic() - began > settings.JOB_SWEEP_SECONDS:
            raise Unfinished
        try:
            if notices.may_know(event, user):
                _send_event_to(event, user, connection=connection)
        except (SMTPServerDisconnected, ConnectionError, TimeoutError):
            raise
        except Exception as error:
            log.warning("The mail of event %s to %s was not accepted: %r", event.public_id, user.public_id, error)
            postponed = error
        else:
            deliveries.note(event, user, now=timezone.now())
    if postponed is not None:
        raise postponed


def _send_event_to(event: Event, user: User, *, connection: BaseEmailBackend) -> None:
    headers = {"References": _message_id(_conversation(event))}
    message = _message(user.email, _subject(event), "mail/event.txt", _context(event, user), key=_key(event, user))
    message.extra_headers.update(headers)
    message.connection = connection
    _hand_over(message, key=_key(event, user))


def _subject(event: Event) -> str:
    actor = event.actor.name if event.actor else event.spec.title
    subject = f"[{event.spec.title}] {SENTENCES[EventKind(event.kind)].format(actor=actor)}: {_thing(event)}"
    return one_line(subject)  # titles of clauses and older ones of proposals can have invisible characters


def _thing(event: Event) -> str:
    """What the event is about, in a few words."""
    if event.release is not None:
        return event.release.label
    if event.proposal is not None:
        return event.proposal.title
    current = event.clause.versions.order_by("-valid").first() if event.clause else None
    return current.title if current and current.title else "the text before the first heading"


def _context(event: Event, user: User) -> dict[str, Any]:
    """Return what the template shows: names, words, the address to go to."""
    is_addressed = event.kind == EventKind.THREAD_ADDRESSED
    position = notices.position_of(event) if event.kind == EventKind.POSITION_TAKEN else None
    return {
        "user": user,
        "event": event,
        "thing": _thing(event),
        "position": position,
        "moved": MOVED.get(event.kind, ""),
        "addressed_by": notices.addressing_proposal(event, user) if is_addressed else None,
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


def send(to: str, subject: str, template: str, context: dict[str, Any], *, key: str) -> None:
    """Send one message; `key` makes its Message-ID."""
    _hand_over(_message(to, subject, template, context, key=key), key=key)


def _message(to: str, subject: str, template: str, context: dict[str, Any], *, key: str) -> EmailMessage:
    headers = {"Message-ID": _message_id(key), "Auto-Submitted": "auto-generated"}
    body = render_to_string(template, {**context, "site": settings.SITE_URL})
    return EmailMessage(" ".join(subject.split())[:240], body, to=[to], headers=headers)


def _hand_over(message: EmailMessage, *, key: str) -> None:
    """Give it to the mail server. An address that it refuses for good is logged and left; all else is raised."""
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        if any(code < PERMANENT for code, _ in error.recipients.values()):
            raise
        log.warning("The mail server refuses %s", key)


def _conversation(event: Event) -> str:
    """What mail programs keep together: the thread, the proposal, the release."""
    thing = event.thread or event.proposal or event.release
    return f"about-{thing.public_id if thing else event.spec.slug}"


def _message_id(key: str) -> str:
    return f"<{key}@{urlsplit(settings.SITE_URL).hostname}>"
