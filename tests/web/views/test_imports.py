"""Importing from the browser: upload, preview, lineage, decision; nothing that was sent is lost by a refusal."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reviews.models import KeptUpload, Proposal, Revision
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import document
from tests.corpora import CORPORA
from tests.factories import SOURCE, import_into, make_spec, make_user, version

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
RENAMED = SOURCE.replace("{#be_honest ", "{#honesty ").replace("calm tone", "quiet voice")
STEP = {
    "lineage-TOTAL_FORMS": "1",
    "lineage-INITIAL_FORMS": "1",
    "lineage-0-source": "be_honest",
    "lineage-0-kind": "renamed",
    "lineage-0-targets": "honesty",
}
NO_STEPS = {"lineage-TOTAL_FORMS": "0", "lineage-INITIAL_FORMS": "0"}
DIRECTLY = {"how": "directly", "reason": "A printed copy is out.", "visibility": "public"}
PROPOSAL = {"title": "Import of new.md", "visibility": "public"}


@pytest.fixture
def ana(db):
    return make_user("Ana")


@pytest.fixture
def browser(ana):
    client = Client()
    client.force_login(ana)
    return client


def upload(browser, spec, content, *images, name="new.md"):
    """Send a file; the answer to it."""
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    pictures = [SimpleUploadedFile(name, data) for name, data in images]
    return browser.post(f"/{spec.slug}/import/", {"file": file, "images": pictures})


def preview_of(browser, spec, content, *images, name="new.md"):
    answer = upload(browser, spec, content, *images, name=name)
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_into_an_empty_spec_it_becomes_a_revision(browser, ana):
    spec = make_spec(source="", members={ana: ["editor"]})
    url = preview_of(browser, spec, SOURCE)
    shown = browser.get(url)
    done = browser.post(url, NO_STEPS)
    spec.refresh_from_db()

    assert "new.md: 3 clauses, 3 added. Nothing is changed yet" in text_of(shown)
    assert (done.status_code, done["Location"]) == (303, f"/{spec.slug}/draft/")
    assert document(spec, 1) == SOURCE
    assert Revision.objects.get().author == ana
    assert (bytes(KeptUpload.objects.get().content), browser.post(url, NO_STEPS)["Location"]) == (b"", done["Location"])
    assert Revision.objects.count() == 1


def test_the_preview_has_word_diffs_and_the_lineage_to_confirm(browser, ana):
    spec = make_spec(members={ana: ["editor"]})
    answer = browser.get(preview_of(browser, spec, RENAMED))
    html = answer.content.decode()

    assert '<del><span class="sr"> deleted: </span>calm tone' in html
    assert '<ins><span class="sr"> inserted: </span>quiet voice' in html
    assert '<option value="renamed" selected>' in html
    assert 'value="honesty"' in html
    assert "Its anchor was be_honest." in html
    assert "noindex" in html


def test_lineage_is_taken_as_it_was_sent(browser, ana):
    spec = make_spec(members={ana: ["owner"]})
    clause = version(spec, "be_honest").clause
    browser.post(preview_of(browser, spec, RENAMED), {**STEP, **DIRECTLY})
    assert version(spec, "honesty").clause == clause

    spec = make_spec(members={ana: ["owner"]})
    clause = version(spec, "be_honest").clause
    url = preview_of(browser, spec, RENAMED)
    gone = {**STEP, **DIRECTLY, "lineage-0-kind": "gone"}
    looked = browser.post(url, {**gone, "look": "1"})
    browser.post(url, gone)

    assert (looked.status_code, "1 added, 1 removed" in text_of(looked)) == (200, True)
    assert version(spec, "honesty").clause != clause


def test_a_lineage_that_cannot_be_is_said_and_nothing_is_lost(browser, ana):
    spec = make_spec(members={ana: ["editor"]})
    url = preview_of(browser, spec, RENAMED)
    answer = browser.post(url, {**STEP, **PROPOSAL, "lineage-0-targets": "nowhere"})

    assert answer.status_code == 422
    assert "“be_honest” is said to lead to “nowhere”, which is not in the new document." in text_of(answer)
    assert 'value="nowhere"' in answer.content.decode()
    assert (KeptUpload.objects.count(), Revision.objects.count()) == (1, 1)


def test_when_the_draft_moved_on_what_is_new_has_to_be_confirmed_too(browser, ana):
    spec = make_spec(members={ana: ["editor"]})
    url = preview_of(browser, spec, SOURCE.replace("calm tone", "quiet tone"))
    import_into(spec, SOURCE.replace("{#be_honest ", "{#honesty "))
    answer = browser.post(url, {**NO_STEPS, **PROPOSAL})

    assert answer.status_code == 422
    assert "The anchor “honesty” vanishes: confirm what became of it." in text_of(answer)
    assert 'name="lineage-0-source" value="honesty"' in answer.content.decode()


def test_into_a_spec_with_a_text_an_upload_becomes_a_proposal(browser, ana):
    spec = make_spec(members={ana: ["editor"]})
    url = preview_of(browser, spec, RENAMED)
    shown = browser.get(url)
    done = browser.post(url, {**STEP, **PROPOSAL})
    proposal = Proposal.objects.get()

    assert "Make it a proposal" in text_of(shown)
    assert 'name="reason"' not in shown.content.decode()
    assert (proposal.state, proposal.title, Revision.objects.count()) == ("draft", "Import of new.md", 1)
    assert done["Location"] == f"/{spec.slug}/proposals/{proposal.public_id}/edit/"
    assert browser.get(done["Location"]).status_code == 200
    assert browser.get(url)["Location"] == done["Location"]
    assert browser.post(url, {**STEP, **PROPOSAL})["Location"] == done["Location"]
    assert (Proposal.objects.count(), bytes(KeptUpload.objects.get().content)) == (1, b"")


def test_a_file_with_a_long_or_misleading_name_becomes_a_proposal_with_a_readable_title(browser, ana):
    spec = make_spec(members={ana: ["editor"]})
    name = "x" * 180 + "\u202efdp.\u202c new version.md"
    url = preview_of(browser, spec, RENAMED, name=name)
    browser.post(url, {**STEP, "title": "", "visibility": "public"})

    title = Proposal.objects.get().title
    assert title == f"Import of {'x' * 180}fdp. new v"
    assert len(title) == 200


def test_an_owner_may_import_directly_with_a_reason(browser, ana):
    spec = make_spec(release="1.0", members={ana: ["owner"]})
    url = preview_of(browser, spec, RENAMED)
    without = browser.post(url, {**STEP, **PROPOSAL, "how": "directly", "reason": ""})
    done = browser.post(url, {**STEP, **PROPOSAL, "how": "directly", "reason": "A printed copy is out."})

    assert (without.status_code, "Say why the document is imported without" in text_of(without)) == (422, True)
    assert done["Location"] == f"/{spec.slug}/draft/"
    assert Revision.objects.latest("pk").summary == "Import of new.md: A printed copy is out."


def test_an_editor_cannot_choose_to_import_directly(browser, ana):
    spec = make_spec(release="1.0", members={ana: ["editor"]})
    url = preview_of(browser, spec, RENAMED)
    browser.post(url, {**STEP, **PROPOSAL, "how": "directly", "reason": "I want to."})

    assert (Proposal.objects.count(), Revision.objects.count()) == (1, 1)


def test_images_come_along(browser, ana):
    spec = make_spec(source="", members={ana: ["editor"]})
    url = preview_of(browser, spec, "# A {#a}\n\n![x](img/x.png) ![y](y.png)\n", ("x.png", PNG))
    shown = browser.get(url)
    browser.post(url, NO_STEPS)

    assert "The image y.png is missing." in text_of(shown)
    assert list(image_addresses(spec, 1)) == ["img/x.png"]


def test_images_come_along_with_a_proposal(browser, ana):
    spec = make_spec(release="1.0", members={ana: ["editor"]})
    url = preview_of(browser, spec, SOURCE.replace("calm tone", "calm ![x](img/x.png)"), ("x.png", PNG), ("y.png", PNG))
    shown = browser.get(url)
    browser.post(url, {**NO_STEPS, **PROPOSAL})

    assert "This image comes along with the proposal: img/x.png." in text_of(shown)
    assert [image.name for image in Proposal.objects.get().images.all()] == ["img/x.png"]
    assert image_addresses(spec, 1) == {}


@pytest.mark.parametrize(
    ("content", "images", "sentence"),
    [
        (b"", (), "This file is empty."),
        (b"\xff", (), "This file is not UTF-8"),
        (b"# A {#a}\n# B {#a}\n", (), "Two clauses cannot have the same anchor."),
        (b"# A\n", (("a.png", b"GIF"),), "is not an image that can be shown"),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(browser, ana, content, images, sentence):
    spec = make_spec(members={ana: ["editor"]})
    answer = upload(browser, spec, content, *images)

    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert KeptUpload.objects.count() == 0


def test_no_file_is_refused_in_the_form(browser, ana):
    spec = make_spec(members={ana: ["editor"]})

    assert browser.post(f"/{spec.slug}/import/", {}).status_code == 422


def test_an_upload_can_be_forgotten_and_is_its_senders_own(browser, ana):
    ben = make_user("Ben")
    spec = make_spec(members={ana: ["editor"], ben: ["editor"]})
    url = preview_of(browser, spec, RENAMED)
    other = Client()
    other.force_login(ben)

    assert (
        other.get(url).status_code
        == other.post(url, STEP).status_code
        == other.post(f"{url}forgetting", {"confirmed": "1"}).status_code
        == 404
    )
    assert "Discard this upload?" in text_of(browser.post(f"{url}forgetting"))
    assert browser.get(url).status_code == 200
    assert browser.post(f"{url}forgetting", {"confirmed": "1"}).status_code == 303
    assert browser.get(url).status_code == 404


def test_sending_the_decision_twice_imports_once(browser, ana):
    spec = make_spec(members={ana: ["owner"]})
    url = preview_of(browser, spec, RENAMED)

    answers = [browser.post(url, {**STEP, **DIRECTLY}) for _ in range(2)]

    assert [(one.status_code, one["Location"]) for one in answers] == [(303, f"/{spec.slug}/draft/")] * 2
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(("roles", "status"), [(["editor"], 200), (["owner"], 200), (["member"], 403), ([], 403)])
def test_who_sees_the_form(browser, ana, roles, status):
    spec = make_spec(members={ana: roles} if roles else {})

    assert browser.get(f"/{spec.slug}/import/").status_code == status


def test_nobody_is_led_to_sign_in(client):
    answer = client.get(f"/{make_spec().slug}/import/")

    assert (answer.status_code, answer["Location"].startswith("/sign-in/")) == (302, True)


def test_the_great_release_is_previewed_whole(browser, ana):
    before, after = ((CORPORA / "model_spec" / f"{day}.md").read_bytes() for day in ("2025-04-11", "2025-09-12"))
    spec = make_spec(source=before, members={ana: ["editor"]})
    shown = browser.get(preview_of(browser, spec, after))

    assert "10 added, 4 removed, 52 edited" in text_of(shown)
    assert shown.content.decode().count('class="lineage-step"') == 5
    assert shown.content.decode().count('class="clause-card"') > 60
