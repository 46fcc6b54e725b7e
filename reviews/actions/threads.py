"""Opening threads, replying in them, changing their status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from reviews.access import proposals as proposal_access
from reviews.access import threads as access
from reviews.access.specs import Standing, check, standing_in
from reviews.actions.events import record
from reviews.actions.locks import lock_thread
from reviews.actions.wording import checked_text
from reviews.errors import Conflict, Invalid, NotAllowed, NotFound
from reviews.models import Clause, ClauseVersion, Comment, Proposal, Spec, Thread, User
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for
from reviews.queries.renderings import rendered
from reviews.rules import states
from reviews.rules.kinds import EventKind, ThreadKind, Visibility
from reviews.rules.roles import Verb

LONGEST_COMMENT = 20_000
CONTEXT = 64

EVENTS = {
    "address": EventKind.THREAD_ADDRESSED,
    "resolve": EventKind.THREAD_RESOLVED,
    "decline": EventKind.THREAD_DECLINED,
    "reopen": EventKind.THREAD_REOPENED,
}


@dataclass(frozen=True)
class Words:
    """Words that somebody selected in one clause version: code-point offsets into its stable text, and what they read there."""

    version: ClauseVersion
    start: int
    end: int
    exact: str


@dataclass(frozen=True)
class Said:
    """One contribution as it comes in: the same person's same key is stored once."""

    by: User
    now: datetime
    body: str
    key: str


@dataclass(frozen=True)
class About:
    """What a thread is about: a clause (and perhaps words in it), or a proposal."""

    clause: Clause | None = None
    proposal: Proposal | None = None
    words: Words | None = None


def open_thread(spec: Spec, *, about: About, said: Said, visibility: str, kind: str = ThreadKind.QUESTION) -> Thread:
    """A new thread with its first comment; asked again with the same key, the thread that was opened then.

    Raises Invalid for what cannot be stored, NotFound when the thing is not there for this person.
    """
    standing = check(spec, said.by, Verb.COMMENT)
    _check_kinds(visibility, kind)
    _check_about(standing, about, visibility)
    columns = quote_columns(spec, about)
    body = checked_body(said.body)
    _check_key(said)
    try:
        with transaction.atomic():
            return _insert(spec, about, said, {**columns, "visibility": visibility, "kind": kind}, body)
    except IntegrityError:
        return _said_before(said, body).thread


def reply(thread: Thread, *, said: Said) -> Comment:
    """One more comment; asked again with the same key, the comment that was stored then."""
    standing = check(thread.spec, said.by, Verb.COMMENT)
    access.get_visible(standing, thread.public_id)
    body = checked_body(said.body)
    _check_key(said)
    try:
        with transaction.atomic():
            return _comment(thread, said, body, kind=EventKind.COMMENT_ADDED)
    except IntegrityError:
        return _said_before(said, body)


@transaction.atomic
def move(
    thread: Thread, *, verb: str, by: User, now: datetime, reason: str = "", proposal: Proposal | None = None
) -> Thread:
    """Address, resolve, decline or reopen a thread.

    Raises IllegalMove when its state has no such move, Invalid when it is declined without a reason or addressed without a
    proposal and without a sentence, NotAllowed for people who neither opened it nor answer threads.
    """
    thread = lock_thread(thread)
    standing = standing_in(thread.spec, by)
    access.get_visible(standing, thread.public_id)
    if not access.can_move(standing, thread):
        raise NotAllowed("Only who opened a thread, or an editor or moderator, may do that.")
    thread.state = states.after(states.THREAD, state=thread.state, verb=verb)
    reason = _checked_move_reason(verb, reason, proposal)
    thread.closing_reason = "" if verb == "reopen" else reason
    thread.addressed_by = _addressing(standing, verb, proposal, thread)
    thread.save(update_fields=["state", "closing_reason", "addressed_by"])
    data = {"reason": reason} if reason else {}
    record(
        EVENTS[verb],
        spec=thread.spec,
        by=by,
        now=now,
        visibility=told_to(thread),
        data=data,
        **event_references(thread),
    )
    return thread


def _checked_move_reason(verb: str, reason: str, proposal: Proposal | None) -> str:
    """Return the reason without blanks around; raises Invalid when this move needs one."""
    reason = checked_text(reason, field="reason")
    if verb == "decline" and not reason:
        raise Invalid("Declining needs a reason.", fields={"reason": "Say why, for the one who asked."})
    if verb == "address" and proposal is None and not reason:
        raise Invalid(
            "Say how the thread is addressed.",
            fields={"reason": "Choose the proposal that addresses it, or write a sentence."},
        )
    return reason


def checked_body(body: str) -> str:
    """The comment without blanks around. Raises Invalid when it is empty, too long, or cannot be stored."""
    body = checked_text(body, field="body", most=LONGEST_COMMENT)
    if not body:
        raise Invalid("The comment is empty.", fields={"body": "Write what you think."})
    return body


def told_to(thread: Thread) -> str:
    """Who may know of an event in this thread: never more people than see the thread and its proposal."""
    hidden = thread.proposal is not None and not _is_public(thread.proposal)
    return Visibility.INTERNAL if hidden else thread.visibility


def _is_public(proposal: Proposal) -> bool:
    return proposal.visibility == Visibility.PUBLIC and proposal.submitted_at is not None


def _addressing(standing: Standing, verb: str, proposal: Proposal | None, thread: Thread) -> Proposal | None:
    """The proposal that addresses the thread after this move; one that the person must not know of is NotFound."""
    if verb == "address":
        return None if proposal is None else proposal_access.get_visible(standing, proposal.public_id)
    return None if verb == "reopen" else thread.addressed_by


def _insert(spec: Spec, about: About, said: Said, columns: dict[str, Any], body: str) -> Thread:
    thread = Thread.objects.create(
        spec=spec,
        clause=about.clause,
        proposal=about.proposal,
        created_at=said.now,
        created_by=said.by,
        **columns,
    )
    _comment(thread, said, body, kind=EventKind.THREAD_OPENED)
    return thread


def _comment(thread: Thread, said: Said, body: str, *, kind: EventKind) -> Comment:
    comment = Comment.objects.create(
        thread=thread, author=said.by, body=body, created_at=said.now, idempotency_key=said.key
    )
    visibility = told_to(thread)
    record(
        kind,
        spec=thread.spec,
        by=said.by,
        now=said.now,
        visibility=visibility,
        comment=comment,
        **event_references(thread),
    )
    return comment


def event_references(thread: Thread) -> dict[str, Any]:
    """Return what an event in this thread refers to."""
    return {"thread": thread, "clause_id": thread.clause_id, "proposal_id": thread.proposal_id}


def _said_before(said: Said, body: str) -> Comment:
    rows = Comment.objects.select_related("thread__spec")
    found = rows.filter(author=said.by, idempotency_key=said.key).first()
    if found is None:
        raise Conflict("This could not be stored just now: send it again.")
    first = found.earlier_versions.first()
    if body != (first.body if first else found.body):  # it may have been edited since it was sent for the first time
        raise Conflict(
            "This form was sent before with other words, which are stored: send the new ones as a new comment."
        )
    return found


def _check_key(said: Said) -> None:
    """Without a key of its own a second comment would be taken for the first one sent again."""
    if not 1 <= len(said.key) <= 64:
        raise Invalid("The comment has no key.", fields={"key": "Send a random key of 1 to 64 characters with it."})


def _check_kinds(visibility: str, kind: str) -> None:
    if visibility not in set(Visibility):
        raise Invalid("Say who may see it.", fields={"visibility": "Choose public or internal."})
    if kind not in set(ThreadKind):
        raise Invalid("Say what kind of comment it is.", fields={"kind": ", ".join(ThreadKind)})


def _check_about(standing: Standing, about: About, visibility: str) -> None:
    if about.clause is None and about.proposal is None:
        raise Invalid("Say what the comment is about.", fields={"clause": "Name a clause or a proposal."})
    if about.clause is not None and about.clause.spec_id != standing.spec.pk:
        raise NotFound()
    if about.proposal is not None:
        proposal = proposal_access.get_visible(standing, about.proposal.public_id)
        if proposal.visibility == Visibility.INTERNAL and visibility == Visibility.PUBLIC:
            raise Invalid("An internal proposal is discussed internally.", fields={"visibility": "Choose internal."})


def quote_columns(spec: Spec, about: About) -> dict[str, Any]:
    """Return the columns of a quote with its context, as it stands in the version's rendered text.

    It is found again when only the offsets are off. Raises NotFound when the words are of another clause, Invalid when they
    are not in this version.
    """
    words = about.words
    if words is None:
        return {}
    if about.clause is None or words.version.clause_id != about.clause.pk:
        raise NotFound()
    text = _stable_text(spec, words.version)
    start, end = _located(text, words)
    return {
        "quoted_version": words.version,
        "quote": text[start:end],
        "quote_prefix": text[max(0, start - CONTEXT) : start],
        "quote_suffix": text[end : end + CONTEXT],
        "quote_start": start,
        "quote_end": end,
    }


def _stable_text(spec: Spec, version: ClauseVersion) -> str:
    images = image_addresses(spec, version.since)
    resolve = resolver_for(spec, version.since, [version], images=images)
    return rendered([version], resolve)[version.pk].stable_text


def _located(text: str, words: Words) -> tuple[int, int]:
    if 0 <= words.start < words.end <= len(text) and (not words.exact or text[words.start : words.end] == words.exact):
        return words.start, words.end
    at = text.find(words.exact) if words.exact else -1
    if at < 0 or text.find(words.exact, at + 1) >= 0:
        raise Invalid("These words are not in the clause any more: select them again.", fields={"quote": words.exact})
    return at, at + len(words.exact)
