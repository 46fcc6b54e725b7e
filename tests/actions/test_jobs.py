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
from reviews.jobs import LANES, JobName, Lane
from reviews.models import Job
from reviews.tasks.jobs import HANDLERS
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
        promise()
    assert (len(nudges), jobs.waiting_lanes(now=NOW)) == (1, [Lane.PAGES])


def test_every_job_has_a_lane_and_a_handler() -> None:
    assert set(LANES) == set(HANDLERS) == set(JobName)
    urgent = {
        JobName.MAIL_PASSWORD_RESET,
        JobName.MAIL_INVITATION,
        JobName.MAIL_OPERATOR,
        JobName.MAIL_RECEIPT,
    }
    assert {name for name, lane in LANES.items() if lane == Lane.URGENT} == urgent


def test_each_lane_gives_its_own_jobs_and_the_oldest_first() -> None:
    for hours, name in enumerate([JobName.STORE_PAGES, JobName.MAIL_EVENT, JobName.MAIL_PASSWORD_RESET] * 2):
        outbox.enqueue(name, key=str(hours), now=NOW - timedelta(hours=hours))
    Job.objects.create(name="of an older program", key="old", created_at=NOW, due_at=NOW - timedelta(days=1))
    leased = {lane: [job.key for job in all_of(lane)] for lane in Lane}
    assert leased == {
        Lane.URGENT: ["mail_password_reset:5", "mail_password_reset:2"],
        Lane.PAGES: ["store_pages:3", "store_pages:0"],
        Lane.BULK: ["old", "mail_event:4", "mail_event:1"],
    }


def all_of(lane: Lane) -> list[Job]:
    found = []
    while job := jobs.lease_next(lane, now=NOW):
        found.append(job)
    return found


def lease(*, now: datetime = NOW) -> Job:
    job = jobs.lease_next(Lane.PAGES, now=now)
    assert job is not None
    return job


def test_a_lease_is_for_one_and_ends_unless_it_is_renewed() -> None:
    promise()
    leased = lease()
    assert (leased.attempts, leased.leased_until) == (1, NOW + jobs.LEASE)
    assert jobs.lease_next(Lane.PAGES, now=NOW + jobs.LEASE - timedelta(seconds=1)) is None
    assert jobs.renew(leased, now=NOW + jobs.LEASE / 2)
    assert jobs.lease_next(Lane.PAGES, now=NOW + jobs.LEASE) is None
    assert lease(now=NOW + 2 * jobs.LEASE).attempts == 2


def test_who_lost_the_lease_changes_the_job_no_more() -> None:
    promise()
    lost = lease()
    held = lease(now=NOW + jobs.LEASE)
    before = Job.objects.values().get()
    assert not jobs.renew(lost, now=NOW + jobs.LEASE)
    jobs.fail(lost, error="late", now=NOW + jobs.LEASE)
    jobs.finish(lost, now=NOW + jobs.LEASE)
    jobs.put_back(lost, now=NOW + jobs.LEASE)
    assert Job.objects.values().get() == before
    jobs.finish(held, now=NOW + jobs.LEASE)
    assert Job.objects.get().done_at == NOW + jobs.LEASE


def test_a_job_that_ends_its_worker_again_and_again_waits_like_one_that_fails() -> None:
    promise()
    now = NOW
    for _ in range(jobs.LOST_WORKERS):
        lease(now=now)
        now += jobs.LEASE
    assert jobs.lease_next(Lane.PAGES, now=now) is None
    job = Job.objects.get()
    assert (job.failures, job.due_at, job.give_up_at) == (1, now + timedelta(seconds=2), now + jobs.RETRIED_FOR)
    assert "ended before it was done" in job.last_error


def test_what_is_done_stays_done_and_forgets_its_arguments() -> None:
    job = promise()
    jobs.finish(lease(), now=NOW)
    job.refresh_from_db()
    assert (job.done_at, job.arguments, job.leased_until) == (NOW, {}, None)
    assert jobs.waiting_lanes(now=NOW + timedelta(days=1)) == []
    promise()
    assert Job.objects.get().done_at == NOW


def fail_until_given_up(*, now: datetime) -> list[timedelta]:
    """Fail the only job whenever it is due, and return the delays between the attempts."""
    delays = []
    while (job := jobs.lease_next(Lane.PAGES, now=now)) is not None:
        jobs.fail(job, error="no mail server", now=now)
        job.refresh_from_db()
        delays.append(job.due_at - now)
        now = job.due_at
    return delays


def test_a_failure_waits_longer_each_time_up_to_an_hour_for_three_days() -> None:
    promise()
    delays = fail_until_given_up(now=NOW)
    assert [delay.total_seconds() for delay in delays[:12]] == [2**n for n in range(1, 12)] + [3600]
    assert set(delays[11:]) == {timedelta(hours=1)}
    job = Job.objects.get()
    assert job.failed_at is not None
    assert timedelta(days=3) <= job.failed_at - NOW < timedelta(days=3, hours=1)
    assert (list(jobs.failed_jobs()), job.last_error) == ([job], "no mail server")


def test_failed_jobs_are_retried_for_another_three_days() -> None:
    job, other = promise(), promise("other")
    Job.objects.update(failed_at=NOW, failures=70, give_up_at=NOW, reported_at=NOW)
    later = NOW + timedelta(days=7)
    assert jobs.retry([job.pk], now=later) == 1
    assert list(jobs.failed_jobs()) == [other]
    assert len(fail_until_given_up(now=later)) > 70
    assert jobs.retry(now=later + timedelta(days=7)) == 2
    assert (list(jobs.failed_jobs()), jobs.retry(now=later)) == ([], 0)


def test_the_operator_is_told_once_of_all_jobs_that_failed() -> None:
    failed = [promise(str(number)).pk for number in range(3)]
    promise("waits")
    Job.objects.filter(pk__in=failed).update(failed_at=NOW)
    assert sorted(job.pk for job in jobs.report_failed(to_operator=True, now=NOW)) == failed
    assert jobs.report_failed(to_operator=True, now=NOW) == []
    [report] = Job.objects.filter(name=JobName.MAIL_OPERATOR)
    assert sorted(report.arguments["jobs"]) == failed


def test_reports_are_an_hour_apart_and_never_about_reports() -> None:
    Job.objects.filter(pk=promise("early").pk).update(failed_at=NOW, reported_at=NOW)
    later = promise("later")
    Job.objects.filter(pk=later.pk).update(failed_at=NOW)
    assert jobs.report_failed(to_operator=True, now=NOW + timedelta(minutes=59)) == []
    assert jobs.report_failed(to_operator=True, now=NOW + timedelta(minutes=61)) == [later]
    Job.objects.filter(name=JobName.MAIL_OPERATOR).update(failed_at=NOW + timedelta(days=3))
    assert len(jobs.report_failed(to_operator=True, now=NOW + timedelta(days=4))) == 1
    assert Job.objects.filter(name=JobName.MAIL_OPERATOR).count() == 1


def test_the_sweeper_sees_what_is_due_and_nobodys() -> None:
    outbox.enqueue(JobName.MAIL_EVENT, key="leased", now=NOW)
    jobs.lease_next(Lane.BULK, now=NOW)
    promise("later", now=NOW + timedelta(hours=1))
    assert jobs.waiting_lanes(now=NOW) == []
    assert jobs.waiting_lanes(now=NOW + timedelta(hours=1)) == [Lane.PAGES, Lane.BULK]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_lease() -> None:
    promise()
    start, got = threading.Barrier(6), []

    def work() -> None:
        start.wait()
        got.append(jobs.lease_next(Lane.PAGES, now=NOW) is not None)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == [False] * 5 + [True]
    assert Job.objects.get().attempts == 1
