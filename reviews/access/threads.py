"""Who sees a thread and its comments, who may answer it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from reviews.access.proposals import visible_proposals
from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Comment, Thread
from reviews.rules.roles import Verb


def visible_threads(standing: Standing) -> QuerySet[Thread]:
    """Threads of the visibilities that the person may know of, and of no proposal that they may not see."""
    rows = Thread.objects.filter(spec=standing.spec, visibility__in=standing.visibilities)
    return rows.filter(Q(proposal__isnull=True) | Q(proposal__in=visible_proposals(standing)))


def get_visible(standing: Standing, public_id: str) -> Thread:
    """One thread by its identifier; NotFound when it is not there or not for this person."""
    found = (
        visible_threads(standing).filter(public_id=public_id).select_related("clause", "proposal", "created_by").first()
    )
    if found is None:
        raise NotFound()
    return found


def get_visible_comment(standing: Standing, thread: str, comment: str) -> Comment:
    """Return a comment of a thread by their identifiers; NotFound when it is not there or not for this person."""
    rows = Comment.objects.filter(thread__in=visible_threads(standing).filter(public_id=thread), public_id=comment)
    found = rows.select_related("author", "thread__spec", "thread__proposal").first()
    if found is None:
        raise NotFound()
    return found


def can_change_comment(standing: Standing, comment: Comment) -> bool:
    """Return whether this person may edit or withdraw a comment: its author, until it is withdrawn."""
    mine = standing.person is not None and standing.person.pk == comment.author_id
    return mine and comment.withdrawn_at is None and standing.may(Verb.COMMENT)


def can_move(standing: Standing, thread: Thread) -> bool:
    """Those who answer threads, and whoever opened it."""
    mine = standing.person is not None and standing.person.pk == thread.created_by_id and standing.may(Verb.COMMENT)
    return mine or standing.may(Verb.ANSWER_THREADS)
