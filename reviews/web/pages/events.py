"""Lines of the audit record in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reviews.models import Event
from reviews.rules.kinds import EventKind, Visibility

WORDS = {
    EventKind.SPEC_CREATED: "created this spec",
    EventKind.SPEC_CONFIGURED: "changed the settings",
    EventKind.SPEC_ARCHIVED: "archived this spec",
    EventKind.SPEC_RESTORED: "brought this spec back",
    EventKind.MEMBER_INVITED: "invited a member",
    EventKind.INVITATION_REVOKED: "withdrew an invitation",
    EventKind.MEMBER_JOINED: "joined",
    EventKind.MEMBER_CHANGED: "changed a member’s roles",
    EventKind.MEMBER_REMOVED: "removed a member",
    EventKind.REVISION_IMPORTED: "imported a document",
    EventKind.PROPOSAL_CREATED: "began the proposal",
    EventKind.PROPOSAL_SUBMITTED: "submitted",
    EventKind.PROPOSAL_WITHDRAWN: "withdrew",
    EventKind.PROPOSAL_REJECTED: "rejected",
    EventKind.PROPOSAL_REOPENED: "reopened",
    EventKind.PROPOSAL_MERGED: "merged",
    EventKind.POSITION_TAKEN: "reviewed",
    EventKind.CONCERN_OVERRIDDEN: "overrode a concern about",
    EventKind.THREAD_OPENED: "opened",
    EventKind.THREAD_ADDRESSED: "marked as addressed",
    EventKind.THREAD_RESOLVED: "resolved",
    EventKind.THREAD_DECLINED: "declined",
    EventKind.THREAD_REOPENED: "reopened",
    EventKind.COMMENT_ADDED: "commented in",
    EventKind.COMMENT_EDITED: "edited a comment in",
    EventKind.COMMENT_WITHDRAWN: "withdrew a comment in",
    EventKind.CONSULTATION_CREATED: "created a consultation",
    EventKind.CONSULTATION_CHANGED: "changed a consultation",
    EventKind.SUBMISSION_RECEIVED: "received public feedback",
    EventKind.SUBMISSION_DECIDED: "moderated public feedback",
    EventKind.SUBMISSION_WITHDRAWN: "public feedback was withdrawn",
    EventKind.RELEASE_ASSEMBLED: "started",
    EventKind.RELEASE_PUBLISHED: "published",
    EventKind.RELEASE_ABANDONED: "discarded",
}


def days(events: Sequence[Event], slug: str) -> list[dict[str, Any]]:
    """The lines, day by day."""
    by_day = groupby(events, key=lambda event: event.at.date())
    return [{"day": day, "lines": [line(event, slug) for event in group]} for day, group in by_day]


def line(event: Event, slug: str) -> dict[str, Any]:
    """Who did what to which thing."""
    thing, url = _thing(event, f"/{slug}/")
    return {
        "at": event.at,
        "by": event.actor.name if event.actor else "The command line",
        "words": WORDS[EventKind(event.kind)],
        "thing": thing,
        "url": url,
        "internal": event.visibility == Visibility.INTERNAL,
    }


def _thing(event: Event, root: str) -> tuple[str, str]:
    if event.thread is not None:
        return f"a thread ({event.thread.kind})", f"{root}threads/{event.thread.public_id}/"
    if event.proposal is not None:
        return event.proposal.title, f"{root}proposals/{event.proposal.public_id}/"
    if event.release is not None:
        published = event.kind == EventKind.RELEASE_PUBLISHED
        return f"release {event.release.label}", f"{root}releases/{event.release.label}/" if published else ""
    if event.kind == EventKind.REVISION_IMPORTED:
        return str(event.data.get("file", "")), ""
    return "", ""
