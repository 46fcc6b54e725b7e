"""While a proposal is written: live preview and changes, texts that keep themselves."""

import json

import pytest

from reviews.actions import changes
from reviews.actions.changes import Saver
from tests.factories import NOW, make_spec
from tests.factories.conduct import clause_of, make_draft, make_proposal
from tests.web.views.conftest import words
from tests.web.views.test_proposals_editing import only_change, root


@pytest.fixture
def draft(world):
    """A draft of the editor with one clause in it."""
    proposal = make_draft(world.spec, by=world.editor)
    changes.open_clause(proposal, clause_of(world.spec, "honesty"), saver=Saver(world.editor, NOW))
    return proposal


def test_the_preview_shows_the_text_and_what_changed_and_keeps_nothing(draft, browser_of):
    change = only_change(draft)
    source = change.source.replace("must not lie", "must *never* lie, see [?](#jokes)") + "<script>x</script>\n"

    answer = browser_of("editor").post(
        root(draft) + f"changes/{change.public_id}/preview", {f"source-{change.public_id}": source}
    )

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<em>never</em>" in html
    assert ">Jokes</a>" in html
    assert "<ins>" in html
    assert "<script>" not in html
    assert only_change(draft).version == change.version


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [("must not lie", "must not lie", False), ("must not lie", "should not lie", True)],
)
def test_the_live_changes_of_a_document_with_crlf_mark_only_what_was_changed(world, browser_of, old, new, marked):
    spec = make_spec(source="# A {#a}\r\n\r\nWe must not lie.\r\n", members={world.editor: ["editor"]})
    proposal = make_draft(spec, by=world.editor)
    change = changes.open_clause(proposal, clause_of(spec, "a"), saver=Saver(world.editor, NOW))
    sent = {f"source-{change.public_id}": change.source.replace(old, new)}

    answer = browser_of("editor").post(root(proposal) + f"changes/{change.public_id}/preview", sent)

    assert ("<del>" in answer.content.decode(), "Substantive" in words(answer)) == (marked, marked)
    assert ("No words changed yet." in words(answer)) is not marked
    assert "line-end" not in answer.content.decode()


def test_the_preview_says_what_is_wrong(draft, browser_of):
    change = only_change(draft)

    answer = browser_of("editor").post(
        root(draft) + f"changes/{change.public_id}/preview", {f"source-{change.public_id}": "No heading\n\n~~~\nopen"}
    )

    assert "The heading line is missing" in words(answer)
    assert "Line 3" in words(answer)


def test_a_new_clause_has_a_preview(draft, browser_of):
    answer = browser_of("editor").post(root(draft) + "edit/preview", {"new_source": "## Care\n\nTake *care*."})

    assert "<em>care</em>" in answer.content.decode()


def test_a_text_keeps_itself_while_typing(draft, browser_of):
    client, change = browser_of("editor"), only_change(draft)
    url = root(draft) + f"changes/{change.public_id}/draft"

    first = client.post(url, {f"source-{change.public_id}": "## A {#honesty}\n", "version": "1"})
    second = client.post(url, {f"source-{change.public_id}": "## B {#honesty}\n", "version": first.json()["version"]})
    late = browser_of("second").post(url, {f"source-{change.public_id}": "## C {#honesty}\n", "version": "1"})
    empty = client.post(url, {f"source-{change.public_id}": "", "version": "3"})

    assert (first.status_code, second.status_code, late.status_code, empty.status_code) == (200, 200, 409, 422)
    assert json.loads(second.content) == {"version": 3}
    assert only_change(draft).source == "## B {#honesty}\n"


@pytest.mark.parametrize(("who", "status"), [("nobody", 404), ("stranger", 404), ("member", 404), ("approver", 404)])
def test_a_draft_is_not_there_for_whom_may_not_edit(draft, browser_of, who, status):
    change = only_change(draft)
    client = browser_of(who)

    assert client.get(root(draft) + "edit/").status_code == status
    for then in ("edit/", f"changes/{change.public_id}/draft", f"changes/{change.public_id}/preview"):
        assert client.post(root(draft) + then, {"title": "x"}).status_code == status


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("member", 403), ("editor", 303)])
def test_a_submitted_proposal_is_edited_only_in_its_next_patch_set(world, browser_of, who, status):
    proposal = make_proposal(world.spec, by=world.editor)

    assert browser_of(who).get(root(proposal) + "edit/").status_code == status
