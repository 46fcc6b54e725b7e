"""How refusals and errors are answered: in our frame, with a way back, and nothing told to whom it does not concern."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import make_spec, make_user


@pytest.mark.django_db
def test_who_may_not_is_led_back_to_the_spec(client: Client) -> None:
    make_spec(slug="aster", members={(editor := make_user("Edith")): ["editor"]})
    client.force_login(editor)

    answer = client.get("/aster/settings/")

    assert answer.status_code == 403
    assert '<a class="button" href="/aster/">To the spec</a>' in answer.content.decode()


@pytest.mark.django_db
def test_not_there_and_not_yours_are_the_same_page(client: Client) -> None:
    make_spec(slug="aster", visibility="internal", members={make_user("Edith"): ["editor"]})

    yours, there = (client.get(path) for path in ("/aster/threads/", "/nothing/threads/"))

    assert (yours.status_code, yours.content) == (404, there.content)
    assert "To all specs" in yours.content.decode()


@pytest.mark.django_db
def test_an_address_to_send_to_says_so_when_it_is_opened(client: Client) -> None:
    answer = client.get("/sign-out/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert "There is nothing to read at this address" in answer.content.decode()


def test_a_form_that_was_open_too_long_is_told_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "ana@example.org"})

    assert (answer.status_code, answer["X-Sign-In"]) == (403, "needed")
    assert "reload the page and send it again" in answer.content.decode()


@pytest.mark.parametrize(
    ("headers", "gives_back"),
    [
        ({}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, True),
        ({"Referer": "http://testserver/sign-in/"}, True),
        ({"Origin": "https://elsewhere.test"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://testserver.elsewhere.test", "Referer": "http://testserver/"}, False),
        ({"Origin": "http://[broken"}, False),
        ({"Referer": "https://elsewhere.test/testserver"}, False),
    ],
)
def test_a_page_of_another_site_puts_no_words_onto_the_page_that_refuses_its_form(
    headers: dict[str, str], gives_back: bool
) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"body": "Call this number"}, headers=headers)

    assert (answer.status_code, "Call this number" in answer.content.decode()) == (403, gives_back)


@pytest.mark.parametrize("status", [400, 404, 500])
def test_errors_that_nobody_expected_are_shown_in_our_frame(status: int) -> None:
    page = render_to_string(f"{status}.html")

    assert (
        '<a class="button" href="/">To all specs</a>' in page,
        '<meta name="robots" content="noindex">' in page,
    ) == (
        True,
        True,
    )
