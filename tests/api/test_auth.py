"""Tokens, sessions, and what is said to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reviews.actions import people
from reviews.models import ApiToken, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NEW = {"slug": "new-spec", "title": "New"}


@pytest.fixture
def ana() -> User:
    return make_user("Ana", email="ana@example.org")


def me(secret: str, scheme: str = "Bearer") -> tuple[int, dict[str, str]]:
    answer = Client().get("/api/v1/me", headers={"Authorization": f"{scheme} {secret}"})
    return answer.status_code, answer.json()


def test_a_token_says_who_one_is(ana: User) -> None:
    secret = people.create_token(ana, name="test", now=timezone.now())[1]
    expected = {"id": ana.public_id, "name": "Ana", "email": "ana@example.org"}
    assert [me(secret), me(secret, scheme="bearer")] == [(200, expected)] * 2


def test_a_token_that_is_none_revoked_or_expired_is_unauthorized(ana: User) -> None:
    now = timezone.now()
    revoked, secret = people.create_token(ana, name="revoked", now=now)
    people.revoke_token(ana, public_id=revoked.public_id, now=now)
    expired = people.create_token(ana, name="expired", now=now - timedelta(days=2), days=1)[1]
    refused = (401, {"detail": "This token is unknown, was revoked or has expired."})
    assert [me(secret), me(expired), me("nothing"), me("")] == [refused] * 4


def test_a_bad_token_is_refused_also_where_nobody_may_read() -> None:
    answer = Client().get("/api/v1/specs", headers={"Authorization": "Bearer nothing"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_the_token_of_a_closed_account_opens_nothing(ana: User) -> None:
    secret = people.create_token(ana, name="test", now=timezone.now())[1]
    User.objects.update(is_active=False)
    assert me(secret)[0] == 401


def test_only_the_hash_of_a_token_is_kept(ana: User) -> None:
    token, secret = people.create_token(ana, name="test", now=timezone.now())
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(stored)
    assert len(bytes(stored["secret_hash"])) == 32


def test_the_use_of_a_token_is_noted_at_most_once_a_minute(ana: User) -> None:
    start = timezone.now()
    token, secret = people.create_token(ana, name="test", now=start)
    noted = []
    for seconds in [0, 30, 59, 61]:
        people.use_token(secret, now=start + timedelta(seconds=seconds))
        token.refresh_from_db()
        noted.append((token.last_used_at - start).total_seconds())
    assert noted == [0, 0, 0, 61]


def test_nobody_reads_and_does_not_write() -> None:
    client = Client()
    answer = client.post("/api/v1/specs", NEW, content_type="application/json")
    assert (client.get("/api/v1/specs").status_code, answer.status_code) == (200, 401)
    assert (client.get("/api/v1/me").status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_session_writes_with_a_csrf_token_only(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.get("/api/v1/me").json()["name"] == "Ana"
    assert client.post("/api/v1/specs", NEW, content_type="application/json").status_code == 403
    client.get("/me/")
    headers = {"X-CSRFToken": client.cookies["csrftoken"].value}
    answer = client.post("/api/v1/specs", NEW, content_type="application/json", headers=headers)
    assert answer.status_code == 201


def test_a_token_writes_without_a_csrf_token(ana: User) -> None:
    secret = people.create_token(ana, name="test", now=timezone.now())[1]
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    assert client.post("/api/v1/specs", NEW, content_type="application/json").status_code == 201


def test_answers_are_asked_for_again_each_time_and_differ_by_who_asks(ana: User) -> None:
    answer = Client().get("/api/v1/specs")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {word.strip() for word in answer["Vary"].split(",")}
    assert "default-src 'none'" in answer["Content-Security-Policy"]
