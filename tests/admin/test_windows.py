"""The administration windows: everything can be looked at, nothing touched."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews.actions import people
from reviews.admin.windows import site
from reviews.models import Spec, User
from tests.factories import make_proposal, make_release, make_spec, make_thread, make_user

pytestmark = pytest.mark.django_db

WINDOWS = [model._meta.model_name for model in site._registry]


@pytest.fixture
def staff() -> User:
    return make_user("Staff", is_staff=True, is_superuser=True)


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def filled(staff: User) -> Spec:
    """A spec with a row of every kind that has a window."""
    spec = make_spec(members={staff: ["owner", "editor"]})
    make_release(spec)
    make_thread(spec, by=staff, about=make_proposal(spec, by=staff))
    people.invite(spec, email="new@example.org", roles=["member"], by=staff, now=timezone.now())
    people.create_token(staff, name="test", now=timezone.now())
    return spec


def first_of(name: str) -> Any:
    model = next(model for model in site._registry if model._meta.model_name == name)
    return model.objects.first()


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_shows_rows_and_changes_none(client: Client, staff: User, name: str) -> None:
    filled(staff)
    row = first_of(name)
    page = f"/admin/reviews/{name}/{row.pk}/change/"
    assert [client.get(path).status_code for path in [f"/admin/reviews/{name}/", page]] == [200, 200]
    assert 'name="_save"' not in client.get(page).content.decode()
    before = type(row).objects.filter(pk=row.pk).values().get()
    refused = [client.post(page, {}), client.get(f"/admin/reviews/{name}/add/"), client.post(page, {"name": "X"})]
    refused += [client.post(f"/admin/reviews/{name}/{row.pk}/delete/", {"post": "yes"})]
    assert [answer.status_code for answer in refused] == [403, 403, 403, 403]
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("name", WINDOWS)
def test_a_list_needs_as_many_queries_for_three_rows_as_for_one(client: Client, staff: User, name: str) -> None:
    filled(staff)
    counts = []
    for more in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get(f"/admin/reviews/{name}/")
        counts.append(len(found))
        for number in range(2 - 2 * more):
            filled(make_user(f"More {number}"))
    assert counts[0] == counts[1]


def test_no_window_shows_what_opens_a_door(client: Client, staff: User) -> None:
    filled(staff)
    shown = {name: set(window.fields) for name, window in _windows().items()}
    secret = {"password", "secret_hash", "arguments", "content"}
    assert {name: fields & secret for name, fields in shown.items() if fields & secret} == {}


def test_only_active_staff_look(staff: User) -> None:
    for user in [make_user("Nobody"), make_user("Gone", is_staff=True, is_active=False)]:
        client = Client()
        client.force_login(user)
        assert client.get("/admin/reviews/user/").status_code == 302


def _windows() -> dict[str, Any]:
    return {model._meta.model_name: window for model, window in site._registry.items()}
