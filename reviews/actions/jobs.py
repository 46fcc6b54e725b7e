"""Leasing, finishing and retrying job rows: done at least once, its effect once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from reviews.jobs import LANES, JobName, Lane, enqueue, nudge
from reviews.models import Job

# A worker that was killed keeps its job from others for this long at most; a living one renews the lease several times in it.
LEASE = timedelta(seconds=9)
RETRIED_FOR = timedelta(days=3)
LONGEST_DELAY = timedelta(hours=1)
# So often a job may take its worker down before it is treated like one that fails.
LOST_WORKERS = 3
REPORTED_EVERY = timedelta(hours=1)
UNDONE = Q(done_at__isnull=True)
WAITING = UNDONE & Q(failed_at__isnull=True)
FAILED = UNDONE & Q(failed_at__isnull=False)


@transaction.atomic
def lease_next(lane: Lane, *, now: datetime) -> Job | None:
    """Lease the job of a lane that is due for longest, or return None when there is none that is free."""
    rows = _free(now).filter(_in_lane(lane)).select_for_update(skip_locked=True, no_key=True)
    job = rows.order_by("due_at", "pk").first()
    if job is None:
        return None
    if job.leased_until is not None and job.attempts % LOST_WORKERS == 0:
        # Else a job that ends every process which runs it would keep its lane from doing anything else.
        job.attempts += 1
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts)
        fail(job, error="The process that ran this job ended before it was done.", now=now)
        return lease_next(lane, now=now)
    job.leased_until, job.attempts = now + LEASE, job.attempts + 1
    job.save(update_fields=["leased_until", "attempts"])
    return job


def renew(job: Job, *, now: datetime) -> bool:
    """Keep the lease of a job that is still running; return False when somebody else has it by now."""
    return _held(job).update(leased_until=now + LEASE) == 1


def finish(job: Job, *, now: datetime) -> None:
    """Mark it done and forget what it was called with."""
    _held(job).update(done_at=now, leased_until=None, arguments={}, last_error="")


def put_back(job: Job, *, now: datetime) -> None:
    """Let other jobs have their turn before this one goes on; that is no failure."""
    _held(job).update(due_at=now, leased_until=None)


def fail(job: Job, *, error: str, now: datetime) -> None:
    """Put it back with delays that grow to an hour; after three days of failures it is given up, and stays listed."""
    delay = min(timedelta(seconds=2 ** min(job.failures + 1, 20)), LONGEST_DELAY)
    give_up_at = job.give_up_at or now + RETRIED_FOR
    _held(job).update(
        due_at=now + delay,
        leased_until=None,
        last_error=error[:2000],
        failures=F("failures") + 1,
        give_up_at=give_up_at,
        failed_at=now if now >= give_up_at else None,
    )


@transaction.atomic
def retry(jobs: Sequence[int] | None = None, *, now: datetime) -> int:
    """Give failed jobs, all or those with these ids, another three days; return how many there were."""
    rows = failed_jobs() if jobs is None else failed_jobs().filter(pk__in=jobs)
    lanes = {lane_of(name) for name in rows.values_list("name", flat=True).distinct()}
    count = rows.update(due_at=now, leased_until=None, failed_at=None, failures=0, give_up_at=None, reported_at=None)
    for lane in sorted(lanes):
        transaction.on_commit(lambda lane=lane: nudge(lane))
    return count


@transaction.atomic
def report_failed(*, to_operator: bool, now: datetime) -> list[Job]:
    """Return the failed jobs that nobody was told of yet, and promise one mail about all of them to the operator.

    At most one report an hour, since jobs that failed together are given up one after the other.
    """
    if Job.objects.filter(reported_at__gt=now - REPORTED_EVERY).exists():
        return []
    # Two sweepers at the same time: the second one finds nothing and reports nothing.
    jobs = list(failed_jobs().filter(reported_at__isnull=True).select_for_update(skip_locked=True, no_key=True))
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(reported_at=now)
    told = [job.pk for job in jobs if job.name != JobName.MAIL_OPERATOR]
    if told and to_operator:
        enqueue(JobName.MAIL_OPERATOR, key=now.isoformat(), now=now, jobs=told)
    return jobs


def failed_jobs() -> QuerySet[Job]:
    """Return the jobs that were given up, the newest first."""
    return Job.objects.filter(FAILED).order_by("-failed_at", "-pk")


def waiting_lanes(*, now: datetime) -> list[Lane]:
    """Return the lanes in which a job is due and nobody's."""
    return [lane for lane in Lane if _free(now).filter(_in_lane(lane)).exists()]


def lane_of(name: str) -> Lane:
    """Return the lane of a job; a name that this program does not know is bulk, so that it fails where it is seen."""
    return LANES.get(name, Lane.BULK)


def _in_lane(lane: Lane) -> Q:
    if lane == Lane.BULK:
        return ~Q(name__in=[name for name in LANES if LANES[name] != lane])
    return Q(name__in=[name for name in LANES if LANES[name] == lane])


def _free(now: datetime) -> QuerySet[Job]:
    unleased = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Job.objects.filter(WAITING, unleased, due_at__lte=now)


def _held(job: Job) -> QuerySet[Job]:
    """The row, as long as it is in the hands of who leased it: `attempts` is counted up by each lease."""
    return Job.objects.filter(WAITING, pk=job.pk, attempts=job.attempts)
