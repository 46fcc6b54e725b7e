"""Clearing by age."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

from reviews.actions import clearing, pages
from reviews.jobs import JobName, enqueue
from reviews.models import Event, Job, KeptUpload, StoredPage, UnsentText
from tests.factories import NOW, make_spec, make_user

pytestmark = pytest.mark.django_db

ACCESS = {"user_agent": "", "ip_address": "192.0.2.1", "username": "ana", "http_accept": "", "path_info": ""}


def make_old_and_fresh(model: type, column: str, *, kept: timedelta, **columns: object) -> None:
    """Two rows, one a minute older than its kind is kept and one a minute younger."""
    for minutes in (-1, 1):
        row = model(**{name: value(minutes) if callable(value) else value for name, value in columns.items()})
        row.save()
        model.objects.filter(pk=row.pk).update(**{column: NOW - kept + timedelta(minutes=minutes)})


def test_what_is_older_than_its_kind_is_kept_goes_and_all_else_stays() -> None:
    ana, spec = make_user("Ana"), make_spec()
    Job.objects.all().delete()
    events = Event.objects.count()
    make_old_and_fresh(
        Job, "done_at", kept=clearing.DONE_JOBS_KEPT, key=str, name="store_pages", created_at=NOW, due_at=NOW
    )
    enqueue(JobName.STORE_PAGES, key="waits", now=NOW - timedelta(days=900))
    make_old_and_fresh(Session, "expire_date", kept=timedelta(), session_key=str, session_data="", expire_date=NOW)
    make_old_and_fresh(AccessLog, "attempt_time", kept=clearing.SIGN_IN_LOG_KEPT, **ACCESS)
    make_old_and_fresh(AccessFailureLog, "attempt_time", kept=clearing.SIGN_IN_LOG_KEPT, **ACCESS)
    attempt = {**ACCESS, "user_agent": str, "failures_since_start": 1}
    make_old_and_fresh(AccessAttempt, "attempt_time", kept=clearing.SIGN_IN_LOG_KEPT, **attempt)
    unsent = {"person": ana, "page": "/", "field": str, "text": "x", "saved_at": NOW}
    make_old_and_fresh(UnsentText, "saved_at", kept=timedelta(days=60), **unsent)
    upload = {"spec": spec, "sent_by": ana, "sent_at": NOW, "name": "a.md", "content": b"x"}
    make_old_and_fresh(KeptUpload, "sent_at", kept=timedelta(days=2), **upload)
    for name in ("old", "fresh"):
        pages.store(spec, name=name, stamp=name, html=b"<p>", now=NOW)
    StoredPage.objects.filter(name="old").update(created_at=NOW - timedelta(days=31))
    waiting = Job.objects.filter(done_at=None).count()

    cleared = clearing.clear_old_rows(now=NOW)

    assert {name: count for name, count in cleared.items() if count != 1} == {
        "reviews.delivery": 0,
        "reviews.signinlink": 0,
    }
    kept = [Session, AccessLog, AccessFailureLog, AccessAttempt, UnsentText, KeptUpload, StoredPage]
    assert [model.objects.count() for model in kept] == [1] * len(kept)
    assert Job.objects.filter(done_at__isnull=False).count() == 1
    assert (Job.objects.filter(done_at=None).count(), Event.objects.count()) == (waiting, events)


def test_many_rows_go_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "ROWS_AT_ONCE", 2)
    for number in range(5):
        Session.objects.create(session_key=str(number), session_data="", expire_date=NOW - timedelta(days=1))
    assert clearing.clear_old_rows(now=NOW)["sessions.session"] == 5
