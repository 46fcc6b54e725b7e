"""What happened in a spec."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.actions.events import record
from reviews.models import Spec, User
from reviews.rules.kinds import EventKind
from reviews.web.pages.events import WORDS
from tests.factories import NOW, make_proposal, make_spec, make_thread, make_user
from tests.web.views.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


@pytest.fixture
def spec(ana: User) -> Spec:
    return make_spec(slug="conduct", members={ana: ["editor"]}, release="1.0")


def test_every_kind_of_event_has_its_words():
    assert set(WORDS) == set(EventKind)


def test_outsiders_read_public_lines_and_members_all(spec, ana, client):
    make_proposal(spec, by=ana, title="Open to all")
    make_proposal(spec, by=ana, title="A secret", visibility="internal")
    make_thread(spec, by=ana, visibility="internal")
    outside = words(client.get("/conduct/activity/"))
    assert "Ana Ruiz submitted Open to all" in outside
    assert "The command line published release 1.0" in outside
    assert "secret" not in outside
    assert "thread (" not in outside
    assert "Internal" not in outside
    client.force_login(ana)
    inside = words(client.get("/conduct/activity/"))
    assert "Ana Ruiz submitted A secret" in inside
    assert "Ana Ruiz opened a thread (question)" in inside


def test_three_lines_take_as_many_queries_as_one(spec, ana, client):
    with CaptureQueriesContext(connection) as one:
        client.get("/conduct/activity/")
    for number in range(3):
        make_proposal(spec, by=ana, title=f"Number {number}", edits={"aims": ("useful", f"useful {number}")})
    with CaptureQueriesContext(connection) as more:
        client.get("/conduct/activity/")
    assert len(more) == len(one)


def test_a_long_record_comes_in_pages_whose_address_tells_no_number(spec, ana):
    for _ in range(60):
        record(EventKind.SPEC_RESTORED, spec=spec, by=ana, now=NOW, visibility="public")
    first = Client().get("/conduct/activity/").content.decode()
    address = first[first.index("?after=") :].split('"')[0]
    assert len(address) == len("?after=") + 36
    second = words(Client().get(f"/conduct/activity/{address}"))
    assert "imported a document" in second
    assert Client().get("/conduct/activity/?after=nonsense").status_code == 422


def test_it_is_there_only_for_who_sees_the_spec(client):
    make_spec(slug="inside", visibility="internal")
    assert client.get("/inside/activity/").status_code == 404
