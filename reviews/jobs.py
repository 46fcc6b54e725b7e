"""The outbox: a job is promised by a row of the transaction that needs it; the broker is only told to look sooner."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from reviews.models import Job

RUN_LANE_TASK = "reviews.run_lane"
_mail_is_off: ContextVar[bool] = ContextVar("mail_is_off", default=False)


class Lane(StrEnum):
    """The queues of the broker: jobs of one lane never wait for those of another where each has a worker."""

    URGENT = "urgent"
    PAGES = "pages"
    BULK = "bulk"


class JobName(StrEnum):
    """The kinds of work that are done later."""

    MAIL_EVENT = "mail_event"
    MAIL_INVITATION = "mail_invitation"
    MAIL_PASSWORD_RESET = "mail_password_reset"
    MAIL_OPERATOR = "mail_operator"
    MAIL_RECEIPT = "mail_receipt"
    WRITE_RELEASE_FILES = "write_release_files"
    STORE_PAGES = "store_pages"
    CLEAR_OLD_ROWS = "clear_old_rows"


LANES: Mapping[str, Lane] = {
    JobName.MAIL_EVENT: Lane.BULK,
    JobName.MAIL_INVITATION: Lane.URGENT,
    JobName.MAIL_PASSWORD_RESET: Lane.URGENT,
    JobName.MAIL_OPERATOR: Lane.URGENT,
    JobName.MAIL_RECEIPT: Lane.URGENT,
    JobName.WRITE_RELEASE_FILES: Lane.PAGES,
    JobName.STORE_PAGES: Lane.PAGES,
    JobName.CLEAR_OLD_ROWS: Lane.BULK,
}


class Unfinished(Exception):
    """Raised by a job that has used up its time slice: it goes on after other jobs had their turn. Not a failure."""


def enqueue(name: JobName, *, key: str, now: datetime, later: timedelta = timedelta(), **arguments: Any) -> None:
    """Promise a job within the current transaction; the same key twice is one job.

    The broker is nudged after the commit. When it does not answer, the sweeper finds the row, as it finds what is for later.
    """
    if _mail_is_off.get() and name.startswith("mail_"):
        return
    job = Job(name=name, key=f"{name}:{key}", arguments=arguments, created_at=now, due_at=now + later)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    if not later:
        transaction.on_commit(partial(nudge, LANES[name]))


@contextlib.contextmanager
def without_mail() -> Iterator[None]:
    """Within it no mail is promised: for history that is written down long after it happened."""
    before = _mail_is_off.set(True)
    try:
        yield
    finally:
        _mail_is_off.reset(before)


def nudge(lane: Lane, *, expires: float | None = None) -> None:
    """Tell a worker of the lane that there is something to do; losing this message loses nothing.

    `expires` is in seconds: the sweeper nudges again and again, and its messages must not pile up while a worker is busy.
    """
    with contextlib.suppress(OperationalError, OSError):
        current_app.send_task(
            RUN_LANE_TASK, args=[lane.value], queue=lane.value, expires=expires, retry=False, ignore_result=True
        )
