"""Removing by age what nobody will ask for again; nothing of the record of reviews is ever removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from reviews.actions.uploads import DAYS as UPLOAD_DAYS
from reviews.jobs import JobName, enqueue
from reviews.models import Delivery, Job, KeptUpload, SignInLink, StoredPage, UnsentText

DONE_JOBS_KEPT = timedelta(days=14)
FAILED_JOBS_KEPT = timedelta(days=90)
SIGN_IN_LOG_KEPT = timedelta(days=60)
UNSENT_TEXTS_KEPT = timedelta(days=60)
STORED_PAGES_KEPT = timedelta(days=30)
SPENT_LINKS_KEPT = timedelta(days=30)
# Each statement is short, so that nobody waits for its locks.
ROWS_AT_ONCE = 1000


def promise(*, now: datetime) -> None:
    """Promise the clearing of this day, once a day however often it is called."""
    key = f"{now:%Y-%m-%d}"
    if not Job.objects.filter(key=f"{JobName.CLEAR_OLD_ROWS}:{key}").exists():
        enqueue(JobName.CLEAR_OLD_ROWS, key=key, now=now)


def clear_old_rows(*, now: datetime | None = None) -> dict[str, int]:
    """Remove what is older than its kind is kept, and return how many rows of each kind went.

    A stored page counts from when it was made: one that is still asked for is simply made again.
    """
    now = now or timezone.now()
    cleared: dict[str, int] = {}
    for rows in _old_rows(now):
        name = rows.model._meta.label_lower
        cleared[name] = cleared.get(name, 0) + _delete(rows)
    return cleared


def _old_rows(now: datetime) -> list[QuerySet[Any]]:
    return [
        Job.objects.filter(done_at__lt=now - DONE_JOBS_KEPT),
        Job.objects.filter(failed_at__lt=now - FAILED_JOBS_KEPT),
        # As long as its job can be run again: that is what deliveries are for.
        Delivery.objects.filter(delivered_at__lt=now - FAILED_JOBS_KEPT - DONE_JOBS_KEPT),
        Session.objects.filter(expire_date__lt=now),
        AccessLog.objects.filter(attempt_time__lt=now - SIGN_IN_LOG_KEPT),
        AccessFailureLog.objects.filter(attempt_time__lt=now - SIGN_IN_LOG_KEPT),
        AccessAttempt.objects.filter(attempt_time__lt=now - SIGN_IN_LOG_KEPT),
        UnsentText.objects.filter(saved_at__lt=now - UNSENT_TEXTS_KEPT),
        KeptUpload.objects.filter(sent_at__lt=now - timedelta(days=UPLOAD_DAYS)),
        StoredPage.objects.filter(created_at__lt=now - STORED_PAGES_KEPT),
        SignInLink.objects.filter(expires_at__lt=now - SPENT_LINKS_KEPT),
    ]


def _delete(rows: QuerySet[Any]) -> int:
    """Delete the rows in portions, and return how many they were."""
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        count += len(keys)
    return count
