"""A spec, its people, and callers of the API for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from reviews.actions import people
from reviews.models import Spec, User
from tests.factories import make_spec, make_user

ROOT = "/api/v1"


class Caller:
    """Calls the API with a token, or as nobody."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers: dict[str, str] = {}
        if user is not None:
            secret = people.create_token(user, name="test", now=timezone.now())[1]
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(ROOT + path, headers={**self.headers, **headers})

    def post(self, path: str, sent: Any = None, *, key: str = "") -> HttpResponse:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(ROOT + path, sent or {}, content_type="application/json", headers=headers)

    def put(self, path: str, sent: Any) -> HttpResponse:
        return self.client.put(ROOT + path, sent, content_type="application/json", headers=self.headers)

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(ROOT + path, headers=self.headers)


@pytest.fixture
def team(db: None) -> dict[str, User]:
    """One person for each role, a second editor called author, and a stranger."""
    names = ["owner", "editor", "approver", "moderator", "release_manager", "member", "author", "stranger"]
    return {name: make_user(name.replace("_", " ").title(), email=f"{name}@example.org") for name in names}


@pytest.fixture
def spec(team: dict[str, User]) -> Spec:
    members = {user: ["editor" if name == "author" else name] for name, user in team.items() if name != "stranger"}
    return make_spec(slug="aster", title="Aster", members=members)


@pytest.fixture
def call(team: dict[str, User]) -> Callable[[str], Caller]:
    """`call("editor")`; `call("")` is nobody."""
    callers: dict[str, Caller] = {}

    def of(name: str) -> Caller:
        if name not in callers:
            callers[name] = Caller(team[name] if name else None)
        return callers[name]

    return of
