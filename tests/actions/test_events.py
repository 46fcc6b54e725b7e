"""Recording events, and promising their mail."""

from __future__ import annotations

import pytest
from django.db import transaction

from reviews.actions.events import MAILED, record
from reviews.models import Event, Job
from reviews.rules.kinds import EventKind, Visibility
from tests.factories import NOW, make_spec, make_thread, make_user

pytestmark = pytest.mark.django_db


def test_an_event_is_internal_unless_said() -> None:
    spec, ana = make_spec(source=""), make_user("Ana")
    event = record(EventKind.SPEC_ARCHIVED, spec=spec, by=ana, now=NOW)
    stored = Event.objects.get(pk=event.pk)
    assert (stored.visibility, stored.actor, stored.at, stored.data) == ("internal", ana, NOW, {})


@pytest.mark.parametrize("kind", list(EventKind))
def test_mail_is_promised_for_the_kinds_that_people_are_told_of(kind: EventKind) -> None:
    spec = make_spec(source="")
    event = record(kind, spec=spec, by=None, now=NOW, visibility=Visibility.PUBLIC)
    promised = [(job.name, job.arguments) for job in Job.objects.filter(key=f"mail_event:{event.public_id}")]
    assert promised == ([("mail_event", {"event": event.pk})] if kind in MAILED else [])


def test_an_event_names_what_it_is_about() -> None:
    spec = make_spec(members={(ana := make_user("Ana")): ["member"]})
    thread = make_thread(spec, by=ana)
    event = Event.objects.get(thread=thread)
    assert (event.kind, event.clause, event.comment) == ("thread.opened", thread.clause, thread.comments.get())


def test_an_act_that_fails_leaves_neither_event_nor_promise() -> None:
    spec = make_spec(source="")
    before = Event.objects.count(), Job.objects.count()
    with transaction.atomic():
        record(EventKind.RELEASE_PUBLISHED, spec=spec, by=None, now=NOW)
        transaction.set_rollback(True)
    assert (Event.objects.count(), Job.objects.count()) == before
