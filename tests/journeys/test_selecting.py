"""Selecting words in a real browser: without an account, across evaluation tags, and copying them."""

import pytest
from playwright.sync_api import expect

from reviews.models import Thread
from tests.factories import make_spec, make_user
from tests.journeys.conftest import check_accessible, select_words

SOURCE = """\
# Rules {#rules}

Say what is so[^ab12], and no more[^cd34] than that.

- One point[^ef56] of a list.
"""
PASSWORD = "Seven green herons"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(transactional_db, broker_url):
    person = make_user("Maya Lindqvist", email="maya@example.org")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def spec(member):
    return make_spec(source=SOURCE, slug="rules", members={member: ["member"]})


@pytest.mark.parametrize("path", ["/rules/draft/", "/rules/draft/rules/"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_visitor_signs_in_and_comes_back_to_the_selected_words(spec, open_page, live_site, path, width):
    page = open_page(width=width)
    page.goto(live_site + path)
    select_words(page, "rules", "no more")
    page.locator(".quote-button").click()

    page.get_by_label("E-mail").fill("maya@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()

    composer = page.locator("[data-composer]")
    expect(composer.locator("[data-composer-quote]")).to_have_text("no more")
    expect(composer.get_by_label("What do you want to say?")).to_be_focused()
    check_accessible(page)
    composer.get_by_label("What do you want to say?").fill("How much more?")
    composer.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".thread", has_text="How much more?")).to_be_visible()
    assert Thread.objects.get().quote == "no more"


def test_without_scripts_a_clause_leads_to_signing_in_and_back(spec, open_page, live_site):
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_site}/rules/draft/")
    page.locator(".clause-margin-open").click()
    page.locator("[data-sign-in]").click()
    page.get_by_label("E-mail").fill("maya@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()

    expect(page.get_by_label("What do you want to say?")).to_be_visible()
    assert page.url == f"{live_site}/rules/draft/rules/#composer"


@pytest.mark.parametrize("path", ["/rules/draft/", "/rules/draft/rules/"])
def test_copied_text_has_no_evaluation_tags_but_quotes_keep_their_offsets(spec, member, signed_in, live_site, path):
    page = signed_in(member)
    page.goto(live_site + path)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-text]'))")
    selected = page.evaluate("getSelection().toString()")
    assert "Say what is so, and no more than that." in selected
    assert "One point of a list." in selected

    page.keyboard.press("Control+c")
    page.evaluate(
        """() => {
            const [field, rich] = ["textarea", "div"].map((name) => document.createElement(name));
            rich.contentEditable = "true";
            field.id = "plain";
            rich.id = "rich";
            document.body.append(field, rich);
        }"""
    )
    for name in ("plain", "rich"):
        page.locator(f"#{name}").focus()
        page.keyboard.press("Control+v")
    copied = page.locator("#plain").input_value() + page.locator("#rich").inner_text()
    assert copied.count("Say what is so, and no more than that.") == 2
    assert not any(tag in copied for tag in ("ab12", "cd34", "ef56"))

    select_words(page, "rules", "no more")
    page.locator(".quote-button").click()
    composer = page.locator("[data-composer]")
    composer.get_by_label("What do you want to say?").fill("How much?")
    composer.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".thread", has_text="How much?")).to_be_visible()
    assert Thread.objects.get().quote == "no more"
