"""Texts kept on the server while they are written, and what a refused form gives back."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from reviews.actions import unsent_texts
from reviews.models import UnsentText
from tests.factories import NOW
from tests.factories.conduct import make_proposal
from tests.web.views.conftest import words

KEPT = "/me/unsent-texts/"


def keep(client, text, *, page="/a/draft/", field="composer/body"):
    return client.post(KEPT, {"page": page, "field": field, "text": text})


def test_a_text_is_kept_replaced_and_removed(world, browser_of):
    client = browser_of("member")

    assert keep(client, "first").status_code == 204
    assert keep(client, "second").status_code == 204
    found = client.get(KEPT, {"page": "/a/draft/"}).json()["texts"]
    assert {field: one["text"] for field, one in found.items()} == {"composer/body": "second"}

    keep(client, "")
    assert client.get(KEPT, {"page": "/a/draft/"}).json() == {"texts": {}}


def test_nobody_else_sees_it(world, browser_of):
    keep(browser_of("member"), "mine")

    assert browser_of("editor").get(KEPT, {"page": "/a/draft/"}).json() == {"texts": {}}
    assert browser_of("nobody").post(KEPT, {"page": "/", "field": "a", "text": "b"}).status_code == 403


@pytest.mark.parametrize(
    "given",
    [{"page": ""}, {"page": "/" * 301}, {"field": ""}, {"field": "x" * 201}, {"text": "\x00"}, {"text": "x" * 500_001}],
)
def test_what_cannot_be_stored_is_refused(world, browser_of, given):
    sent = {"page": "/a/", "field": "body", "text": "words", **given}

    assert browser_of("member").post(KEPT, sent).status_code == 422
    assert UnsentText.objects.count() == 0


def test_the_oldest_make_room(world, monkeypatch):
    monkeypatch.setattr(unsent_texts, "MOST_TEXTS", 2)

    for field in ("one", "two", "three"):
        unsent_texts.keep(world.member, page="/", field=field, text="words", now=NOW)

    assert sorted(UnsentText.objects.values_list("field", flat=True)) == ["three", "two"]


def test_an_accepted_form_is_acknowledged_and_its_copies_forgotten(world, browser_of):
    client, page = browser_of("editor"), f"/{world.spec.slug}/proposals/new/"
    keep(client, "Be plain", page=page, field="new/title")
    keep(client, "Else", page=page, field="other/title")
    sending = f"0123456789abcdef new {page}"

    refused = client.post(page, {"title": "", "visibility": "public", "sending": sending})
    assert (refused.status_code, "acknowledged" in refused.cookies, UnsentText.objects.count()) == (422, False, 2)

    done = client.post(page, {"title": "Be plain", "visibility": "public", "sending": sending})
    assert (done.status_code, done.cookies["acknowledged"].value) == (303, "0123456789abcdef")
    assert list(UnsentText.objects.values_list("field", flat=True)) == ["other/title"]


def test_a_form_whose_sender_is_signed_out_gives_back_what_was_typed(world, browser_of):
    client, proposal = browser_of("approver"), make_proposal(world.spec, by=world.editor)
    page = f"/{world.spec.slug}/proposals/{proposal.public_id}/"
    Session.objects.all().delete()

    answer = client.post(page + "reject", {"reason": "Too <early>"}, headers={"referer": f"http://testserver{page}"})

    assert (answer.status_code, answer["X-Sign-In"]) == (403, "needed")
    assert "You are signed out" in words(answer)
    assert "Too &lt;early&gt;</textarea>" in answer.content.decode()
    assert f"/sign-in/?next={page.replace('/', '%2F')}" in answer.content.decode()


def test_a_form_from_another_session_gives_back_what_was_typed_but_no_password(world):
    client = Client(enforce_csrf_checks=True)
    sent = {"body": "My comment", "old_password": "a secret of twenty letters", "csrfmiddlewaretoken": "x" * 32}

    answer = client.post(f"/{world.spec.slug}/threads/new/", sent)

    assert answer.status_code == 403
    assert "My comment</textarea>" in answer.content.decode()
    assert "a secret of twenty letters" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/{slug}/", "/{slug}/draft/", "/{slug}/proposals/", "/me/"])
def test_no_copy_of_a_page_with_a_session_stays_behind(world, browser_of, path):
    answer = browser_of("member").get(path.format(slug=world.spec.slug), follow=True)

    assert answer["Cache-Control"] == "no-store"


def test_a_part_of_a_page_is_never_stored_and_caches_know_that_the_address_has_two_answers(world, browser_of):
    client, url = browser_of("nobody"), f"/{world.spec.slug}/clauses/counts"

    part = client.get(url, headers={"hx-request": "true"})

    assert part["Cache-Control"] == "no-store"
    assert "HX-Request" in client.get(f"/{world.spec.slug}/threads/")["Vary"]


def test_signing_out_drops_the_browsers_copies_of_pages(world, browser_of):
    answer = browser_of("member").post("/sign-out/")

    assert (answer["Clear-Site-Data"], answer["Cache-Control"]) == ('"cache"', "no-store")
