"""Running promised work: a worker takes the jobs of a lane one after the other, a sweeper finds what the broker lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from reviews.actions import clearing, consultations, jobs, pages
from reviews.jobs import RUN_LANE_TASK, JobName, Lane, Unfinished, nudge
from reviews.mail import messages, operator, receipts
from reviews.models import Job
from reviews.tasks import releases
from reviews.tasks.heartbeat import Heartbeat

log = logging.getLogger(__name__)

# A worker that serves several lanes turns to the next one after this time; the sweeper nudges each lane again as often.
SLICE_SECONDS = settings.JOB_SWEEP_SECONDS

HANDLERS: Mapping[str, Callable[..., Any]] = {
    JobName.MAIL_EVENT: messages.send_event,
    JobName.MAIL_INVITATION: messages.send_invitation,
    JobName.MAIL_PASSWORD_RESET: messages.send_password_reset,
    JobName.MAIL_OPERATOR: operator.send_report,
    JobName.MAIL_RECEIPT: receipts.send_receipt,
    JobName.WRITE_RELEASE_FILES: releases.write_files,
    JobName.STORE_PAGES: pages.compress,
    JobName.CLEAR_OLD_ROWS: clearing.clear_old_rows,
}


@shared_task(name=RUN_LANE_TASK)
def run_lane(lane: str) -> int:
    """Run the jobs of a lane that are due, until there is none or the time slice is over; return how many."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < SLICE_SECONDS:
        job = jobs.lease_next(Lane(lane), now=timezone.now())
        if job is None:
            break
        run(job)
        count += 1
    return count


def run(job: Job) -> None:
    """Run one leased job; a failure puts it back with a delay."""
    try:
        with Heartbeat(job):
            HANDLERS[job.name](**job.arguments)
    except Unfinished:
        jobs.put_back(job, now=timezone.now())
    except Exception as error:
        log.exception("Job %s failed", job.key)
        jobs.fail(job, error=repr(error), now=timezone.now())
    else:
        jobs.finish(job, now=timezone.now())


@shared_task(name="reviews.sweep")
def sweep() -> int:
    """Nudge every lane in which a job waits, promise the daily clearing, tell of jobs that failed for good."""
    now = timezone.now()
    clearing.promise(now=now)
    consultations.follow_windows(now=now)
    for job in jobs.report_failed(to_operator=bool(settings.OPERATOR_EMAIL), now=now):
        log.warning("Job %s was given up after %s attempts: %s", job.key, job.attempts, job.last_error)
    lanes = jobs.waiting_lanes(now=now)
    for lane in lanes:
        nudge(lane, expires=settings.JOB_SWEEP_SECONDS)
    return len(lanes)
