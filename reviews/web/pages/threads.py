"""Discussions as cards, and the form that begins one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from reviews.access.specs import Standing
from reviews.access.threads import can_move
from reviews.models import Clause, ClauseVersion, Comment, Proposal, Thread
from reviews.queries import threads
from reviews.queries.placements import Place, places
from reviews.rules import states
from reviews.rules.kinds import ThreadKind, Visibility
from reviews.rules.roles import Verb
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
    """What components/thread.html shows of a discussion; `clause` says whose text `place` counts in."""
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
        "closing_reason": thread.closing_reason,
        "comments": [comment(standing, row) for row in shown],
        "more_count": len(comments) - len(shown),
        "reply_url": f"{root}replies" if replies else "",
        "reply_key": uuid4().hex,
        "reply_target": f"#thread-{thread.public_id}",
        "audience": audience(standing, internal=internal),
        "moves": _one_step_moves(standing, thread, root),
        **_placed(place, clause),
    }


def cards(
    standing: Standing, threads: Iterable[Thread], places: Mapping[int, Place] | None = None, *, clause: str = ""
) -> list[dict[str, Any]]:
    """Many of them."""
    return [card(standing, one, place=(places or {}).get(one.pk), clause=clause) for one in threads]


def of_clause(standing: Standing, clause: Clause, version: ClauseVersion) -> dict[str, Any]:
    """What is said about a clause beside this version of it, as reviews/threads/_of_clause.html shows it."""
    slug, public_id = standing.spec.slug, clause.public_id
    found, more = threads.of_clause(standing, clause)
    return {
        "threads": cards(standing, found, places(standing.spec, found, [version]), clause=public_id),
        "more_url": f"/{slug}/threads/?state=all&clause={public_id}" if more else "",
        "composer": composer(standing, clause=clause, version=version),
        "target": f"#list-{public_id}",
        "clause": public_id,
        "sign_in_url": ""
        if standing.person
        else sign_in_url(f"/{slug}/draft/{version.anchor}/" if version.anchor else f"/{slug}/draft/"),
    }


def comment(standing: Standing, row: Comment) -> dict[str, Any]:
    """What components/comment.html shows."""
    return {
        "public_id": row.public_id,
        "author_name": row.author.name,
        "created_at": row.created_at,
        "body_html": remark(row.body, slug=standing.spec.slug),
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
    name = quote(version.anchor or f"~{thread.clause.public_id}", safe="~")
    return {"title": version.title or "Opening", "url": f"{root}draft/{name}/"}


def _kinds(chosen: str) -> list[dict[str, str]]:
    return sorted(KINDS, key=lambda kind: kind["value"] != chosen) if chosen else KINDS


def _one_step_moves(standing: Standing, thread: Thread, root: str) -> list[dict[str, str]]:
    moves = [one for one in moves_of(standing, thread) if one["value"] in ONE_STEP]
    return [{**one, "url": f"{root}moves"} for one in moves]


def _placed(place: Place | None, clause: str) -> dict[str, Any]:
    if place is None:
        return {}
    shown = {"start": place.start, "end": place.end, "clause_id": clause} if place.is_sure else {"orphan": True}
    return {**shown, "placed": PLACED.get(place.state, "")}


def words_of(thread: Thread, place: Place | None) -> dict[str, Any] | None:
    """How the quoted words differ from those that stand there now; None while nothing is to be said."""
    if place is None or place.state == "quoted":
        return None
    if not place.is_sure:
        return {"sentence": PLACED[place.state]}
    if place.words == thread.quote:
        return {"sentence": "The clause was edited since; these words are unchanged."}
    return {"sentence": PLACED[place.state], "ops": [tuple(op) for op in diff.words(thread.quote, place.words).ops]}
