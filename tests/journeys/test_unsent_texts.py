"""What people type and have not sent yet: it survives reloads, refusals, an ended session and signing out."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from reviews.models import Comment, Proposal, UnsentText
from tests.actions.conftest import make_world
from tests.factories.conduct import make_draft, make_proposal
from tests.journeys.conftest import check_accessible

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "I would rather see this said of every assistant."
LOCAL_DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"


@pytest.fixture
def world(transactional_db, broker_url):
    return make_world()


def clause_page(live_site, world):
    return f"{live_site}/{world.spec.slug}/draft/honesty/"


def body(page):
    return page.locator("textarea[name=body]").first


def write(page, text=WORDS):
    """Type a comment and wait until the server has it."""
    body(page).fill(text)
    expect(page.locator("form[data-composer] [data-autosave-status]").first).to_contain_text("Draft saved")


def test_a_comment_that_is_not_sent_is_there_on_another_machine(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(live_site, world))
    write(page)

    other = signed_in(world.member)
    other.goto(clause_page(live_site, world))

    expect(body(other)).to_have_value(WORDS)
    somebody = signed_in(world.editor)
    somebody.goto(clause_page(live_site, world))
    expect(body(somebody)).to_have_value("")


def test_a_comment_that_was_sent_is_kept_nowhere_else(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(live_site, world))
    write(page)

    page.get_by_role("button", name="Comment", exact=True).first.click()

    expect(page.locator(".thread .comment-body").first).to_contain_text(WORDS)
    assert (Comment.objects.count(), UnsentText.objects.count()) == (1, 0)
    assert page.evaluate(LOCAL_DRAFTS) == 0
    page.reload()
    expect(body(page)).to_have_value("")


def test_a_plain_form_that_was_accepted_is_forgotten(world, signed_in, live_site):
    page = signed_in(world.editor)
    page.goto(f"{live_site}/{world.spec.slug}/proposals/new/")
    page.get_by_label("Title").fill("Say it plainly")
    page.get_by_label("Why").fill(WORDS)
    page.wait_for_timeout(400)
    assert page.evaluate(LOCAL_DRAFTS) == 2

    page.get_by_role("button", name="Begin").click()

    page.wait_for_url("**/edit/")
    assert Proposal.objects.get().rationale == WORDS
    assert (page.evaluate(LOCAL_DRAFTS), UnsentText.objects.count()) == (0, 0)


def test_a_refused_form_loses_nothing_also_after_going_away_and_coming_back(world, signed_in, live_site):
    proposal = make_proposal(world.spec, by=world.editor)
    page = signed_in(world.approver)
    address = f"{live_site}/{world.spec.slug}/proposals/{proposal.public_id}/"
    page.goto(address)
    page.get_by_text("Reject", exact=True).first.click()
    reason = page.locator("#reason-reject")
    reason.fill(WORDS)
    Proposal.objects.update(state="merged")
    page.locator("form[action$='reject'] button[type=submit]").click()

    expect(page.get_by_label("Reason", exact=True)).to_have_value(WORDS)
    Proposal.objects.update(state="in_review")
    page.goto(address)

    expect(page.locator("#reason-reject")).to_have_value(WORDS)


def test_a_refusal_at_another_address_is_the_same_page_to_what_was_written(world, signed_in, live_site):
    proposal = make_proposal(world.spec, by=world.editor)
    page = signed_in(world.approver)
    page.goto(f"{live_site}/{world.spec.slug}/proposals/{proposal.public_id}/")
    body(page).fill(WORDS)
    reason, submit = page.locator("#position-reason"), page.get_by_role("button", name="Submit review")
    page.get_by_role("radio", name="Concern").check()
    reason.fill("Too long. " * 2_001)
    submit.click()

    expect(page.locator(".errors")).to_be_visible()
    assert page.url.endswith("/positions")
    expect(body(page)).to_have_value(WORDS)
    page.get_by_role("radio", name="Concern").check()
    reason.fill("It says too little.")
    submit.click()

    expect(page.locator("[id='~messages']")).to_contain_text("Your review is submitted")
    expect(body(page)).to_have_value(WORDS)
    expect(reason).to_have_value("")


def test_an_ended_session_says_so_and_loses_nothing(world, signed_in, live_site):
    proposal = make_proposal(world.spec, by=world.editor)
    page = signed_in(world.approver)
    address = f"{live_site}/{world.spec.slug}/proposals/{proposal.public_id}/"
    page.goto(address)
    page.get_by_text("Reject", exact=True).first.click()
    page.locator("#reason-reject").fill(WORDS)
    page.wait_for_timeout(400)
    Session.objects.all().delete()

    page.locator("form[action$='reject'] button[type=submit]").click()

    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_label("Reason")).to_have_value(WORDS)
    again = page.get_by_role("link", name="Sign in").last
    assert f"next=%2F{world.spec.slug}%2Fproposals%2F{proposal.public_id}%2F" in (again.get_attribute("href") or "")
    assert page.evaluate(LOCAL_DRAFTS) == 1


def test_signing_out_leaves_nothing_in_the_browser_and_everything_on_the_server(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(clause_page(live_site, world))
    body(page).fill(WORDS)

    page.locator(".menu-button").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    assert page.evaluate(LOCAL_DRAFTS) == 0
    assert UnsentText.objects.get().text == WORDS
    back = signed_in(world.member)
    back.goto(clause_page(live_site, world))
    expect(body(back)).to_have_value(WORDS)


def test_each_field_offers_its_own_text_after_signing_out(world, signed_in, live_site):
    proposal = make_draft(world.spec, by=world.editor)
    address = f"{live_site}/{world.spec.slug}/proposals/{proposal.public_id}/edit/"
    page = signed_in(world.editor)
    page.goto(address)
    old_title = page.locator("#title").input_value()
    page.locator("#title").fill("Say it plainly")
    page.locator("#rationale").fill(WORDS)
    page.locator(".menu-button").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    back = signed_in(world.editor)
    back.goto(address)
    for name, text in (("title", "Say it plainly"), ("rationale", WORDS)):
        line = back.locator(f"#{name} + .autosave")
        expect(line).to_be_visible()
        if line.get_by_role("button", name="Put it in").count():
            line.get_by_role("button", name="Put it in").click()
        expect(back.locator(f"#{name}")).to_have_value(text)
        expect(line).to_contain_text("Restored")
    back.locator("#title + .autosave").get_by_role("button", name="Discard").click()
    expect(back.locator("#title")).to_have_value(old_title)
    expect(back.locator("#title")).to_be_focused()
    check_accessible(back)


def test_back_after_signing_out_shows_no_internal_page(world, signed_in, live_site):
    page = signed_in(world.member)
    page.goto(f"{live_site}/{world.spec.slug}/activity/")
    expect(page.locator(".menu-button").last).to_be_visible()
    page.locator(".menu-button").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    page.go_back()

    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    expect(page.get_by_role("link", name="Sign in").first).to_be_attached()
