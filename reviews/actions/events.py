"""Recording events; every action ends here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from reviews.jobs import JobName, enqueue
from reviews.models import Event, Spec, User
from reviews.rules.kinds import EventKind, Visibility

MAILED = frozenset(
    {
        EventKind.PROPOSAL_SUBMITTED,
        EventKind.POSITION_TAKEN,
        EventKind.PROPOSAL_MERGED,
        EventKind.PROPOSAL_REJECTED,
        EventKind.THREAD_OPENED,
        EventKind.COMMENT_ADDED,
        EventKind.THREAD_ADDRESSED,
        EventKind.THREAD_RESOLVED,
        EventKind.THREAD_DECLINED,
        EventKind.THREAD_REOPENED,
        EventKind.RELEASE_PUBLISHED,
    }
)

# Nobody writes slower because others are told of it: the next sweep sends the mail, no broker is asked meanwhile.
MAIL_WAITS = timedelta(seconds=1)


def record(
    kind: EventKind,
    *,
    spec: Spec,
    by: User | None,
    now: datetime,
    visibility: str = Visibility.INTERNAL,
    data: dict[str, Any] | None = None,
    **about: Any,
) -> Event:
    """Append one event, and promise its mail when its kind is one that people are told of.

    `about` names the clause, proposal, thread, comment, revision or release that it is about.
    """
    event = Event.objects.create(
        kind=kind, spec=spec, actor=by, at=now, visibility=visibility, data=data or {}, **about
    )
    if kind in MAILED:
        enqueue(JobName.MAIL_EVENT, key=str(event.public_id), now=now, later=MAIL_WAITS, event=event.pk)
    return event
