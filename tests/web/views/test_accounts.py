"""Signing in and out, passwords."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from reviews.mail import messages
from reviews.models import Job, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "seven green herons"


@pytest.fixture
def ana() -> User:
    return make_user("Ana", email="ana@example.org", password=PASSWORD)


def sign_in(
    client: Client, *, email: str = "ana@example.org", password: str = PASSWORD, **more: str
) -> tuple[int, str]:
    answer = client.post("/sign-in/", {"username": email, "password": password, **more})
    return answer.status_code, answer.get("Location", "")


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_signing_in_by_address_however_it_is_typed(client: Client, ana: User) -> None:
    assert sign_in(client, email=" Ana@Example.ORG ") == (302, "/")
    assert is_signed_in(client)


def test_signing_in_leads_back_but_never_to_another_site(ana: User) -> None:
    assert sign_in(Client(), next="/me/") == (302, "/me/")
    assert sign_in(Client(), next="https://elsewhere.example/") == (302, "/")


def test_signing_in_does_not_go_round_in_circles(client: Client, ana: User) -> None:
    client.force_login(ana)
    for path in ["/sign-in/?next=/sign-in/", "/sign-in/?next=/sign-in/%3Fnext%3D/me/", "/sign-in/"]:
        assert client.get(path)["Location"] == "/"


def test_a_wrong_password_is_refused_in_one_sentence(client: Client, ana: User) -> None:
    answer = client.post("/sign-in/", {"username": "ana@example.org", "password": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("This address and password do not belong together." in page, 'value="ana@example.org"' in page) == (
        True,
        True,
    )


def test_a_closed_account_is_refused_like_a_wrong_password(client: Client, ana: User) -> None:
    User.objects.update(is_active=False)
    answer = client.post("/sign-in/", {"username": "ana@example.org", "password": PASSWORD})
    assert "do not belong together" in answer.content.decode()


def test_too_many_attempts_are_locked_out_however_the_address_is_typed(ana: User) -> None:
    spellings = ["ana@example.org", "ANA@example.org", "Ana@Example.org", "aNA@example.org"]
    statuses = [sign_in(Client(), email=spellings[n % 4], password="wrong")[0] for n in range(8)]
    assert statuses == [422] * 7 + [429]
    answer = Client().post("/sign-in/", {"username": "ana@example.org", "password": PASSWORD})
    assert (answer.status_code, "too many attempts" in answer.content.decode()) == (429, True)
    other = make_user("Ben", email="ben@example.org", password=PASSWORD)
    assert sign_in(Client(), email=other.email) == (302, "/")


def test_signing_out_takes_a_post(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/")["Location"] == "/"
    assert not is_signed_in(client)


def test_asking_for_a_reset_tells_nothing_of_who_has_an_account(client: Client, ana: User) -> None:
    answers = [client.post("/password/", {"email": address}) for address in ["ana@example.org", "no@example.org"]]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/password/sent/")] * 2
    assert Job.objects.get(name="mail_password_reset").arguments == {"user": ana.pk}
    assert client.get("/password/sent/").status_code == 200
    assert client.post("/password/", {"email": "no address"}).status_code == 422


def test_the_mailed_link_sets_a_password_once(client: Client, ana: User) -> None:
    messages.send_password_reset(user=ana.pk)
    [path] = re.findall(r"(/password/\S+)", mail.outbox[0].body)
    form = client.get(path, follow=True)
    assert "Set a new password" in form.content.decode()
    where = form.redirect_chain[-1][0]
    weak = client.post(where, {"new_password1": "12345", "new_password2": "12345"})
    assert weak.status_code == 422
    new = {"new_password1": "nine blue otters", "new_password2": "nine blue otters"}
    assert client.post(where, new)["Location"] == "/sign-in/"
    assert sign_in(client, password="nine blue otters") == (302, "/")
    assert "used or has expired" in Client().get(path, follow=True).content.decode()


def test_a_new_password_ends_the_lock(ana: User) -> None:
    statuses = [sign_in(Client(), password="wrong")[0] for _ in range(9)]
    assert statuses[-2:] == [429, 429]
    client = Client()
    messages.send_password_reset(user=ana.pk)
    [path] = re.findall(r"(/password/\S+)", mail.outbox[0].body)
    where = client.get(path, follow=True).redirect_chain[-1][0]
    client.post(where, {"new_password1": "nine blue otters", "new_password2": "nine blue otters"})
    assert sign_in(Client(), password="nine blue otters") == (302, "/")


def test_changing_the_password_keeps_one_signed_in(client: Client, ana: User) -> None:
    client.force_login(ana)
    new = {"new_password1": "nine blue otters", "new_password2": "nine blue otters"}
    assert client.post("/password/change/", {"old_password": "wrong", **new}).status_code == 422
    assert client.post("/password/change/", {"old_password": PASSWORD, **new})["Location"] == "/me/"
    assert is_signed_in(client)
    assert sign_in(Client(), password="nine blue otters") == (302, "/")


def test_somebody_who_came_by_a_link_sets_a_first_password(client: Client) -> None:
    client.force_login(make_user("Nia", email="nia@example.org"))
    assert "Set a password" in client.get("/me/").content.decode()
    assert "Old password" not in client.get("/password/change/").content.decode()
    new = {"new_password1": "nine blue otters", "new_password2": "nine blue otters"}
    assert client.post("/password/change/", new)["Location"] == "/me/"
    assert sign_in(Client(), email="nia@example.org", password="nine blue otters") == (302, "/")


def test_changing_a_password_needs_a_session(client: Client) -> None:
    assert client.get("/password/change/")["Location"] == "/sign-in/?next=/password/change/"


@pytest.mark.parametrize("path", ["/sign-in/", "/password/", "/password/sent/"])
def test_the_pages_have_a_title_and_are_noindex(client: Client, path: str) -> None:
    page = client.get(path).content.decode()
    assert (page.count("<h1"), 'content="noindex"' in page, "<title>" in page) == (1, True, True)
