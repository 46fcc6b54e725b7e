"""Leasing and finishing job rows: done at least once, its effect once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from reviews.models import Job

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
WAITING = Q(done_at__isnull=True, failed_at__isnull=True)


@transaction.atomic
def lease(key: str, *, now: datetime) -> Job | None:
    """The job, for five minutes ours alone; None when it is done, given up, not due, or somebody else's."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    rows = Job.objects.select_for_update(skip_locked=True).filter(WAITING, free, key=key, due_at__lte=now)
    job = rows.first()
    if job is not None:
        job.leased_until, job.attempts = now + LEASE, job.attempts + 1
        job.save(update_fields=["leased_until", "attempts"])
    return job


def finish(job: Job, *, now: datetime) -> None:
    """Mark it done and forget what it was called with."""
    Job.objects.filter(pk=job.pk).update(done_at=now, leased_until=None, arguments={}, last_error="")


def fail(job: Job, *, error: str, now: datetime) -> None:
    """Put it back with growing delays; after eight attempts it is given up, and stays listed."""
    delay = timedelta(seconds=min(2**job.attempts, 600))
    given_up = now if job.attempts >= MOST_ATTEMPTS else None
    Job.objects.filter(pk=job.pk).update(
        due_at=now + delay, leased_until=None, last_error=error[:2000], failed_at=given_up
    )


def waiting_keys(*, now: datetime, most: int = 500) -> list[str]:
    """The keys of jobs that are due and nobody's: those whose message the broker lost."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return list(
        Job.objects.filter(WAITING, free, due_at__lte=now).order_by("due_at").values_list("key", flat=True)[:most]
    )
