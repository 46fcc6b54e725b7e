"""Importing in a real browser: a changed document with an image is sent in, read through, and becomes a proposal."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import Page, expect

from reviews.models import Attachment, KeptUpload, Lineage, Proposal, Revision
from reviews.queries.clauses import document
from tests.corpora import CORPORA
from tests.factories import SOURCE, import_into, make_spec, make_user
from tests.journeys.conftest import check_accessible

RELEASES = CORPORA / "model_spec"
PICTURE = "![The chain of command](chain.png)\n\n"
pytestmark = pytest.mark.django_db(transaction=True)


def png(width: int = 240, height: int = 120) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + b"\x3a\x6e\xa5" * width) * height
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
    chunks = [*parts, (b"IEND", b"")]
    framed = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def with_picture(text: str) -> str:
    """The text with an image behind the first heading line."""
    heading, end, rest = text.partition("\n\n")
    return heading + end + PICTURE + rest


@pytest.fixture
def editor(transactional_db):
    return make_user("Edith Brandt")


@pytest.fixture
def spec(editor):
    """The Model Spec with one release."""
    found = make_spec(source="", slug="model-spec", title="Model Spec", members={editor: ["editor"]})
    import_into(found, (RELEASES / "2025-04-11.md").read_bytes(), label="2025-04-11")
    return found


def send(page: Page, name: str, content: bytes, *images: tuple[str, bytes]) -> None:
    """Choose the files and send them; the page that comes is the preview, or the form again."""
    page.get_by_label("Markdown file").set_input_files({"name": name, "mimeType": "text/markdown", "buffer": content})
    pictures = [{"name": title, "mimeType": "image/png", "buffer": data} for title, data in images]
    page.get_by_label("Images").set_input_files(pictures)
    page.get_by_role("button", name="Preview the changes").click()


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_changed_document_with_an_image_becomes_a_proposal(spec, editor, signed_in, live_site, width):
    page = signed_in(editor, width=width)
    page.goto(f"{live_site}/model-spec/draft/")
    page.goto(f"{live_site}/model-spec/import/")
    check_accessible(page)
    text = with_picture((RELEASES / "2025-09-12.md").read_text())
    send(page, "2025-09-12.md", text.encode(), ("chain.png", png()))
    look_through(page)
    confirm_lineage(page)

    expect(page.get_by_text("The proposal is a draft. Read it through, then submit it for review.")).to_be_visible()
    shown_in_the_preview(page)
    check_accessible(page)
    assert sideways(page) <= 0
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.get_by_role("heading", name="Images that come with it")).to_be_visible()
    check_accessible(page)
    assert sideways(page) <= 0
    assert (Proposal.objects.get().state, Revision.objects.count()) == ("in_review", 1)
    assert [image.name for image in Proposal.objects.get().images.all()] == ["chain.png"]
    assert (KeptUpload.objects.filter(used_at=None).count(), Attachment.objects.count()) == (0, 0)


def look_through(page: Page) -> None:
    """The report of what would change, in words."""
    expect(page.get_by_role("heading", level=1)).to_have_text("What this import would change")
    expect(page.get_by_text("10 added, 4 removed, 52 edited")).to_be_visible()
    expect(page.get_by_text("This image comes along with the proposal: chain.png.")).to_be_visible()
    card = page.locator(".clause-card", has=page.get_by_role("heading", name="Do not lie", exact=True))
    expect(card.locator("ins").first).to_be_visible()
    check_accessible(page)
    assert sideways(page) <= 0


def confirm_lineage(page: Page) -> None:
    """Five anchors vanish: say of one what became of it, take the others as they are suggested."""
    steps = page.locator(".lineage-step")
    expect(steps).to_have_count(5)
    renamed = steps.filter(has_text="protect_privileged_messages")
    expect(renamed.get_by_label("What happened to it")).to_have_value("renamed")
    expect(renamed.get_by_label("Clauses, by their anchors")).to_have_value("protect_privileged_information")
    gone = steps.filter(has_text="be_engaging")
    gone.get_by_label("What happened to it").select_option("gone")
    page.get_by_role("button", name="Preview again").click()
    expect(gone.get_by_label("What happened to it")).to_have_value("gone")
    check_accessible(page)
    page.get_by_label("Title of the proposal").fill("The release of September")
    page.get_by_role("button", name="Make it a proposal").click()


def shown_in_the_preview(page: Page) -> None:
    """The picture is really there, in the preview of the clause and in the list."""
    pictures = page.locator("main img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("naturalWidth", 240)


@pytest.mark.parametrize("width", [1280, 360])
def test_what_cannot_be_imported_is_said_and_not_kept(editor, signed_in, live_site, width):
    make_spec(slug="aster", members={editor: ["editor"]}, release="1.0")
    page = signed_in(editor, width=width)
    refused = {
        b"": "This file is empty.",
        b"# Aims {#aims}\n\n\xff\n": "This file is not UTF-8",
        b"# Aims {#aims}\n\nSo.\n\n# Again {#aims}\n\nSo.\n": "Two clauses cannot have the same anchor.",
    }
    for content, sentence in refused.items():
        page.goto(f"{live_site}/aster/import/")
        send(page, "new.md", content)
        expect(page.get_by_role("alert")).to_contain_text(sentence)
        check_accessible(page)
        assert sideways(page) <= 0
    assert (KeptUpload.objects.count(), Proposal.objects.count(), Revision.objects.count()) == (0, 0, 1)


def test_into_an_empty_spec_it_becomes_a_revision_with_its_image(editor, signed_in, live_site):
    spec = make_spec(source="", slug="aster", members={editor: ["editor"]})
    page = signed_in(editor)
    page.goto(f"{live_site}/aster/import/")
    send(page, "aster.md", with_picture(SOURCE).encode(), ("chain.png", png()))
    expect(page.get_by_text("aster.md: 3 clauses, 3 added")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.get_by_text("Imported as revision 1.")).to_be_visible()
    picture = page.get_by_role("img", name="The chain of command")
    expect(picture).to_have_js_property("naturalWidth", 240)
    spec.refresh_from_db()
    assert (document(spec, 1), Lineage.objects.count()) == (with_picture(SOURCE), 0)


def test_an_upload_can_be_forgotten(editor, signed_in, live_site):
    make_spec(slug="aster", members={editor: ["editor"]}, release="1.0")
    page = signed_in(editor)
    page.goto(f"{live_site}/aster/import/")
    send(page, "aster.md", SOURCE.replace("calm tone", "quiet tone").encode())
    discard = page.get_by_role("button", name="Discard this upload")
    discard.click()
    discard.click()  # the first press only asks

    expect(page.get_by_text("The upload is discarded. Nothing was changed.")).to_be_visible()
    assert KeptUpload.objects.count() == 0
