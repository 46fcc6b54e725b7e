"""Writing a proposal in a real browser: preview and diff while typing, drafts that keep themselves, two people at once."""

import re

import pytest
from playwright.sync_api import expect

from reviews.actions import changes
from reviews.actions.changes import Saver
from reviews.models import Change
from tests.actions.conftest import make_world
from tests.factories import NOW
from tests.factories.conduct import clause_of, edit, make_draft
from tests.journeys.conftest import check_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db, broker_url):
    return make_world()


@pytest.fixture
def draft(world):
    """A draft with one clause in it."""
    proposal = make_draft(world.spec, by=world.editor)
    changes.open_clause(proposal, clause_of(world.spec, "honesty"), saver=Saver(world.editor, NOW))
    return proposal


def address(live_site, proposal):
    return f"{live_site}/{proposal.spec.slug}/proposals/{proposal.public_id}/edit/"


@pytest.mark.parametrize("width", [1280, 360])
def test_preview_diff_and_draft_follow_the_typing(world, draft, signed_in, live_site, width):
    page = signed_in(world.editor, width=width)
    page.goto(address(live_site, draft))
    field = page.get_by_label("Text of the clause, in Markdown").first

    field.fill(field.input_value().replace("must not lie", "must *never* lie"))

    expect(page.locator(".editor-preview em").first).to_have_text("never")
    expect(page.locator(".editor-preview ins").first).to_contain_text("never")
    expect(page.locator(".editor-source .autosave").first).to_contain_text("Draft saved")
    assert "*never*" in Change.objects.get().source
    field.press("End")
    field.type("!")
    expect(page.locator(".editor-source .autosave").first).to_contain_text("Draft saved")
    check_accessible(page)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("[id='~messages']")).to_contain_text("Saved.")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reload_loses_nothing(world, draft, signed_in, live_site):
    page = signed_in(world.editor)
    page.goto(address(live_site, draft))
    field = page.get_by_label("Text of the clause, in Markdown").first
    field.fill(field.input_value().replace("must not lie", "must never lie"))
    expect(page.locator(".editor-source .autosave").first).to_contain_text("Draft saved")

    page.reload()

    expect(field).to_have_value(re.compile("must never lie"))


def test_what_a_refused_form_saved_is_not_offered_again(world, draft, signed_in, live_site):
    page = signed_in(world.editor)
    page.goto(address(live_site, draft))
    field = page.get_by_label("Text of the clause, in Markdown").first
    field.fill(field.input_value().rstrip() + " Never.")
    page.get_by_text("Write a new clause").click()
    page.locator("[name=new_source]").fill("## Patience {#patience}\n\nWait for an answer.\n")
    page.locator("[name=new_after]").fill("honesty")
    page.locator("[name=open_clause]").fill("no_such_clause")
    page.wait_for_timeout(2000)  # longer than the pause after which the server keeps a copy

    page.get_by_role("button", name="Open it here").click()

    expect(page.locator("#open-errors")).to_be_visible()
    for _ in range(2):
        page.wait_for_timeout(500)
        expect(page.locator("[name=new_source]")).to_have_value("")
        expect(page.locator("[name=new_after]")).to_have_value("")
        expect(page.locator("[data-autosave-status]", has_text="earlier text")).to_have_count(0)
        page.goto(address(live_site, draft))
    expect(page.locator("[name=open_clause]")).to_have_value("no_such_clause")
    assert Change.objects.count() == 2


def test_saving_waits_for_the_text_that_is_just_being_kept(world, draft, signed_in, live_site):
    """A slow line: an older text is on its way to the server when the writer saves a newer one."""
    page = signed_in(world.editor)
    page.goto(address(live_site, draft))
    field = page.get_by_label("Text of the clause, in Markdown").first
    held = []
    page.route("**/draft", lambda route: held.append(route))

    with page.expect_request("**/draft"):
        field.fill(field.input_value().replace("must not lie", "must never lie"))
    field.fill(field.input_value().replace("to anybody", "to anyone"))
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_timeout(300)
    assert Change.objects.get().version == 1
    held.pop().continue_()

    expect(page.locator("[id='~messages']")).to_contain_text("Saved.")
    change = Change.objects.get()
    assert ("must never lie to anyone" in change.source, change.version) == (True, 3)


def test_texts_that_are_kept_slowly_are_kept_one_after_the_other(world, draft, signed_in, live_site):
    page = signed_in(world.editor)
    page.goto(address(live_site, draft))
    field = page.get_by_label("Text of the clause, in Markdown").first
    held = []
    sent = []
    page.on("request", lambda request: sent.append(request) if request.url.endswith("/draft") else None)
    page.route("**/draft", lambda route: route.continue_() if held else held.append(route))

    with page.expect_request("**/draft"):
        field.fill(field.input_value().replace("must not lie", "must never lie"))
    field.fill(field.input_value().replace("to anybody", "to anyone"))
    page.wait_for_timeout(2000)
    assert len(sent) == 1
    held[0].continue_()

    expect(page.locator(".editor-source .autosave").first).to_contain_text("Draft saved")
    expect(page.locator("[name^='version-']")).to_have_value("3")
    assert "must never lie to anyone" in Change.objects.get().source


def test_control_and_enter_save(world, draft, signed_in, live_site):
    page = signed_in(world.editor)
    page.goto(address(live_site, draft))
    field = page.get_by_label("Text of the clause, in Markdown").first

    field.fill(field.input_value().replace("must not lie", "must never lie"))
    field.press("Control+Enter")

    expect(page.locator("[id='~messages']")).to_contain_text("Saved.")
    assert "must never lie" in Change.objects.get().source


def test_the_second_of_two_brings_both_texts_together(world, draft, signed_in, live_site):
    page = signed_in(world.second)
    page.goto(address(live_site, draft))
    edit(draft, "honesty", "It says what", "It tells what", by=world.editor)
    field = page.get_by_label("Text of the clause, in Markdown").first

    field.fill(field.input_value().replace("to anybody", "to anyone"))
    expect(page.locator(".editor-source .autosave").first).to_contain_text("Somebody else changed this.")
    page.get_by_role("button", name="Save", exact=True).last.click()

    expect(page.get_by_role("heading", name="This changed while you were writing")).to_be_visible()
    check_accessible(page)
    expect(page.get_by_label("The text to keep")).to_have_value(re.compile(r"to anyone[\s\S]*It tells what"))
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_role("heading", name="This changed while you were writing")).to_have_count(0)
    source = Change.objects.get().source
    assert ("to anyone" in source, "It tells what" in source) == (True, True)


def test_without_scripts_a_clause_is_opened_edited_and_submitted(world, signed_in, live_site):
    draft = make_draft(world.spec, by=world.editor)
    page = signed_in(world.editor, java_script_enabled=False)
    page.goto(address(live_site, draft))

    page.get_by_label("Its anchor").fill("jokes")
    page.get_by_role("button", name="Open it here").click()
    field = page.get_by_label("Text of the clause, in Markdown").first
    field.fill(field.input_value().replace("may help", "can help"))
    page.get_by_role("button", name="Save and submit for review").click()

    expect(page.get_by_text("Version 1 is submitted and waits for review.")).to_be_visible()
    expect(page.locator("ins")).to_contain_text("can")
