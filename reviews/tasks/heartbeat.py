"""Renewing the lease of a job while it runs, so that a job whose process was killed is soon free for others."""

from __future__ import annotations

import logging
import os
import threading
import time

from django.db import Error, connection
from django.utils import timezone

from reviews.actions import jobs
from reviews.models import Job

log = logging.getLogger(__name__)

EVERY_SECONDS = jobs.LEASE.total_seconds() / 4
# What runs longer hangs. The process ends, since nothing else stops a thread that waits for ever, and is started again.
LONGEST_SECONDS = 300


class Heartbeat:
    """Renews a job's lease from a thread of its own, on a connection of its own, for as long as the block lasts."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._beat, name=f"heartbeat {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *details: object) -> None:
        self.ended.set()
        self.thread.join()

    def _beat(self) -> None:
        began = time.monotonic()
        try:
            while not self.ended.wait(EVERY_SECONDS):
                if time.monotonic() - began > LONGEST_SECONDS:
                    log.critical("Job %s runs for more than %s seconds: ending.", self.job.key, LONGEST_SECONDS)
                    os._exit(1)
                if not self._renewed():
                    return
        finally:
            connection.close()

    def _renewed(self) -> bool:
        """Renew the lease; a database that is away for a moment is asked again at the next beat."""
        try:
            return jobs.renew(self.job, now=timezone.now())
        except Error:
            log.warning("The lease of job %s could not be renewed", self.job.key)
            connection.close()
            return True
