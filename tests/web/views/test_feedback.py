"""Public feedback in the browser: consultations, sending without an account, the receipt, the moderators' desk."""

import re
import time
from unittest import mock

import pytest
from django.test import Client

from reviews.actions import consultations, submissions
from reviews.actions.consultations import Call
from reviews.actions.submissions import Letter, NewPassage
from reviews.models import Consultation, Submission
from reviews.rules import rates
from reviews.web.forms.feedback import OPENED
from tests.factories import NOW
from tests.factories.conduct import clause_of
from tests.factories.specs import version
from tests.web.views.conftest import hidden, words


@pytest.fixture
def consultation(world):
    call = Call(title="What is missing?", question="Tell us what you **miss**.", next_steps="We answer in May.")
    made = consultations.create(world.spec, call=call, by=world.owner, now=NOW, is_permanent=True)
    return consultations.move(made, verb="open", by=world.owner, now=NOW)


def address(consultation, path=""):
    return f"/{consultation.spec.slug}/feedback/{consultation.public_id}/{path}"


def opened_a_while_ago():
    with mock.patch("django.core.signing.time.time", return_value=time.time() - 10):
        return OPENED.sign("")


def form(*bodies, **given):
    bodies = bodies or ["Say it more plainly."]
    sent = {"passages-TOTAL_FORMS": str(len(bodies)), "passages-INITIAL_FORMS": "0", "key": "0123456789abcdef"}
    sent |= {f"passages-{number}-body": body for number, body in enumerate(bodies)}
    return {**sent, "opened": opened_a_while_ago(), "send": "1", **given}


def send(consultation, client=None, **given):
    return (client or Client()).post(address(consultation, "send/"), form(**given))


def sent_in(consultation, body="Say it more plainly.", key="0123456789abcdef"):
    return submissions.receive(consultation, letter=Letter([NewPassage(body)]), key=key, now=NOW)


def test_anybody_finds_what_is_asked_and_sends_feedback_without_an_account(world, consultation):
    client, spec = Client(), world.spec
    listed = words(client.get(f"/{spec.slug}/feedback/"))
    assert "What is missing? Open Open without an end 0 submissions Give feedback" in listed
    page = client.get(address(consultation))
    assert "<strong>miss</strong>" in page.content.decode()
    assert "We answer in May." in words(page)

    answer = send(consultation, client, name="Ana", email="ana@example.org")

    assert answer.status_code == 303
    receipt = client.get(answer["Location"])
    found = Submission.objects.get()
    assert f"Receipt {found.public_id}" in words(receipt)
    assert "It waits for a moderator." in words(receipt)
    assert bytes(found.content_hash).hex() in words(receipt)
    assert "ana@example.org" not in receipt.content.decode()
    assert "no-store" in receipt["Cache-Control"]


def test_feedback_on_selected_words_shows_them_and_keeps_them(world, consultation):
    clause, at = clause_of(world.spec, "honesty"), version(world.spec, "honesty")
    client = Client()
    offsets = {"clause": clause.public_id, "version": at.since, "start": 8, "end": 21}
    page = client.get(address(consultation, "send/"), offsets)
    quote = hidden(page, "passages-0-quote")
    assert quote in words(page)

    about = {f"passages-0-{name}": str(value) for name, value in {**offsets, "quote": quote}.items()}
    assert send(consultation, client, **about).status_code == 303

    passage = Submission.objects.get().passages.get()
    assert (passage.clause, passage.quote) == (clause, quote)


def test_a_form_without_scripts_takes_several_points(consultation):
    client = Client()
    more = client.post(address(consultation, "send/"), {**form("First point."), "add": "1"})
    assert more.status_code == 200
    assert ("First point." in more.content.decode(), "Point 2" in words(more)) == (True, True)

    answer = client.post(address(consultation, "send/"), form("First point.", "Second point."))

    assert answer.status_code == 303
    assert [one.body for one in Submission.objects.get().passages.all()] == ["First point.", "Second point."]


def test_a_double_click_gives_the_same_receipt(consultation):
    assert len({send(consultation)["Location"] for _ in range(3)}) == 1
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"opened": ""}, 422, "Wait a few seconds"),
        ({"opened": "nonsense"}, 422, "Wait a few seconds"),
        ({"passages-0-body": " "}, 422, "Write what you want to say."),
        ({"email": "nowhere"}, 422, "valid email"),
        ({"name": "A\u202eB"}, 422, "Write one line"),
    ],
)
def test_a_refused_form_says_why_and_loses_nothing(consultation, given, status, sentence):
    sent = {"passages-0-body": "My long point.", "organisation": "Acme", **given}

    answer = send(consultation, **sent)

    assert (answer.status_code, sentence in words(answer)) == (status, True)
    assert ("Acme" in answer.content.decode(), Submission.objects.count()) == (True, 0)
    if "passages-0-body" not in given:
        assert "My long point." in answer.content.decode()


def test_a_form_that_was_too_fast_can_be_sent_again(consultation):
    refused = send(consultation, opened="")
    assert OPENED.unsign(hidden(refused, "opened"), max_age=60) == ""


def test_what_fills_in_the_hidden_field_is_held(consultation):
    assert send(consultation, website="https://example.org").status_code == 303
    assert Submission.objects.get().state == "held"


def test_beyond_the_limit_of_a_network_the_text_is_kept_and_the_time_is_said(consultation, monkeypatch):
    limit = rates.Limit(2, rates.HOUR)
    monkeypatch.setitem(rates.LIMITS, rates.RateKind.SUBMISSION_BY_NETWORK, (limit,))
    statuses = [send(consultation, key=f"key-number-{number}").status_code for number in range(2)]

    answer = send(consultation, key="key-number-3", organisation="Acme")

    assert (statuses, answer.status_code, int(answer["Retry-After"]) > 0) == ([303, 303], 429, True)
    assert ("Acme" in answer.content.decode(), Submission.objects.count()) == (True, 2)


def test_a_closed_consultation_takes_nothing_and_gives_the_text_back(world):
    made = consultations.create(world.spec, call=Call("Asked", "Why?"), by=world.owner, now=NOW)

    assert Client().get(address(made)).status_code == 404
    consultations.move(made, verb="open", by=world.owner, now=NOW)
    consultations.move(made, verb="close", by=world.owner, now=NOW)
    answer = send(made)
    assert (answer.status_code, "Your text was not sent" in words(answer)) == (409, True)
    assert "Say it more plainly." in answer.content.decode()


# --- the receipt ---


def test_the_receipt_tells_the_reason_and_withdraws_after_asking(world, consultation):
    client = Client()
    link = send(consultation, client, name="Ana")["Location"]
    found = Submission.objects.get()
    submissions.decide(
        found, verb="restrict", restriction="personal_data", reason="It names a neighbour.", by=world.owner, now=NOW
    )
    assert "Personal data: It names a neighbour." in words(client.get(link))

    asked = client.post(f"{link}withdrawal")
    assert "Withdraw your feedback?" in words(asked)
    assert client.post(f"{link}withdrawal", {"confirmed": "1"}).status_code == 303
    assert "You withdrew it." in words(client.get(link))


def test_a_wrong_secret_opens_nothing_and_guessing_is_limited(consultation, monkeypatch):
    monkeypatch.setitem(rates.LIMITS, rates.RateKind.RECEIPT_BY_NETWORK, (rates.Limit(3, rates.HOUR),))

    statuses = [Client().get(f"/receipts/{'x' * 20}{number}/").status_code for number in range(4)]

    assert statuses == [404, 404, 404, 429]


# --- moderators ---


def test_only_what_is_accepted_is_published(world, consultation, browser_of):
    for number, verb in enumerate(("accept", "hold", "")):
        found = sent_in(consultation, f"Point number {number}.", key=f"key-number-{number}").submission
        if verb:
            submissions.decide(found, verb=verb, by=world.owner, now=NOW)

    page = words(Client().get(address(consultation)))

    assert ("2 submissions, 1 published." in page, re.findall(r"Point number \d", page)) == (True, ["Point number 0"])


def test_a_moderator_decides_on_many_at_once(world, consultation, browser_of):
    ids = [sent_in(consultation, key=f"key-number-{number}").submission.public_id for number in range(3)]
    moderator, desk = browser_of("moderator"), f"/{world.spec.slug}/feedback/desk/"
    assert all(one in words(moderator.get(desk)) for one in ids)

    refused = moderator.post(f"{desk}decisions", {"ids": ids, "verb": "restrict", "restriction": "", "reason": ""})
    assert (refused.status_code, Submission.objects.filter(state="pending").count()) == (422, 3)
    answer = moderator.post(f"{desk}decisions", {"ids": ids[:2], "verb": "accept", "state": "pending"})

    assert answer.status_code == 303
    states = dict(Submission.objects.values_list("public_id", "state"))
    assert [states[one] for one in ids] == ["accepted", "accepted", "pending"]
    again = moderator.post(f"{desk}decisions", {"ids": ids[:1], "verb": "accept"}, follow=True)
    assert "An accepted submission can't be accepted again." in words(again)


@pytest.mark.parametrize("who", ["nobody", "editor", "member", "stranger"])
def test_the_desk_is_for_owners_and_moderators(world, consultation, browser_of, who):
    found = sent_in(consultation).submission
    client, desk = browser_of(who), f"/{world.spec.slug}/feedback/desk/"

    assert client.get(desk).status_code in (302, 403)
    assert client.post(f"{desk}decisions", {"ids": [found.public_id], "verb": "accept"}).status_code == 403
    assert Submission.objects.get().state == "pending"


def test_a_consultation_is_prepared_changed_and_moved_in_the_browser(world, browser_of):
    client, root = browser_of("moderator"), f"/{world.spec.slug}/feedback/"
    sent = {"title": "Ask", "question": "Why?", "moderation": "before", "time_zone": "Europe/Berlin"}

    made = client.post(f"{root}new/", {**sent, "opens_at": "2027-05-01T09:00", "closes_at": "2027-06-01T09:00"})

    found = Consultation.objects.get()
    assert made["Location"] == f"{root}{found.public_id}/"
    assert found.opens_at.isoformat() == "2027-05-01T07:00:00+00:00"
    assert "From 1 May 2027, 09:00 (Europe/Berlin)" in words(client.get(made["Location"]))
    edit = f"{made['Location']}edit/"
    changed = {**sent, "title": "Ask better", "version": str(found.version)}
    assert client.post(edit, changed).status_code == 303
    assert client.post(edit, changed).status_code == 422
    assert client.post(f"{made['Location']}moves", {"move": "open"}).status_code == 303
    assert "Close this consultation?" in words(client.post(f"{made['Location']}moves", {"move": "close"}))
    assert client.post(f"{made['Location']}moves", {"move": "close", "confirmed": "1"}).status_code == 303
    assert client.post(f"{made['Location']}moves", {"move": "open"}).status_code == 409
    found.refresh_from_db()
    assert (found.title, found.state) == ("Ask better", "closed")
