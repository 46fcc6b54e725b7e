"""Threads as cards, and the form that starts one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from reviews.access.specs import Standing
from reviews.access.threads import can_change_comment, can_move
from reviews.models import Clause, ClauseVersion, Comment, Event, Proposal, Thread
from reviews.queries import threads
from reviews.queries.consultations import open_for
from reviews.queries.placements import Place, places, places_elsewhere
from reviews.rules import states
from reviews.rules.kinds import ThreadKind, Visibility
from reviews.rules.roles import Verb
from reviews.rules.states import ThreadState
from reviews.text import diff
from reviews.web.pages.remarks import remark
from reviews.web.pages.shell import sign_in_url

KINDS = [{"value": kind.value, "label": kind.value.capitalize()} for kind in ThreadKind]
ONE_STEP = ("resolve", "reopen")
LABELS = {"address": "Address", "resolve": "Resolve", "decline": "Decline", "reopen": "Reopen"}
SHOWN_COMMENTS = 8
PLACED = {
    "exact": "Its words stand unchanged in this version.",
    "mapped": "Its clause was edited since.",
    "moved": "Its words moved since.",
    "fuzzy": "Its words were changed since: it is shown without a place.",
    "orphan": "Its words are not in this version.",
}


def card(
    standing: Standing, thread: Thread, *, place: Place | None = None, clause: str = "", whole: bool = False
) -> dict[str, Any]:
    """Return what components/thread.html shows; `clause` says whose text `place` counts in."""
    root = f"/{standing.spec.slug}/threads/{thread.public_id}/"
    comments = list(thread.comments.all())
    shown = comments if whole or len(comments) <= SHOWN_COMMENTS else [comments[0], *comments[1 - SHOWN_COMMENTS :]]
    internal = thread.visibility == Visibility.INTERNAL
    replies = standing.may(Verb.COMMENT)
    return {
        "public_id": thread.public_id,
        "url": root,
        "is_internal": internal,
        "kind": thread.kind,
        "state": thread.state,
        "state_label": thread.state.capitalize(),
        "quote": thread.quote.replace("\ufffc", "…"),
        "outcome": outcome(thread),
        "comments": [comment(standing, row, root=root) for row in shown],
        "more_count": len(comments) - len(shown),
        "reply_url": f"{root}replies" if replies else "",
        "reply_key": uuid4().hex,
        "reply_target": f"#thread-{thread.public_id}",
        "audience": audience(standing, internal=internal),
        "moves": _one_step_moves(standing, thread, root),
        **_placed(standing, place, clause),
    }


def outcome(thread: Thread) -> dict[str, Any] | None:
    """Return who changed the status of a thread last, when and why; None while nobody did, or when it is open again."""
    changes: list[Event] = getattr(thread, "status_changes", [])
    if thread.state == ThreadState.OPEN or not changes:
        return None
    last = changes[-1]
    return {
        "label": thread.state.capitalize(),
        "by": last.actor.name if last.actor else "",
        "at": last.at,
        "reason": thread.closing_reason,
    }


def cards(
    standing: Standing, threads: Iterable[Thread], places: Mapping[int, Place] | None = None, *, clause: str = ""
) -> list[dict[str, Any]]:
    """Many of them."""
    return [card(standing, one, place=(places or {}).get(one.pk), clause=clause) for one in threads]


@dataclass(frozen=True)
class Quoted:
    """Words that somebody selected in the stable text of a clause version, before they were signed in."""

    start: int
    end: int
    words: str

    @property
    def query(self) -> str:
        """The query of an address that brings the words along."""
        return f"?start={self.start}&end={self.end}"

    def as_given(self) -> dict[str, str]:
        """The fields of the form."""
        return {"start": str(self.start), "end": str(self.end), "quote": self.words}


def of_clause(
    standing: Standing,
    clause: Clause,
    version: ClauseVersion,
    *,
    number: int | None = None,
    quoted: Quoted | None = None,
) -> dict[str, Any]:
    """Return what is said about a clause beside this version of it, as reviews/threads/_of_clause.html shows it.

    `number` is the revision that is read, by default the head; `quoted` fills the form with words of the version.
    """
    slug, public_id = standing.spec.slug, clause.public_id
    found, more = threads.of_clause(standing, clause)
    placed = places(standing.spec, found, [version], number=number)
    return {
        "threads": cards(standing, found, placed, clause=public_id),
        "more_url": f"/{slug}/threads/?state=all&clause={public_id}" if more else "",
        "composer": composer(standing, clause=clause, version=version, given=quoted.as_given() if quoted else None),
        "is_quoting": quoted is not None,
        "target": f"#list-{public_id}",
        "clause": public_id,
        "sign_in_url": "" if standing.person else sign_in_url(f"{_clause_address(standing, version)}#composer"),
        "feedback_url": _feedback_url(standing, version),
    }


def _feedback_url(standing: Standing, version: ClauseVersion) -> str:
    """Where somebody who may not comment can give feedback on this clause; empty for members, and while nothing is open."""
    consultation = None if standing.may(Verb.COMMENT) else open_for(standing, timezone.now())
    if consultation is None:
        return ""
    about = urlencode({"clause": version.clause.public_id, "version": version.since})
    return f"{reverse('submission_new', args=[standing.spec.slug, consultation.public_id])}?{about}"


def of_removed_clause(standing: Standing, version: ClauseVersion) -> dict[str, Any]:
    """Return what is said about a clause that is gone, beside its last version; where its words are elsewhere, that is said."""
    found, more = threads.of_clause(standing, version.clause)
    placed = places(standing.spec, found, [version])
    placed |= places_elsewhere(standing.spec, [one for one in found if one.quote])
    address = f"/{standing.spec.slug}/threads/?state=all&clause={version.clause.public_id}"
    return {
        "threads": cards(standing, found, placed, clause=version.clause.public_id),
        "more_url": address if more else "",
    }


def quoted(text: str, asked: Mapping[str, str]) -> Quoted | None:
    """Return the words between `start` and `end`, offsets of a stable text that come with an address; None for others."""
    start, end = asked.get("start", ""), asked.get("end", "")
    if not (start.isdecimal() and end.isdecimal() and len(start) < 10 and len(end) < 10):
        return None
    first, last = int(start), int(end)
    return Quoted(first, last, text[first:last]) if first < last <= len(text) and text[first:last].strip() else None


def comment(standing: Standing, row: Comment, *, root: str = "") -> dict[str, Any]:
    """Return what components/comment.html shows; `root` is the address of its thread."""
    address = f"{root}comments/{row.public_id}/"
    return {
        "public_id": row.public_id,
        "author_name": row.author.name,
        "created_at": row.created_at,
        "is_withdrawn": row.withdrawn_at is not None,
        "edited_at": row.edited_at if row.withdrawn_at is None else None,
        "versions_url": f"{address}#versions" if root else "",
        "edit_url": address if root and can_change_comment(standing, row) else "",
        "body_html": remark(row.body, slug=standing.spec.slug),
    }


def comment_page(standing: Standing, row: Comment) -> dict[str, Any]:
    """Return what the page of one comment shows: its text, its earlier texts, and to its author the form to change it."""
    root = f"/{standing.spec.slug}/threads/{row.thread.public_id}/"
    return {
        "comment": comment(standing, row, root=root) | {"edit_url": "", "versions_url": ""},
        "body": row.body,
        "may_change": can_change_comment(standing, row),
        "address": f"{root}comments/{row.public_id}/",
        "thread_url": f"{root}#comment-{row.public_id}",
        "is_internal": row.thread.visibility == Visibility.INTERNAL,
        "audience": audience(standing, internal=row.thread.visibility == Visibility.INTERNAL),
        "versions": [
            {"written_at": one.written_at, "body_html": remark(one.body, slug=standing.spec.slug)}
            for one in threads.earlier_versions(row)
        ],
    }


def audience(standing: Standing, *, internal: bool) -> str:
    """Who will see what is written, in one sentence."""
    if internal:
        return "Internal: only members of this spec will see this, now and later."
    if not standing.spec.is_public:
        return "The spec is internal: its members will see this, and everybody once the spec is made public."
    return "Public: everybody will see this, with your name."


def composer(
    standing: Standing,
    *,
    clause: Clause | None = None,
    version: ClauseVersion | None = None,
    proposal: Proposal | None = None,
    given: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """What components/composer.html shows; None for whom may not comment."""
    if not standing.may(Verb.COMMENT):
        return None
    about = clause or proposal
    what = "clause" if clause else "proposal"
    name = about.public_id if about else ""
    only_internal = proposal is not None and proposal.visibility == Visibility.INTERNAL
    given = given or {}
    return {
        "action": f"/{standing.spec.slug}/threads/?{what}={name}",
        "id": name,
        "key": given.get("key") or uuid4().hex,
        "version": version.since if version else "",
        "may_internal": not only_internal,
        "only_internal": only_internal,
        "internal_first": given.get("visibility") == Visibility.INTERNAL,
        "audience_public": audience(standing, internal=False).removeprefix("Public: "),
        "kinds": _kinds(given.get("kind", "")),
        "quote_shown": given.get("quote", "").replace("\ufffc", "…"),
        **{field: given.get(field, "") for field in ("quote", "start", "end", "block", "body")},
    }


def moves_of(standing: Standing, thread: Thread) -> list[dict[str, str]]:
    """What this person may do with it now, for the forms of its own page."""
    if not can_move(standing, thread):
        return []
    return [{"value": verb, "label": LABELS[verb]} for verb in states.moves(states.THREAD, state=thread.state)]


def about_line(standing: Standing, thread: Thread) -> dict[str, Any]:
    """What it is about, with its address: the clause as it is called now, or the proposal."""
    root = f"/{standing.spec.slug}/"
    if thread.proposal is not None:
        return {
            "title": thread.proposal.title,
            "is_proposal": True,
            "url": f"{root}proposals/{thread.proposal.public_id}/#threads",
        }
    version = getattr(thread, "last_version", None)
    if version is None:
        return {"title": "a clause", "url": ""}
    return {"title": version.title or "Opening", "url": _clause_address(standing, version)}


def _clause_address(standing: Standing, version: ClauseVersion) -> str:
    """The page of a clause in the draft."""
    name = quote(version.anchor or f"~{version.clause.public_id}", safe="~")
    return f"/{standing.spec.slug}/draft/{name}/"


def _kinds(chosen: str) -> list[dict[str, str]]:
    return sorted(KINDS, key=lambda kind: kind["value"] != chosen) if chosen else KINDS


def _one_step_moves(standing: Standing, thread: Thread, root: str) -> list[dict[str, str]]:
    moves = [one for one in moves_of(standing, thread) if one["value"] in ONE_STEP]
    return [{**one, "url": f"{root}moves"} for one in moves]


def _placed(standing: Standing, place: Place | None, clause: str) -> dict[str, Any]:
    if place is None:
        return {}
    if place.elsewhere is not None:
        return _placed_elsewhere(standing, place, place.elsewhere)
    shown = {"start": place.start, "end": place.end, "clause_id": clause} if place.is_sure else {"orphan": True}
    return {**shown, "placed": PLACED.get(place.state, "")}


def _placed_elsewhere(standing: Standing, place: Place, version: ClauseVersion) -> dict[str, Any]:
    """Say and link the clause where the words are now; they are painted there when that is sure."""
    shown: dict[str, Any] = {"placed": "Its words stand in another clause now:"}
    if place.is_sure:
        shown |= {"start": place.start, "end": place.end, "clause_id": version.clause.public_id}
    else:
        shown |= {"orphan": True, "placed": "Its words were changed, and may stand in another clause now:"}
    title = version.title or "Opening"
    return {**shown, "placed_in": {"title": title, "url": _clause_address(standing, version)}}


def words_of(thread: Thread, place: Place | None) -> dict[str, Any] | None:
    """Return how the quoted words differ from those that stand there now; None while nothing is to be said."""
    if place is None or place.state == "quoted":
        return None
    if place.elsewhere is not None and place.words == thread.quote:
        return None  # the card says where they are
    if not place.is_sure:
        return {"sentence": PLACED[place.state]}
    if place.words == thread.quote:
        return {"sentence": "The clause was edited since; these words are unchanged."}
    return {"sentence": PLACED[place.state], "ops": [tuple(op) for op in diff.words(thread.quote, place.words).ops]}
