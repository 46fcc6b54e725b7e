"""Public feedback in a real browser: on a phone, from the keyboard, without scripts, from selected words to the receipt."""

import re

import pytest
from playwright.sync_api import expect

from reviews.actions import consultations, submissions
from reviews.actions.consultations import Call
from reviews.actions.submissions import Letter, NewPassage
from reviews.models import Submission
from tests.actions.conftest import make_world
from tests.factories import NOW
from tests.journeys.conftest import check_accessible, select_words

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "I would rather see this said of every assistant."


@pytest.fixture
def world(transactional_db, broker_url):
    return make_world()


@pytest.fixture
def consultation(world):
    call = Call(title="What is missing?", question="Tell us what you miss.")
    made = consultations.create(world.spec, call=call, by=world.owner, now=NOW, is_permanent=True)
    return consultations.move(made, verb="open", by=world.owner, now=NOW)


def test_a_reader_says_something_about_selected_words_on_a_phone(world, consultation, open_page, live_site):
    page = open_page(width=360)
    page.goto(f"{live_site}/{world.spec.slug}/draft/")
    select_words(page, "honesty", "must not lie")
    page.locator(".quote-button").click()

    expect(page.get_by_role("heading", name="Give feedback")).to_be_visible()
    expect(page.locator("blockquote.thread-quote")).to_have_text("must not lie")
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("What do you want to say?").fill(WORDS)
    page.wait_for_timeout(4500)  # nobody writes faster than the form allows
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_role("heading", name=re.compile("Receipt"))).to_be_visible()
    expect(page.locator("main")).to_contain_text(WORDS)
    check_accessible(page)
    passage = Submission.objects.get().passages.get()
    assert (passage.quote, passage.body) == ("must not lie", WORDS)


def test_without_scripts_and_from_the_keyboard(world, consultation, open_page, live_site):
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_site}/{world.spec.slug}/feedback/")
    page.get_by_role("link", name="Give feedback").press("Enter")
    page.get_by_label("What do you want to say?").fill(WORDS)
    page.get_by_role("button", name="Send", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("Wait a few seconds, then send it again.")
    page.wait_for_timeout(4500)

    page.get_by_role("button", name="Send", exact=True).press("Enter")

    expect(page.get_by_role("heading", name=re.compile("Receipt"))).to_be_visible()
    page.get_by_role("button", name="Withdraw my feedback").press("Enter")
    page.get_by_role("button", name="Withdraw", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("You withdrew it.")


def test_what_was_written_survives_a_reload(world, consultation, open_page, live_site):
    page = open_page()
    page.goto(f"{live_site}/{world.spec.slug}/feedback/{consultation.public_id}/send/")
    page.get_by_label("What do you want to say?").fill(WORDS)
    page.wait_for_timeout(500)

    page.reload()

    expect(page.get_by_label("What do you want to say?")).to_have_value(WORDS)


def test_the_pages_of_moderators_are_accessible_and_fit_a_phone(world, consultation, signed_in, live_site):
    letter = Letter([NewPassage(WORDS)], name="Ana")
    submissions.receive(consultation, letter=letter, key="0123456789abcdef", now=NOW)
    page = signed_in(world.people["moderator"], width=360)
    for path in ("", f"{consultation.public_id}/", "new/", "desk/", f"{consultation.public_id}/edit/"):
        page.goto(f"{live_site}/{world.spec.slug}/feedback/{path}")
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
