"""Editing and withdrawing one's own comments; the earlier texts are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.access import threads as access
from reviews.access.specs import Standing, standing_in
from reviews.actions.events import record
from reviews.actions.locks import lock_thread
from reviews.actions.threads import checked_body, event_references, told_to
from reviews.errors import Conflict, IllegalMove, NotAllowed
from reviews.models import Comment, CommentVersion, Thread, User
from reviews.rules.kinds import EventKind
from reviews.rules.roles import Verb

WITHDRAWN_TEXT = "Withdrawn by its author."
MOST_VERSIONS = 100  # pages and the API show all of them at once


@transaction.atomic
def edit(comment: Comment, *, body: str, by: User, now: datetime) -> Comment:
    """Replace the text of one's own comment and keep the earlier one, which everybody who sees the thread may read.

    Sending the text that is stored already changes nothing. Records COMMENT_EDITED. Raises Invalid for a text that can't be
    stored, IllegalMove for a withdrawn comment, NotAllowed for other people's comments, NotFound when this person may not see
    the thread, Conflict after very many edits.
    """
    thread, comment = _locked(comment, by, verb="edited")
    body = checked_body(body)
    if body == comment.body:
        return comment
    if comment.earlier_versions.count() >= MOST_VERSIONS:
        raise Conflict("This comment was edited too often. Write a new comment instead.")
    _keep_text(comment)
    comment.body, comment.edited_at = body, now
    comment.save(update_fields=["body", "edited_at"])
    _record(EventKind.COMMENT_EDITED, thread, comment, by, now)
    return comment


@transaction.atomic
def withdraw(comment: Comment, *, by: User, now: datetime) -> Comment:
    """Replace one's own comment by a sentence that says that its author withdrew it.

    From then on no page, mail or API shows any of its texts to anybody; only an operator can read them in the database.
    Records COMMENT_WITHDRAWN. Raises IllegalMove for a comment that is withdrawn already, NotAllowed for other people's
    comments, NotFound when this person may not see the thread.
    """
    thread, comment = _locked(comment, by, verb="withdrawn")
    _keep_text(comment)
    comment.body, comment.withdrawn_at = WITHDRAWN_TEXT, now
    comment.save(update_fields=["body", "withdrawn_at"])
    _record(EventKind.COMMENT_WITHDRAWN, thread, comment, by, now)
    return comment


def _locked(comment: Comment, by: User, *, verb: str) -> tuple[Thread, Comment]:
    """Return the thread, locked, and its comment as it is now, if this person may change it."""
    thread = lock_thread(comment.thread)
    standing = standing_in(thread.spec, by)
    comment = access.get_visible_comment(standing, thread.public_id, comment.public_id)
    _check_author(standing, comment)
    if comment.withdrawn_at is not None:
        again = " again" if verb == "withdrawn" else ""
        raise IllegalMove(f"A withdrawn comment can't be {verb}{again}.")
    return thread, comment


def _check_author(standing: Standing, comment: Comment) -> None:
    if standing.person is None or standing.person.pk != comment.author_id:
        raise NotAllowed("Only the author of a comment may do that.")
    standing.check(Verb.COMMENT)


def _keep_text(comment: Comment) -> None:
    CommentVersion.objects.create(
        comment=comment, body=comment.body, written_at=comment.edited_at or comment.created_at
    )


def _record(kind: EventKind, thread: Thread, comment: Comment, by: User, now: datetime) -> None:
    about = event_references(thread)
    record(kind, spec=thread.spec, by=by, now=now, visibility=told_to(thread), comment=comment, **about)
