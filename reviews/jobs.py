"""The outbox: a job is promised by a row of the transaction that needs it; the broker is only told to look sooner."""

from __future__ import annotations

import contextlib
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from reviews.models import Job

RUN_TASK = "reviews.run_job"


class JobName(StrEnum):
    """The kinds of work that are done later."""

    MAIL_EVENT = "mail_event"
    MAIL_INVITATION = "mail_invitation"
    WRITE_RELEASE_FILES = "write_release_files"
    STORE_PAGES = "store_pages"


def enqueue(name: JobName, *, key: str, now: datetime, **arguments: Any) -> None:
    """Promise a job within the current transaction; the same key twice is one job.

    The broker is nudged after the commit. When it does not answer, the sweeper finds the row.
    """
    job = Job(name=name, key=f"{name}:{key}", arguments=arguments, created_at=now, due_at=now)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    transaction.on_commit(partial(nudge, job.key))


def nudge(key: str) -> None:
    """Tell a worker that there is something to do; losing this message loses nothing."""
    with contextlib.suppress(OperationalError, OSError):
        current_app.send_task(RUN_TASK, args=[key], retry=False, ignore_result=True)
