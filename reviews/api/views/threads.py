"""Threads and comments."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.access import proposals as proposal_access
from reviews.access import threads as access
from reviews.actions import comments, threads
from reviews.actions.threads import About, Said, Words
from reviews.api import base
from reviews.api.auth import asker
from reviews.api.serializers.pages import PageIn, page_of
from reviews.api.serializers.threads import (
    CommentIn,
    CommentOut,
    CommentVersionsOut,
    MoveIn,
    ThreadFilters,
    ThreadIn,
    ThreadOut,
)
from reviews.errors import Conflict, Invalid, NotFound
from reviews.models import Clause, ClauseVersion, Comment, Thread
from reviews.queries.clauses import clause_of
from reviews.queries.paging import NEWEST_FIRST, OLDEST_FIRST
from reviews.queries.threads import earlier_versions

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 64 characters of your own: sent again, what was stored then is answered.",
)
TOLD = ("clause", "proposal", "quoted_version", "addressed_by", "created_by")


class ThreadView(base.SpecView):
    def rows(self) -> QuerySet[Thread]:
        """What this person may see."""
        return access.visible_threads(self.standing).select_related(*TOLD)

    def told(self, thread: Thread) -> dict[str, Any]:
        """One thread, read again as this person may see it."""
        found = self.rows().filter(pk=thread.pk).first()
        if found is None:
            raise NotFound()
        return dict(ThreadOut(found, context=self.context([found])).data)

    def context(self, found: list[Thread]) -> dict[str, Any]:
        """Which of the proposals that addressed these threads the person may know of."""
        wanted = [thread.addressed_by_id for thread in found if thread.addressed_by_id]
        rows = proposal_access.visible_proposals(self.standing).filter(pk__in=wanted)
        return {"visible_proposals": set(rows.values_list("pk", flat=True))}

    def said(self, body: str) -> Said:
        """What was sent, under the key that its header says."""
        key = self.request.headers.get("Idempotency-Key", "").strip()
        if not 1 <= len(key) <= 64 or not key.isprintable():
            why = "Send 1 to 64 characters, for example a fresh UUID for each comment."
            raise Invalid("The header Idempotency-Key is needed.", fields={"Idempotency-Key": why})
        return Said(by=asker(self.request), now=timezone.now(), body=body, key=key)


class Threads(ThreadView):
    @extend_schema(
        tags=["threads"], parameters=[PageIn, ThreadFilters], responses={200: page_of(ThreadOut), **base.LISTING}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The threads that you may see, newest first."""
        columns = {"state": "state", "clause": "clause__public_id", "proposal": "proposal__public_id"}
        asked = self.asked(ThreadFilters)
        rows = self.rows().filter(**{columns[name]: value for name, value in asked.items()})
        found = self.slice_of(rows, NEWEST_FIRST, among=self.rows())
        return self.listed(found, ThreadOut, **self.context(found.rows))

    @extend_schema(tags=["threads"], parameters=[KEY], request=ThreadIn, responses={201: ThreadOut, **base.REFUSALS})
    def post(self, request: Request, slug: str) -> Response:
        """Open a thread with its first comment."""
        sent = self.sent(ThreadIn)
        said, about = self.said(sent["body"]), self.about(sent)
        spec = self.standing.spec
        thread = threads.open_thread(spec, about=about, said=said, visibility=sent["visibility"], kind=sent["kind"])
        if (thread.spec_id, thread.clause_id, thread.proposal_id) != (spec.pk, _pk(about.clause), _pk(about.proposal)):
            raise Conflict("This Idempotency-Key was used for something else.")
        return Response(self.told(thread), status=201)

    def about(self, sent: dict[str, Any]) -> About:
        """The thing that was named, if it is there for this person."""
        if sent["proposal"]:
            return About(proposal=proposal_access.get_visible(self.standing, sent["proposal"]))
        clause = clause_of(self.standing.spec, sent["clause"])
        return About(clause=clause, words=_words(clause, sent["quote"]))


class OneThread(ThreadView):
    @extend_schema(tags=["threads"], responses={200: ThreadOut, **base.SEEING})
    def get(self, request: Request, slug: str, thread: str) -> Response:
        """One thread; its comments have a list of their own."""
        return Response(self.told(access.get_visible(self.standing, thread)))


class Comments(ThreadView):
    @extend_schema(tags=["threads"], parameters=[PageIn], responses={200: page_of(CommentOut), **base.LISTING})
    def get(self, request: Request, slug: str, thread: str) -> Response:
        """The comments of a thread, oldest first."""
        rows = Comment.objects.filter(thread=access.get_visible(self.standing, thread)).select_related("author")
        return self.listed(self.slice_of(rows, OLDEST_FIRST), CommentOut)

    @extend_schema(tags=["threads"], parameters=[KEY], request=CommentIn, responses={201: CommentOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, thread: str) -> Response:
        """Answer in a thread."""
        found = access.get_visible(self.standing, thread)
        comment = threads.reply(found, said=self.said(self.sent(CommentIn)["body"]))
        if comment.thread_id != found.pk:
            raise Conflict("This Idempotency-Key was used for something else.")
        return Response(CommentOut(comment).data, status=201)


class OneComment(ThreadView):
    @extend_schema(tags=["threads"], responses={200: CommentVersionsOut, **base.SEEING})
    def get(self, request: Request, slug: str, thread: str, comment: str) -> Response:
        """A comment with its earlier texts."""
        return Response(self.told_comment(thread, comment))

    @extend_schema(tags=["threads"], request=CommentIn, responses={200: CommentVersionsOut, **base.REFUSALS})
    def put(self, request: Request, slug: str, thread: str, comment: str) -> Response:
        """Replace the text of your own comment; the earlier one stays readable."""
        found = access.get_visible_comment(self.standing, thread, comment)
        comments.edit(found, body=self.sent(CommentIn)["body"], by=asker(request), now=timezone.now())
        return Response(self.told_comment(thread, comment))

    @extend_schema(tags=["threads"], responses={200: CommentVersionsOut, **base.REFUSALS})
    def delete(self, request: Request, slug: str, thread: str, comment: str) -> Response:
        """Withdraw your own comment: nobody reads its text any more, nor its earlier texts."""
        found = access.get_visible_comment(self.standing, thread, comment)
        comments.withdraw(found, by=asker(request), now=timezone.now())
        return Response(self.told_comment(thread, comment))

    def told_comment(self, thread: str, comment: str) -> dict[str, Any]:
        """One comment, read again as this person may see it."""
        found = access.get_visible_comment(self.standing, thread, comment)
        found.shown_versions = earlier_versions(found)  # type: ignore[attr-defined]
        return dict(CommentVersionsOut(found).data)


class Moves(ThreadView):
    @extend_schema(tags=["threads"], request=MoveIn, responses={200: ThreadOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, thread: str) -> Response:
        """Address, resolve, decline or reopen a thread."""
        sent, found = self.sent(MoveIn), access.get_visible(self.standing, thread)
        proposal = proposal_access.get_visible(self.standing, sent["proposal"]) if sent["proposal"] else None
        moved = threads.move(
            found, verb=sent["move"], by=asker(request), now=timezone.now(), reason=sent["reason"], proposal=proposal
        )
        return Response(self.told(moved))


def _words(clause: Clause, quote: dict[str, Any] | None) -> Words | None:
    if quote is None:
        return None
    version = ClauseVersion.objects.filter(clause=clause, valid__startswith=quote["since"]).first()
    if version is None:
        raise Invalid("The clause has no such version.", fields={"quote.since": "Take `since` of a clause version."})
    return Words(version=version, start=quote["start"], end=quote["end"], exact=quote["exact"])


def _pk(thing: Any) -> int | None:
    return None if thing is None else int(thing.pk)
