"""The outbox: a job is promised by a row of the transaction that needs it; the broker is only told to look sooner."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from reviews.models import Job

RUN_TASK = "reviews.run_job"
_mail_is_off: ContextVar[bool] = ContextVar("mail_is_off", default=False)


class JobName(StrEnum):
    """The kinds of work that are done later."""

    MAIL_EVENT = "mail_event"
    MAIL_INVITATION = "mail_invitation"
    MAIL_PASSWORD_RESET = "mail_password_reset"
    WRITE_RELEASE_FILES = "write_release_files"
    STORE_PAGES = "store_pages"


def enqueue(name: JobName, *, key: str, now: datetime, later: timedelta = timedelta(), **arguments: Any) -> None:
    """Promise a job within the current transaction; the same key twice is one job.

    The broker is nudged after the commit. When it does not answer, the sweeper finds the row, as it finds what is for later.
    """
    if _mail_is_off.get() and name.startswith("mail_"):
        return
    job = Job(name=name, key=f"{name}:{key}", arguments=arguments, created_at=now, due_at=now + later)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    if not later:
        transaction.on_commit(partial(nudge, job.key))


@contextlib.contextmanager
def without_mail() -> Iterator[None]:
    """Within it no mail is promised: for history that is written down long after it happened."""
    before = _mail_is_off.set(True)
    try:
        yield
    finally:
        _mail_is_off.reset(before)


def nudge(key: str) -> None:
    """Tell a worker that there is something to do; losing this message loses nothing."""
    with contextlib.suppress(OperationalError, OSError):
        current_app.send_task(RUN_TASK, args=[key], retry=False, ignore_result=True)
