"""The page of one comment: its earlier texts, and for its author the forms that edit and withdraw it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reviews.access.specs import Standing, check_signed_in
from reviews.access.threads import get_visible_comment
from reviews.actions import comments as actions
from reviews.errors import Conflict, IllegalMove, Invalid
from reviews.models import Comment
from reviews.web.confirmation import Question, ask, is_confirmed
from reviews.web.forms.errors import sentences
from reviews.web.forms.threads import CommentForm
from reviews.web.pages.shell import page
from reviews.web.pages.threads import comment_page
from reviews.web.requests import standing_of, status_of
from reviews.web.responses import SeeOther
from reviews.web.typed import typed_texts


@require_GET
def one(request: HttpRequest, slug: str, public_id: str, comment: str) -> HttpResponse:
    """A comment with its earlier texts."""
    standing = standing_of(request, slug)
    return _page(request, standing, get_visible_comment(standing, public_id, comment))


@require_POST
def edit(request: HttpRequest, slug: str, public_id: str, comment: str) -> HttpResponse:
    """Replace the text of one's own comment."""
    standing = standing_of(request, slug)
    found = get_visible_comment(standing, public_id, comment)
    person = check_signed_in(standing.person)
    form = CommentForm(request.POST)
    form.is_valid()
    body = form.cleaned_data.get("body", request.POST.get("body", ""))  # what the form refuses, the action does
    try:
        actions.edit(found, body=body, by=person, now=timezone.now())
    except (Invalid, Conflict, IllegalMove) as refusal:
        return _refused(request, standing, found, refusal)
    messages.success(request, "The comment is saved.")
    return SeeOther(_in_thread(standing, found))


@require_POST
def withdraw(request: HttpRequest, slug: str, public_id: str, comment: str) -> HttpResponse:
    """Take back one's own comment, after asking."""
    standing = standing_of(request, slug)
    found = get_visible_comment(standing, public_id, comment)
    person = check_signed_in(standing.person)
    if not is_confirmed(request):
        consequences = ["Nobody will see its text any more, and its earlier texts. This can't be undone."]
        return ask(request, standing, Question("Withdraw the comment?", consequences, "Withdraw", "./"))
    try:
        actions.withdraw(found, by=person, now=timezone.now())
    except (Invalid, Conflict, IllegalMove) as refusal:
        return _refused(request, standing, found, refusal)
    messages.success(request, "The comment is withdrawn.")
    return SeeOther(_in_thread(standing, found))


def _refused(
    request: HttpRequest, standing: Standing, found: Comment, refusal: Invalid | Conflict | IllegalMove
) -> HttpResponse:
    """The page as it is now, with what was written: in the form, or above when there is no form any more."""
    found.refresh_from_db()
    shown = comment_page(standing, found)
    shown["errors"] = sentences(refusal)
    if shown["may_change"]:
        shown["body"] = request.POST.get("body", found.body)
    else:
        shown["typed"] = typed_texts(request)
    return _page(request, standing, found, shown, status=status_of(refusal))


def _page(
    request: HttpRequest, standing: Standing, found: Comment, shown: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    shown = comment_page(standing, found) if shown is None else shown
    return page(request, "reviews/threads/comment.html", shown, standing=standing, here="threads", status=status)


def _in_thread(standing: Standing, found: Comment) -> str:
    return f"/{standing.spec.slug}/threads/{found.thread.public_id}/#comment-{found.public_id}"
