"""The page on which staff try failed jobs again, and the command that does the same."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reviews.jobs import JobName, enqueue
from reviews.models import Job
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/reviews/job/retry/"


@pytest.fixture
def jobs() -> dict[str, Job]:
    """Two jobs that failed and one that waits, by their keys."""
    for key in ("first", "second", "waits"):
        enqueue(JobName.STORE_PAGES, key=key, now=NOW, secret="hidden")
    Job.objects.exclude(key__endswith="waits").update(failed_at=NOW, last_error="<no space left>")
    return {job.key.split(":")[1]: job for job in Job.objects.all()}


def failed() -> list[str]:
    return sorted(Job.objects.filter(failed_at__isnull=False).values_list("key", flat=True))


def signed_in(**columns: bool) -> Client:
    client = Client(enforce_csrf_checks=columns.pop("csrf", False))
    client.force_login(make_user("Staff", **columns))
    return client


def test_looking_shows_the_failed_jobs_and_changes_nothing(jobs: dict[str, Job]) -> None:
    page = signed_in(is_staff=True).get(PAGE).content.decode()
    assert ["store_pages:first" in page, "store_pages:second" in page, "store_pages:waits" in page] == [
        True,
        True,
        False,
    ]
    assert ("&lt;no space left&gt;" in page, 'hidden"' in page.replace('type="hidden"', "")) == (True, False)
    assert failed() == ["store_pages:first", "store_pages:second"]


def test_the_chosen_jobs_are_tried_again(jobs: dict[str, Job]) -> None:
    client = signed_in(is_staff=True)
    words = [str(jobs["first"].pk), str(jobs["waits"].pk), "x", "9" * 30]
    answer = client.post(PAGE, {"job": words}, follow=True)
    assert "1 job will be tried again." in answer.content.decode()
    assert failed() == ["store_pages:second"]
    client.post(PAGE, {})
    assert failed() == ["store_pages:second"]


def test_only_staff_and_only_with_the_form_s_token(jobs: dict[str, Job]) -> None:
    chosen = {"job": [str(jobs["first"].pk)]}
    answers = [
        signed_in().post(PAGE, chosen),
        signed_in(is_staff=True, is_active=False).post(PAGE, chosen),
        Client().post(PAGE, chosen),
        signed_in(is_staff=True, csrf=True).post(PAGE, chosen),
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 403]
    assert failed() == ["store_pages:first", "store_pages:second"]


def test_the_command_lists_and_retries(jobs: dict[str, Job]) -> None:
    output = StringIO()
    call_command("retry_jobs", "--list", stdout=output)
    assert "store_pages:first  failed" in output.getvalue()
    assert output.getvalue().endswith("2 failed jobs.\n")
    with pytest.raises(CommandError, match="store_pages:waits"):
        call_command("retry_jobs", "store_pages:first", "store_pages:waits")
    assert len(failed()) == 2
    call_command("retry_jobs", "store_pages:first", stdout=output)
    assert failed() == ["store_pages:second"]
    call_command("retry_jobs", stdout=output)
    assert failed() == []
