"""Every route of the API against every scope of a token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from reviews.actions import people
from reviews.api import urls
from reviews.api.scopes import scopes_needed
from reviews.models import Spec, User
from reviews.rules.scopes import TokenScope
from tests.factories import make_spec, make_user

# What sending to each route needs; reading needs `read`. A route that can be written to and is not here fails the test.
EXPECTED = {
    "POST /v1/specs": "publish",
    "POST /v1/specs/<slug:slug>/threads": "comment",
    "POST /v1/specs/<slug:slug>/threads/<slug:thread>/comments": "comment",
    "PUT /v1/specs/<slug:slug>/threads/<slug:thread>/comments/<slug:comment>": "comment",
    "DELETE /v1/specs/<slug:slug>/threads/<slug:thread>/comments/<slug:comment>": "comment",
    "POST /v1/specs/<slug:slug>/threads/<slug:thread>/moves": "comment",
    "POST /v1/specs/<slug:slug>/proposals": "propose",
    "PUT /v1/specs/<slug:slug>/proposals/<slug:proposal>": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/patch-sets": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/changes": "propose",
    "PUT /v1/specs/<slug:slug>/proposals/<slug:proposal>/changes/<slug:change>": "propose",
    "DELETE /v1/specs/<slug:slug>/proposals/<slug:proposal>/changes/<slug:change>": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/positions": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/submit": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/withdraw": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/reopen": "propose",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/reject": "publish",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/merge": "publish",
    "POST /v1/specs/<slug:slug>/proposals/<slug:proposal>/positions/<slug:position>/override": "publish",
    "POST /v1/specs/<slug:slug>/releases": "publish",
    "PUT /v1/specs/<slug:slug>/assembling": "publish",
    "DELETE /v1/specs/<slug:slug>/assembling": "publish",
    "POST /v1/specs/<slug:slug>/assembling/publish": "publish",
}
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def views(patterns: Any, before: str = "/") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if not str(pattern.pattern):  # the catch-all, which answers everything with "not found"
            continue
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "cls"):
            yield route, pattern.callback.cls


def test_every_route_needs_the_scope_that_is_written_here() -> None:
    found = {
        f"{method} {route}": " ".join(sorted(scopes_needed(view, method)))
        for route, view in views(urls.urlpatterns)
        for method in WRITES
        if hasattr(view, method.lower())
    }
    assert found == EXPECTED


def test_reading_needs_read_everywhere() -> None:
    for _, view in views(urls.urlpatterns):
        assert scopes_needed(view, "GET") == scopes_needed(view, "HEAD") == {TokenScope.READ}


@pytest.fixture
def owner(db: None) -> User:
    return make_user("Olga")


@pytest.fixture
def spec(owner: User) -> Spec:
    return make_spec(slug="aster", title="Aster", visibility="internal", members={owner: ["owner", "editor"]})


def call(user: User, scopes: list[str], method: str, path: str) -> tuple[int, str]:
    secret = people.create_token(user, name="test", scopes=scopes, now=timezone.now())[1]
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().generic(method, path, "{}", content_type="application/json", headers=headers)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("scope", list(TokenScope))
@pytest.mark.parametrize("request_line", [*EXPECTED, "GET /v1/me", "GET /v1/specs/<slug:slug>"])
def test_a_token_is_refused_exactly_where_its_scope_is_missing(
    spec: Spec, owner: User, scope: str, request_line: str
) -> None:
    method, _, route = request_line.partition(" ")
    path = "/api" + route.replace("<slug:slug>", "aster")
    for parameter in ("thread", "comment", "proposal", "change", "position"):
        path = path.replace(f"<slug:{parameter}>", "nothing")
    status, words = call(owner, [scope], method, path)
    lacks = scope != EXPECTED.get(request_line, "read")
    assert ("lacks a scope" in words) is lacks
    assert status == 403 or not lacks


def test_a_missing_scope_tells_nothing_of_what_there_is(spec: Spec) -> None:
    stranger = make_user("Stranger")
    answers = [call(stranger, ["read"], "POST", f"/api/v1/specs/{slug}/threads") for slug in ("aster", "nothing")]
    assert answers[0] == answers[1]


def test_a_session_has_every_scope(owner: User) -> None:
    client = Client()
    client.force_login(owner)
    sent = {"slug": "new-spec", "title": "New"}
    assert client.post("/api/v1/specs", sent, content_type="application/json").status_code == 201
