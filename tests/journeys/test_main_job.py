"""The main job in a real browser: from a comment on words of the real Model Spec to a published release."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from reviews.models import Revision
from tests.corpora import CORPORA
from tests.factories import import_into, make_spec, make_user
from tests.journeys.conftest import check_accessible, select_words

RELEASES = CORPORA / "model_spec"
WORDS = "should not mislead the user, developer, or third parties"
BETTER = "should not mislead anybody"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Cast:
    """The people of the journey and the spec they work on."""

    def __init__(self) -> None:
        self.member, self.editor = make_user("Maya Lindqvist"), make_user("Edith Brandt")
        self.approver, self.manager = make_user("Ana Ruiz"), make_user("Ren Okafor")
        roles = {self.member: ["member"], self.editor: ["editor"], self.approver: ["approver"]}
        roles[self.manager] = ["release_manager"]
        source = (RELEASES / "2025-04-11.md").read_bytes()
        self.spec = make_spec(source="", slug="model-spec", title="Model Spec", members=roles)
        import_into(self.spec, source, label="2025-04-11")
        import_into(self.spec, (RELEASES / "2025-09-12.md").read_bytes(), label="2025-09-12")


@pytest.fixture
def cast(transactional_db) -> Cast:
    return Cast()


@pytest.mark.parametrize("width", [1280, 360])
def test_one_change_from_comment_to_release(cast, signed_in, open_page, live_site, celery_worker_process, width):
    root = f"{live_site}/model-spec"
    thread_address = comment_on_words(signed_in(cast.member, width=width), root)
    proposal_address = propose(signed_in(cast.editor, width=width), root)
    approve(signed_in(cast.approver, width=width), proposal_address)
    merge(signed_in(cast.editor, width=width), proposal_address)
    publish(signed_in(cast.manager, width=width), root)
    reader = open_page(width=width)
    compare(reader, root)
    follow_an_old_anchor(reader, root)
    reader.goto(thread_address)
    expect(reader.get_by_text("Does this hold for summaries?")).to_be_visible()
    assert Revision.objects.filter(spec=cast.spec, proposal__isnull=False).count() == 1


def comment_on_words(page: Page, root: str) -> str:
    """Read the draft, select words, say something publicly; the address of the thread."""
    page.goto(f"{root}/draft/")
    expect(page.get_by_role("heading", name="Do not lie", exact=True)).to_have_count(1)
    check_accessible(page)
    select_words(page, "do_not_lie", WORDS)
    page.locator(".quote-button").click()
    composer = page.locator("#do_not_lie [data-composer], [data-composer]").last
    expect(composer.locator("[data-composer-quote]")).to_have_text(WORDS)
    composer.get_by_label("What do you want to say?").fill("Does this hold for summaries?")
    composer.get_by_label("Public").check()
    composer.get_by_role("button", name="Comment", exact=True).click()
    card = page.locator(".thread", has_text="Does this hold for summaries?")
    expect(card).to_be_visible()
    check_accessible(page)
    page.goto(f"{root}/threads/")
    page.get_by_role("link", name="permanent address of this thread").first.click()
    check_accessible(page)
    return page.url


def propose(page: Page, root: str) -> str:
    """Open the clause in a proposal, change its words, see the difference, submit; the address of the proposal."""
    page.goto(f"{root}/draft/do_not_lie/")
    check_accessible(page)
    page.get_by_role("link", name="Propose a change").first.click()
    page.get_by_label("Title").fill("Say it of everybody")
    page.get_by_label("Why").fill("The list of parties is never complete.")
    check_accessible(page)
    page.get_by_role("button", name="Begin").click()
    source = page.locator("textarea[name^='source']").first
    source.fill(source.input_value().replace(WORDS, BETTER))
    expect(page.locator("ins", has_text="anybody").first).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.get_by_text("Still needs: 1 support from an approver.")).to_be_visible()
    check_accessible(page)
    return page.url


def approve(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("ins", has_text="anybody").first).to_be_visible()
    page.get_by_label("Support", exact=True).check()
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_text("Approved: nothing more is needed.")).to_be_visible()
    check_accessible(page)


def merge(page: Page, address: str) -> None:
    page.goto(address)
    confirmed(page, "Merge into the draft", "Merge into the draft?")
    expect(page.get_by_text("Merged", exact=True).first).to_be_visible()


def confirmed(page: Page, name: str, question: str) -> None:
    """Press a button that asks once, and again."""
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name=question, exact=True).click()


def publish(page: Page, root: str) -> None:
    """Assemble a release, edit the generated notes, publish, wait for the worker's files."""
    page.goto(f"{root}/releases/")
    check_accessible(page)
    page.get_by_role("link", name="Assemble a release").click()
    page.get_by_label("Label").fill("2025-10-01")
    page.get_by_role("button", name="Begin").click()
    notes = page.get_by_label("Notes")
    expect(notes).to_have_value(re.compile("Say it of everybody"))
    notes.fill("Misleading is said of everybody.")
    check_accessible(page)
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish release 2025-10-01?")
    check_accessible(page)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("[id='~messages']")).to_contain_text("is published")
    page.goto(f"{root}/releases/2025-10-01/")
    expect(page.get_by_text("Misleading is said of everybody.")).to_be_visible()
    for _ in range(40):
        if page.get_by_role("link", name=re.compile(r"\.md$")).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"\.md$")).click()
    assert BETTER in download.value.path().read_text()
    check_accessible(page)


def compare(page: Page, root: str) -> None:
    page.goto(f"{root}/compare/2025-09-12..2025-10-01/")
    expect(page.locator("ins", has_text="anybody")).to_be_visible()
    check_accessible(page)
    page.goto(f"{root}/compare/2025-04-11..2025-09-12/")
    expect(page.get_by_text("17 clauses from platform to root")).to_be_visible()
    check_accessible(page)


def follow_an_old_anchor(page: Page, root: str) -> None:
    page.goto(f"{root}/draft/protect_privileged_messages/")
    expect(page.get_by_role("heading", name="Do not reveal privileged information", exact=True)).to_be_visible()
    assert page.url.endswith("/draft/protect_privileged_information/")
    page.goto(f"{root}/draft/#protect_privileged_messages")
    page.goto(f"{root}/2025-10-01/do_not_lie/")
    expect(page.get_by_text(BETTER)).to_be_visible()
    check_accessible(page)
