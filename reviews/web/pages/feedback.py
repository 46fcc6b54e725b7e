"""Consultations and submissions, as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.urls import reverse

from reviews.access.specs import Standing
from reviews.models import ClauseVersion, Consultation, Submission
from reviews.queries import consultations as queries
from reviews.rules import states
from reviews.rules.roles import Verb
from reviews.rules.states import ConsultationState, SubmissionState
from reviews.web.pages.remarks import remark

MOVES = {
    "schedule": "Schedule",
    "open": "Open now",
    "close": "Close now",
    "extend": "Open again",
    "answer": "Mark as answered",
}
STATE_WORDS = {
    SubmissionState.PENDING: "It waits for a moderator.",
    SubmissionState.HELD: "A moderator looks at it more closely.",
    SubmissionState.ACCEPTED: "It is published.",
    SubmissionState.RESTRICTED: "It is not published.",
    SubmissionState.WITHDRAWN: "You withdrew it. It is not published.",
}


def consultation_row(standing: Standing, one: Consultation, *, now: datetime) -> dict[str, Any]:
    """Return a line of the list of consultations."""
    is_open = queries.is_open(one, now)
    return {
        "title": one.title,
        "url": reverse("consultation", args=[standing.spec.slug, one.public_id]),
        "state": "open" if is_open else one.state,
        "window": window_of(one),
        "send_url": reverse("submission_new", args=[standing.spec.slug, one.public_id]) if is_open else "",
        "participation": queries.participation(one),
    }


def consultation_page(standing: Standing, one: Consultation, *, now: datetime, after: str) -> dict[str, Any]:
    """Return what the page of a consultation shows: what is asked, until when, who took part, what was published."""
    found = queries.published(one, after=after)
    manages = standing.may(Verb.MODERATE)
    moves = states.moves(states.CONSULTATION, state=one.state) if manages else ()
    return {
        **consultation_row(standing, one, now=now),
        "consultation": one,
        "question": remark(one.question, slug=standing.spec.slug),
        "next_steps": remark(one.next_steps, slug=standing.spec.slug) if one.next_steps.strip() else "",
        "submissions": cards(standing, found.rows),
        "after": found.after,
        # One with an end is extended by a new closing time, on the page that changes it.
        "moves": [{"verb": verb, "label": MOVES[verb]} for verb in moves if verb != "extend" or one.is_permanent],
        "manages": manages,
        "edit_url": reverse("consultation_edit", args=[standing.spec.slug, one.public_id]) if manages else "",
        "moves_url": reverse("consultation_moves", args=[standing.spec.slug, one.public_id]) if manages else "",
        "is_answered": one.state == ConsultationState.ANSWERED,
    }


def window_of(one: Consultation) -> str:
    """Return when a consultation is open, in its own time zone."""
    if one.is_permanent:
        return "Open without an end"
    zone = ZoneInfo(one.time_zone)
    say = lambda moment: f"{moment.astimezone(zone):%-d %B %Y, %H:%M} ({one.time_zone})"  # noqa: E731
    if one.opens_at and one.closes_at:
        return f"From {say(one.opens_at)} to {say(one.closes_at)}"
    if one.opens_at:
        return f"From {say(one.opens_at)}"
    return f"Until {say(one.closes_at)}" if one.closes_at else "No dates yet"


def cards(standing: Standing, submissions: Iterable[Submission]) -> list[dict[str, Any]]:
    """Return submissions with their passages, each with the clause that it is about."""
    rows = list(submissions)
    titles = queries.titles_of_passages(rows)
    return [card(standing, row, titles) for row in rows]


def card(standing: Standing, one: Submission, titles: dict[int, ClauseVersion]) -> dict[str, Any]:
    """Return one submission as a card shows it."""
    slug = standing.spec.slug
    return {
        "id": one.public_id,
        "name": one.name or "Anonymous",
        "organisation": one.organisation,
        "received_at": one.received_at,
        "state": one.state,
        "is_late": one.is_late,
        "is_suspicious": one.is_suspicious,
        "restriction": one.restriction.replace("_", " "),
        "reason": one.reason,
        "passages": [
            {
                "quote": passage.quote,
                "body": remark(passage.body, slug=slug),
                **_about(slug, titles.get(passage.clause_id or 0)),
            }
            for passage in one.passages.all()
        ],
    }


def receipt_page(standing: Standing, one: Submission, *, secret: str, link: str) -> dict[str, Any]:
    """Return what the page behind a receipt's link shows."""
    return {
        "submission": one,
        "card": card(standing, one, queries.titles_of_passages([one])),
        "status": STATE_WORDS[SubmissionState(one.state)],
        "hash": bytes(one.content_hash).hex(),
        "link": link,
        "consultation": one.consultation,
        "consultation_url": reverse("consultation", args=[standing.spec.slug, one.consultation.public_id]),
        "withdraw_url": reverse("receipt_withdrawal", args=[secret]),
        "may_withdraw": one.state != SubmissionState.WITHDRAWN,
    }


def _about(slug: str, version: ClauseVersion | None) -> dict[str, str]:
    if version is None:
        return {"title": "", "url": ""}
    name = quote(version.anchor or f"~{version.clause.public_id}", safe="~")
    return {"title": version.title or "Opening", "url": f"/{slug}/draft/{name}/"}
