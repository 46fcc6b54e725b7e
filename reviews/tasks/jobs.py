"""Running promised work: one task for one row, and a sweeper for what the broker lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery import shared_task
from django.utils import timezone

from reviews.actions import jobs, pages
from reviews.jobs import RUN_TASK, JobName, nudge
from reviews.mail import messages
from reviews.tasks import releases

log = logging.getLogger(__name__)

HANDLERS: Mapping[str, Callable[..., Any]] = {
    JobName.MAIL_EVENT: messages.send_event,
    JobName.MAIL_INVITATION: messages.send_invitation,
    JobName.MAIL_PASSWORD_RESET: messages.send_password_reset,
    JobName.WRITE_RELEASE_FILES: releases.write_files,
    JobName.STORE_PAGES: pages.compress,
}


@shared_task(name=RUN_TASK)
def run_job(key: str) -> None:
    """Do one promised thing; a failure puts it back with a delay."""
    job = jobs.lease(key, now=timezone.now())
    if job is None:
        return
    try:
        HANDLERS[job.name](**job.arguments)
    except Exception as error:
        log.exception("Job %s failed", key)
        jobs.fail(job, error=repr(error), now=timezone.now())
    else:
        jobs.finish(job, now=timezone.now())


@shared_task(name="reviews.sweep")
def sweep() -> int:
    """Nudge every job that waits and is nobody's."""
    keys = jobs.waiting_keys(now=timezone.now())
    for key in keys:
        nudge(key)
    return len(keys)
