"""Limits of signing in, of resets and of the old password; sessions and how they end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client
from django.utils import timezone

from reviews.actions import people
from reviews.mail import messages
from reviews.models import BrowserSession, Job, RateCount, User
from reviews.rules.rates import LIMITS, RateKind
from reviews.web import sign_in
from reviews.web.browsers import browser_name
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "seven green herons"
NEW = {"new_password1": "nine blue otters", "new_password2": "nine blue otters"}
OFFICE, HOME = "203.0.113.9", "198.51.100.7"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class CountingHasher(PBKDF2PasswordHasher):
    """Counts how many hashes are computed."""

    iterations = 1
    computed: list[str] = []

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        self.computed.append(password)
        return super().encode(password, salt, iterations)


@pytest.fixture
def ana() -> User:
    return make_user("Ana", email="ana@example.org", password=PASSWORD)


def attempt(
    email: str = "ana@example.org", password: str = "wrong", *, client: Client | None = None, **extra: Any
) -> int:
    extra.setdefault("REMOTE_ADDR", OFFICE)
    answer = (client or Client()).post("/sign-in/", {"username": email, "password": password}, **extra)
    return answer.status_code


def signed_in(address: str = OFFICE) -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": FIREFOX})
    assert attempt(password=PASSWORD, client=client, REMOTE_ADDR=address) == 302
    return client


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/me/").status_code == 200)


def test_wrong_passwords_lock_an_account_for_their_network_only(ana: User) -> None:
    assert [attempt(REMOTE_ADDR=f"203.0.113.{n}") for n in range(8)] == [422] * 7 + [429]
    assert attempt(password=PASSWORD, REMOTE_ADDR="203.0.113.200") == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR=HOME) == 302


def test_behind_a_proxy_people_have_addresses_of_their_own(ana: User, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    for _ in range(8):
        attempt(headers={"x-forwarded-for": f"{HOME}, 192.0.2.66"})
    assert attempt(password=PASSWORD, headers={"x-forwarded-for": f"192.0.2.66, {HOME}"}) == 302


def test_a_header_of_ones_own_is_no_way_round_the_lock(ana: User) -> None:
    statuses = [attempt(headers={"x-forwarded-for": f"192.0.{n}.1"}) for n in range(9)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("flood", ["random addresses", "one password on many accounts"])
def test_a_flood_is_limited_by_network_before_a_hash_is_computed(ana: User, settings: Any, flood: str) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    ana.set_password(PASSWORD)
    ana.save()
    most = LIMITS[RateKind.SIGN_IN_BY_NETWORK][0].most
    for number in range(most):
        if flood != "random addresses":
            make_user(f"P{number}", email=f"p{number}@example.org")
        attempt(f"p{number}@example.org")
    CountingHasher.computed.clear()
    answers = [
        Client().post("/sign-in/", {"username": f"q{n}@example.org", "password": "wrong"}, REMOTE_ADDR=OFFICE)
        for n in range(5)
    ]
    assert [answer.status_code for answer in answers] == [429] * 5
    assert CountingHasher.computed == []
    assert 1 <= int(answers[0]["Retry-After"]) <= 300
    assert "There were too many attempts. Try again in" in answers[0].content.decode()
    assert attempt(password=PASSWORD, REMOTE_ADDR=HOME) == 302


def test_one_attempt_computes_one_hash(ana: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    ana.set_password(PASSWORD)
    ana.save()
    for email in ("ana@example.org", "nobody@example.org"):
        CountingHasher.computed.clear()
        attempt(email)
        assert CountingHasher.computed == ["wrong"]


def test_the_sign_in_page_of_the_administration_has_the_same_limits(ana: User) -> None:
    for number in range(LIMITS[RateKind.SIGN_IN_BY_NETWORK][0].most):
        attempt(f"q{number}@example.org")
    sent = {"username": "ana@example.org", "password": PASSWORD}
    assert Client().post("/admin/login/", sent, REMOTE_ADDR=OFFICE).status_code == 429


def test_people_who_sign_in_do_not_use_up_the_limit_of_their_network(ana: User) -> None:
    for _ in range(LIMITS[RateKind.SIGN_IN_BY_NETWORK][0].most + 1):
        assert attempt(password=PASSWORD) == 302


def test_strangers_in_many_networks_do_not_lock_the_owner_out_of_a_known_one(ana: User) -> None:
    signed_in(HOME)
    statuses = [attempt(REMOTE_ADDR=f"192.0.{n}.1") for n in range(LIMITS[RateKind.SIGN_IN_BY_ACCOUNT][0].most + 1)]
    assert statuses[-2:] == [422, 429]
    assert attempt(password=PASSWORD, REMOTE_ADDR="192.88.1.1") == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="198.51.100.200") == 302


def test_the_mailed_link_is_the_way_through_every_lock(ana: User) -> None:
    for number in range(60):
        attempt(REMOTE_ADDR=f"192.0.{number}.1")
    for number in range(LIMITS[RateKind.SIGN_IN_BY_NETWORK][0].most):
        attempt(f"q{number}@example.org")
    assert attempt(password=PASSWORD) == 429
    reset(ana)
    assert attempt(password="nine blue otters") == 302


def reset(user: User) -> None:
    messages.send_password_reset(user=user.pk)
    [path] = re.findall(r"(/password/\S+)", mail.outbox[-1].body)
    client = Client(REMOTE_ADDR=OFFICE)
    where = client.get(path, follow=True).redirect_chain[-1][0]
    assert client.post(where, NEW)["Location"] == "/sign-in/"


def test_the_reset_link_tells_no_number(ana: User) -> None:
    messages.send_password_reset(user=ana.pk)
    [uid] = re.findall(r"/password/([^/]+)/", mail.outbox[-1].body)
    assert uid == ana.public_id
    for address in ("MQ", str(ana.pk), "%00"):
        assert "used or has expired" in Client().get(f"/password/{address}/x-y/").content.decode()


def test_a_full_house_asks_to_wait(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "WAIT_SECONDS", 0.01)
    with sign_in.hashing():
        assert attempt(password=PASSWORD) == 429
    assert attempt(password=PASSWORD) == 302


def test_asking_for_resets_is_limited_by_network_and_tells_nothing(ana: User) -> None:
    def ask(email: str, address: str = OFFICE) -> int:
        return Client().post("/password/", {"email": email}, REMOTE_ADDR=address).status_code

    known, unknown = ([ask(email) for _ in range(6)] for email in ("ana@example.org", "no@example.org"))
    assert known == [303] * 5 + [429]
    assert unknown == [303] * 4 + [429] * 2  # the network has asked ten times by then
    assert ask("ben@example.org") == 429
    assert ask("ana@example.org", HOME) == 303
    assert "example.org" not in str(list(RateCount.objects.values()))


def test_guessing_the_old_password_is_limited(ana: User) -> None:
    client = signed_in()
    statuses = [client.post("/password/change/", {"old_password": "wrong", **NEW}).status_code for _ in range(9)]
    assert statuses == [422] * 8 + [429]
    assert client.post("/password/change/", {"old_password": PASSWORD, **NEW}).status_code == 429


def test_a_new_password_ends_other_sessions_and_revokes_tokens(ana: User) -> None:
    here, elsewhere = signed_in(), signed_in(HOME)
    _, secret = people.create_token(ana, name="x", now=timezone.now())
    assert "signs you out everywhere else" in here.get("/password/change/").content.decode()
    assert here.post("/password/change/", {"old_password": PASSWORD, **NEW}).status_code == 303
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert people.use_token(secret, now=timezone.now()) is None
    assert here.get("/me/").content.decode().count("from the network") == 1


def test_a_reset_ends_every_session_and_revokes_tokens(ana: User) -> None:
    here = signed_in()
    _, secret = people.create_token(ana, name="x", now=timezone.now())
    reset(ana)
    assert (is_signed_in(here), people.use_token(secret, now=timezone.now())) == (False, None)
    assert BrowserSession.objects.filter(user=ana, ended_at=None).count() == 0


def test_sessions_are_listed_and_signed_out_one_by_one(ana: User) -> None:
    here, elsewhere = signed_in(), signed_in(HOME)
    page = here.get("/me/").content.decode()
    assert (page.count("Firefox on Linux"), "203.0.113.0; this session" in page, "198.51.100.0" in page) == (
        3,
        True,
        True,
    )
    other = BrowserSession.objects.get(network="198.51.100.0")
    make_user("Ben", email="ben@example.org", password=PASSWORD)
    ben = Client()
    attempt("ben@example.org", PASSWORD, client=ben)
    assert ben.post(f"/me/sessions/{other.public_id}/end").status_code == 404
    assert is_signed_in(elsewhere)
    assert here.post(f"/me/sessions/{other.public_id}/end").status_code == 303
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert here.post(f"/me/sessions/{other.public_id}/end").status_code == 404


def test_signing_out_everywhere_ends_sessions_that_are_not_listed_too(ana: User) -> None:
    here, elsewhere, old = signed_in(), signed_in(HOME), Client()
    old.force_login(ana)
    assert here.post("/me/sessions/end")["Location"] == "/sign-in/"
    assert [is_signed_in(client) for client in (here, elsewhere, old)] == [False] * 3
    assert is_signed_in(signed_in())


def test_signing_out_takes_a_session_off_the_list(ana: User) -> None:
    here, elsewhere = signed_in(), signed_in(HOME)
    elsewhere.post("/sign-out/")
    assert here.get("/me/").content.decode().count("from the network") == 1


def test_sessions_from_before_they_were_listed_stay_valid(ana: User) -> None:
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    assert is_signed_in(client)


def test_links_and_invitations_begin_listed_sessions(ana: User) -> None:
    client = Client(REMOTE_ADDR=HOME)
    client.post(f"/enter/{people.make_sign_in_link(ana, now=timezone.now())}/")
    assert BrowserSession.objects.filter(user=ana, network="198.51.100.0", key=client.session.session_key).exists()


@pytest.mark.parametrize("path", ["/sign-in/", "/password/", "/password/change/"])
def test_forms_with_secrets_are_not_kept_while_they_are_typed(ana: User, path: str) -> None:
    client = Client() if path != "/password/change/" else signed_in()
    form = re.search(r'<form[^>]*class="form"[^>]*>', client.get(path).content.decode())
    assert form is not None
    assert 'data-autosave="off"' in form[0]


def test_the_window_of_a_limit_ends(ana: User) -> None:
    for number in range(LIMITS[RateKind.SIGN_IN_BY_NETWORK][0].most + 1):
        attempt(f"q{number}@example.org")
    RateCount.objects.filter(seconds=300).update(starts_at=timezone.now() - timedelta(minutes=10))
    assert attempt(password=PASSWORD) == 302


def test_a_reset_is_promised_by_the_account_and_not_by_the_limit(ana: User) -> None:
    Client().post("/password/", {"email": " ANA@example.org"}, REMOTE_ADDR=OFFICE)
    assert Job.objects.get(name="mail_password_reset").arguments == {"user": ana.pk}


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605 Version/18 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_browsers_have_short_names(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
