"""Commenting in a real browser: on selected words, from the keyboard, without scripts; twice in a row; answering."""

import pytest
from playwright.sync_api import expect

from reviews.models import Comment, Thread
from tests.actions.conftest import make_world
from tests.factories import make_thread
from tests.journeys.conftest import check_accessible, select_words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, broker_url):
    return make_world()


def clause_page(world, live_site):
    return f"{live_site}/{world.spec.slug}/draft/honesty/"


def test_selected_words_are_commented_on_twice_and_answered(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(world, live_site))
    for words, body in (("must not lie", "Not even to be kind?"), ("does not know", "How would it know?")):
        select_words(page, "honesty", words)
        page.locator(".quote-button").click()
        composer = page.locator("[data-composer]")
        expect(composer.locator("[data-composer-quote]")).to_have_text(words)
        composer.get_by_label("What do you want to say?").fill(body)
        composer.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".thread", has_text=body)).to_be_visible()

    assert sorted(Thread.objects.values_list("quote", flat=True)) == ["does not know", "must not lie"]

    card = page.locator(".thread", has_text="Not even")
    card.locator("summary", has_text="Reply").click()
    card.get_by_label("Your reply").fill("Not even then.")
    card.get_by_role("button", name="Reply").click()
    expect(page.locator(".thread", has_text="Not even then.")).to_have_count(1)
    assert Comment.objects.count() == 3


def test_a_block_is_commented_on_from_the_keyboard_alone(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(world, live_site))
    expect(page.locator("[data-composer]")).to_have_count(1)

    page.keyboard.press("c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("What of silence?")
    page.keyboard.press("Tab")
    composer = page.locator("[data-composer]")
    composer.get_by_role("button", name="Comment", exact=True).press("Enter")

    expect(page.locator(".thread", has_text="What of silence?")).to_be_visible()
    assert Thread.objects.get().quote.startswith("The assistant must not lie")


def test_the_keyboard_goes_on_at_the_thread_that_was_sent(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(world, live_site))
    page.locator("[data-composer] textarea").fill("What of silence?")
    page.locator("[data-composer]").get_by_role("button", name="Comment", exact=True).press("Enter")

    thread = page.locator(".thread", has_text="What of silence?")
    expect(thread).to_be_focused()
    thread.locator("summary", has_text="Reply").press("Enter")
    thread.get_by_label("Your reply").fill("It can deceive, too.")
    thread.get_by_role("button", name="Reply", exact=True).press("Enter")

    expect(page.locator(".thread", has_text="It can deceive, too.")).to_be_focused()


def test_an_internal_comment_looks_internal_before_and_after(world, signed_in, live_site):
    page = signed_in(world.member, width=360)
    page.goto(clause_page(world, live_site))
    composer = page.locator("[data-composer]")
    page.get_by_text("Comment on this clause").click() if not composer.is_visible() else None

    composer.get_by_label("What do you want to say?").fill("Between us")
    composer.get_by_label("Internal").check()
    composer.get_by_role("button", name="Comment", exact=True).click()

    expect(page.locator(".thread-internal", has_text="Between us")).to_be_visible()
    page.get_by_role("link", name="permanent address of this thread").click()
    check_accessible(page)
    assert Thread.objects.get().visibility == "internal"


def test_a_refused_comment_says_why_and_keeps_the_words(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(world, live_site))
    composer = page.locator("[data-composer]")
    composer.get_by_label("What do you want to say?").fill("x" * 20_001)

    composer.get_by_role("button", name="Comment", exact=True).click()

    expect(page.get_by_text("This text is too long.")).to_be_visible()
    expect(page.locator("[data-composer]")).to_have_count(1)
    assert len(page.locator("[data-composer] textarea").input_value()) == 20_001


def test_without_scripts_there_is_a_form_for_the_clause(world, signed_in, live_site):
    make_thread(world.spec, by=world.editor, about="honesty", body="Already said")
    page = signed_in(world.member, java_script_enabled=False)

    page.goto(f"{live_site}/{world.spec.slug}/threads/new/?clause=honesty")
    page.get_by_label("What do you want to say?").fill("Without scripts")
    page.get_by_role("button", name="Comment", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Question on “Honesty”")
    expect(page.get_by_text("Without scripts")).to_be_visible()
