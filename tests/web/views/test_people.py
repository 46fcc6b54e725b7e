"""Profiles, tokens, sign-in links, invitations as the invited see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reviews.actions import people
from reviews.models import ApiToken, Membership, SignInLink, Spec, User
from tests.factories import make_spec, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "seven green herons"


@pytest.fixture
def ana() -> User:
    return make_user("Ana", email="ana@example.org", password=PASSWORD)


@pytest.fixture
def owner() -> User:
    return make_user("Olga", email="olga@example.org")


@pytest.fixture
def spec(owner: User) -> Spec:
    return make_spec(slug="aster", title="Aster", visibility="internal", members={owner: ["owner"]})


@pytest.fixture
def secret(spec: Spec, owner: User) -> str:
    return people.invite(spec, email="new@example.org", roles=["editor"], by=owner, now=timezone.now())[1]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def who(client: Client) -> str:
    """Whose session this is, empty for nobody's."""
    found = User.objects.filter(pk=client.session.get("_auth_user_id") or 0).first()
    return found.name if found else ""


def test_the_profile_is_for_somebody_signed_in(client: Client) -> None:
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert client.post("/me/", {"name": "X"}).status_code == 403
    assert client.post("/me/tokens/", {"name": "X", "days": "1"}).status_code == 403


def test_a_name_is_changed(ana: User) -> None:
    client = signed_in(ana)
    assert client.post("/me/", {"name": "Ana María"}).status_code == 303
    assert "Ana María" in client.get("/me/").content.decode()
    assert client.post("/me/", {"name": " "}).status_code == 422
    ana.refresh_from_db()
    assert ana.name == "Ana María"


def test_a_token_is_shown_once_and_revoked(ana: User) -> None:
    client = signed_in(ana)
    answer = client.post("/me/tokens/", {"name": "Notebook", "days": "30", "scopes": ["read"]})
    [secret] = re.findall(r"readonly[^>]*>([\w-]{43})<", answer.content.decode())
    assert (answer.status_code, people.use_token(secret, now=timezone.now())) == (201, ana)
    token = ApiToken.objects.get()
    listed = client.get("/me/").content.decode()
    assert ("Notebook" in listed, secret in listed) == (True, False)
    assert "Revoke this token?" in client.post(f"/me/tokens/{token.public_id}/revocation").content.decode()
    assert people.use_token(secret, now=timezone.now()) == ana
    assert client.post(f"/me/tokens/{token.public_id}/revocation", {"confirmed": "1"}).status_code == 303
    assert people.use_token(secret, now=timezone.now()) is None
    assert "No token yet" in client.get("/me/").content.decode()


def test_a_refused_token_says_why(ana: User) -> None:
    answer = signed_in(ana).post("/me/tokens/", {"name": "", "days": "900"})
    assert answer.status_code == 422
    assert "less than or equal to 365" in answer.content.decode()
    assert ApiToken.objects.count() == 0


def test_nobody_revokes_the_token_of_somebody_else(ana: User, owner: User) -> None:
    token, _ = people.create_token(ana, name="Mine", now=timezone.now())
    assert signed_in(owner).post(f"/me/tokens/{token.public_id}/revocation", {"confirmed": "1"}).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_link_that_works_once_waits_for_the_button(client: Client, ana: User) -> None:
    address = f"/enter/{people.make_sign_in_link(ana, now=timezone.now())}/"
    assert "Sign in as Ana" in client.get(address).content.decode()
    assert (who(client), SignInLink.objects.get().used_at) == ("", None)
    assert client.post(address)["Location"] == "/"
    assert who(client) == "Ana"
    assert [Client().get(address).status_code, Client().post(address).status_code] == [404, 404]


def test_a_reusable_link_signs_in_at_once_and_again(ana: User) -> None:
    address = f"/enter/{people.make_sign_in_link(ana, now=timezone.now(), reusable=True)}/"
    for client in [Client(), Client()]:
        assert client.get(address)["Location"] == "/"
        assert who(client) == "Ana"


def test_a_link_that_has_expired_or_is_none_or_of_a_closed_account_is_not_there(client: Client, ana: User) -> None:
    old = people.make_sign_in_link(ana, now=timezone.now() - timedelta(days=8))
    closed = people.make_sign_in_link(make_user("Closed", is_active=False), now=timezone.now())
    answers = [client.get(f"/enter/{secret}/").status_code for secret in [old, closed, "nothing"]]
    assert answers == [404, 404, 404]


def test_somebody_signed_in_accepts_an_invitation_to_their_address(spec: Spec, secret: str) -> None:
    client = signed_in(ana := make_user("Ana", email="new@example.org"))
    page = client.get(f"/invitations/{secret}/").content.decode()
    assert ("Work on Aster" in page, "as editor" in page, "Accept as Ana" in page) == (True, True, True)
    assert client.post(f"/invitations/{secret}/")["Location"] == "/aster/"
    assert Membership.objects.get(spec=spec, user=ana).roles == ["editor", "member"]
    assert client.get(f"/invitations/{secret}/").status_code == 404


def test_somebody_new_makes_an_account_and_accepts(client: Client, spec: Spec, secret: str) -> None:
    answer = client.post(f"/invitations/{secret}/", {"name": "Nia", "password": PASSWORD})
    assert (answer.status_code, answer["Location"], who(client)) == (303, "/aster/", "Nia")
    user = User.objects.get(email="new@example.org")
    assert user.check_password(PASSWORD)
    assert Membership.objects.get(spec=spec, user=user).roles == ["editor", "member"]


def test_a_weak_password_is_refused_with_its_reasons(client: Client, secret: str) -> None:
    answer = client.post(f"/invitations/{secret}/", {"name": "Nia", "password": "12345678"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("too easy to guess" in page, "entirely numeric" in page, 'value="Nia"' in page) == (True, True, True)
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invited_address_with_an_account_is_sent_to_sign_in(client: Client, secret: str) -> None:
    make_user("Known", email="new@example.org")
    page = client.get(f"/invitations/{secret}/").content.decode()
    assert f'href="/sign-in/?next=/invitations/{secret}/"' in page
    assert "Make an account" not in page
    client.post(f"/invitations/{secret}/", {"name": "Thief", "password": PASSWORD})
    assert (who(client), Membership.objects.count()) == ("", 1)


def test_an_invitation_that_expired_is_not_there(client: Client, spec: Spec, owner: User) -> None:
    long_ago = timezone.now() - timedelta(days=15)
    _, secret = people.invite(spec, email="late@example.org", roles=["editor"], by=owner, now=long_ago)
    answer = client.get(f"/invitations/{secret}/")
    assert answer.status_code == 404
    assert "Ask for a new one" in answer.content.decode()


def test_no_two_fields_of_the_profile_share_an_id(client: Client) -> None:
    client.force_login(make_user("Ana"))

    ids = re.findall(r' id="([^"]+)"', client.get("/me/").content.decode())

    assert sorted(ids) == sorted(set(ids))
