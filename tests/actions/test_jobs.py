"""The outbox: promised once, leased by one, done at least once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import Celery, current_app
from django.conf import settings
from django.db import connections, transaction
from kombu.exceptions import OperationalError

from reviews import jobs as outbox
from reviews.actions import jobs
from reviews.jobs import JobName
from reviews.models import Job
from specapp.celery import app as celery
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def promise(key: str = "one", *, now: datetime = NOW) -> Job:
    outbox.enqueue(JobName.STORE_PAGES, key=key, now=now, page=1)
    return Job.objects.get(key=f"store_pages:{key}")


def test_the_same_promise_is_one_row() -> None:
    first, again = promise(), promise(now=NOW + timedelta(days=1))
    assert (first.pk, again.created_at, Job.objects.count()) == (again.pk, NOW, 1)
    assert (first.name, first.arguments, first.due_at) == ("store_pages", {"page": 1}, NOW)


def test_a_promise_goes_with_its_transaction() -> None:
    with transaction.atomic():
        promise()
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


@pytest.fixture
def lost_broker() -> Iterator[None]:
    """Jobs are sent to a port where nothing listens, by an application whose connections were never used."""
    Celery(
        "lost", broker="redis://127.0.0.1:1/0"
    ).conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with pytest.raises(OperationalError):
        current_app.send_task("anything", retry=False, ignore_result=True)
    yield
    celery.set_current()


def test_a_lost_broker_loses_nothing(lost_broker: None, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    with django_capture_on_commit_callbacks(execute=True) as nudges:
        job = promise()
    assert (len(nudges), jobs.waiting_keys(now=NOW)) == (1, [job.key])


def test_a_lease_is_for_one_and_ends() -> None:
    job = promise()
    leased = jobs.lease(job.key, now=NOW)
    assert leased is not None
    assert (leased.attempts, leased.leased_until) == (1, NOW + jobs.LEASE)
    assert jobs.lease(job.key, now=NOW + jobs.LEASE - timedelta(seconds=1)) is None
    again = jobs.lease(job.key, now=NOW + jobs.LEASE)
    assert again is not None
    assert again.attempts == 2


def test_what_is_done_stays_done_and_forgets_its_arguments() -> None:
    job = promise()
    jobs.finish(job, now=NOW)
    job.refresh_from_db()
    assert (job.done_at, job.arguments, job.leased_until) == (NOW, {}, None)
    assert (jobs.lease(job.key, now=NOW + timedelta(days=1)), jobs.waiting_keys(now=NOW)) == (None, [])
    promise()
    assert Job.objects.get().done_at == NOW


def test_a_failure_waits_longer_each_time_until_it_is_given_up() -> None:
    job, now, delays = promise(), NOW, []
    for _ in range(jobs.MOST_ATTEMPTS):
        leased = jobs.lease(job.key, now=now)
        assert leased is not None
        jobs.fail(leased, error="no mail server", now=now)
        job.refresh_from_db()
        delays.append((job.due_at - now).total_seconds())
        now = job.due_at
    assert delays == [2, 4, 8, 16, 32, 64, 128, 256]
    assert (job.failed_at is None, job.last_error) == (False, "no mail server")
    assert (jobs.lease(job.key, now=now), jobs.waiting_keys(now=now)) == (None, [])


def test_the_sweeper_sees_what_is_due_and_nobodys() -> None:
    free, leased, later = promise("free"), promise("leased"), promise("later", now=NOW + timedelta(hours=1))
    jobs.lease(leased.key, now=NOW)
    assert jobs.waiting_keys(now=NOW) == [free.key]
    assert jobs.waiting_keys(now=NOW + timedelta(hours=1)) == [free.key, leased.key, later.key]
    assert jobs.waiting_keys(now=NOW + timedelta(hours=1), most=2) == [free.key, leased.key]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_lease() -> None:
    job, start, got = promise(), threading.Barrier(6), []

    def work() -> None:
        start.wait()
        got.append(jobs.lease(job.key, now=NOW) is not None)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == [False] * 5 + [True]
    assert Job.objects.get().attempts == 1
