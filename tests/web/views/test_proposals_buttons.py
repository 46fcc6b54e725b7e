"""Every button of the form in which a proposal is written saves all that was typed, or gives it back with the reason."""

import pytest

from reviews.actions import changes
from reviews.actions.changes import Saver
from reviews.models import Change, Proposal
from tests.factories import NOW
from tests.factories.conduct import clause_of, make_draft
from tests.web.views.conftest import hidden, words
from tests.web.views.test_proposals_editing import form_of, only_change, post, root, typed


@pytest.fixture
def draft(world):
    """A draft of the editor with one clause in it."""
    proposal = make_draft(world.spec, by=world.editor)
    changes.open_clause(proposal, clause_of(world.spec, "honesty"), saver=Saver(world.editor, NOW))
    return proposal


NEW_CLAUSE = {"new_source": "## Care {#care}\r\n\r\nTake care.\r\n", "new_after": "honesty"}


@pytest.mark.parametrize("do", ["save", "submit", "open", "add", "delete", "authority", "place"])
def test_every_button_adds_the_new_clause_that_was_written(draft, browser_of, do):
    client, change = browser_of("editor"), only_change(draft)
    sent = {**typed(form_of(client, draft), change, "must not", "must never"), **NEW_CLAUSE}
    given = {"open": {"open_clause": "jokes"}, "place": {f"after-{change.public_id}": "jokes"}}
    own = "" if do in ("save", "submit", "open", "add") else f":{change.public_id}"

    answer = post(client, draft, {**sent, **given.get(do, {})}, do + own)

    assert answer.status_code == 303
    assert Change.objects.get(kind="add").source == "## Care {#care}\n\nTake care.\n"
    assert ("must never" in Change.objects.get(pk=change.pk).source) is (do != "delete")


@pytest.mark.parametrize("do", ["save", "submit", "open", "add"])
def test_a_new_clause_without_a_place_comes_back_and_nothing_is_submitted(draft, browser_of, do):
    client, change = browser_of("editor"), only_change(draft)
    sent = {**typed(form_of(client, draft), change, "must not", "must never"), **NEW_CLAUSE, "new_after": ""}

    answer = post(client, draft, {**sent, "open_clause": "jokes" if do == "open" else ""}, do)

    assert answer.status_code == 422
    assert answer.context["new"]["new_source"] == NEW_CLAUSE["new_source"]
    assert answer.context["new_errors"] == ["Name the clause that it comes after; ^ stands for the beginning."]
    assert "must never" in Change.objects.get(pk=change.pk).source
    assert (Change.objects.filter(kind="add").count(), Proposal.objects.get().state) == (0, "draft")


def test_a_form_that_is_sent_twice_adds_its_clause_once(draft, browser_of):
    client = browser_of("editor")
    sent = {**form_of(client, draft), **NEW_CLAUSE}

    answers = [post(client, draft, sent), post(client, draft, sent)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Change.objects.filter(kind="add").count() == 1


@pytest.mark.parametrize("do", ["save", "submit"])
def test_a_chosen_authority_and_place_count_whichever_button_is_pressed(world, draft, browser_of, do):
    client, change = browser_of("editor"), only_change(draft)
    chosen = {f"authority-{change.public_id}": "user", f"after-{change.public_id}": "jokes"}
    stored = {
        f"authority-was-{change.public_id}": hidden(
            client.get(root(draft) + "edit/"), f"authority-was-{change.public_id}"
        )
    }

    assert post(client, draft, {**form_of(client, draft), **stored, **chosen}, do).status_code == 303

    found = Change.objects.get(pk=change.pk)
    assert ("authority=user" in found.source, found.after) == (True, clause_of(world.spec, "jokes"))


def test_an_authority_that_is_typed_into_the_heading_is_not_overwritten_by_the_list(draft, browser_of):
    client, change = browser_of("editor"), only_change(draft)
    page = form_of(client, draft)
    heading = page[f"source-{change.public_id}"].splitlines()[0]
    shown = next(level for level in ("root", "developer", "user", "guideline") if f"authority={level}" in heading)
    other = "user" if shown != "user" else "root"
    sent = typed(page, change, f"authority={shown}", f"authority={other}")

    post(client, draft, {**sent, f"authority-{change.public_id}": shown, f"authority-was-{change.public_id}": shown})

    assert f"authority={other}" in Change.objects.get(pk=change.pk).source


def test_a_place_that_is_not_found_comes_back_beside_its_field(draft, browser_of):
    client, change = browser_of("editor"), only_change(draft)

    answer = post(client, draft, {**form_of(client, draft), f"after-{change.public_id}": "nowhere"})

    shown = answer.context["changes"][0]
    assert (answer.status_code, shown["after_sent"]) == (422, "nowhere")
    assert shown["tool_errors"] == ["This clause is not in the draft."]


def test_submitting_with_a_clause_still_to_open_opens_it_first(draft, browser_of):
    client, change = browser_of("editor"), only_change(draft)
    sent = {**typed(form_of(client, draft), change, "must not", "must never"), "open_clause": "jokes"}

    answer = post(client, draft, sent, "submit")

    opened = Change.objects.get(base_version__anchor="jokes")
    assert answer["Location"] == root(draft) + f"edit/#change-{opened.public_id}"
    assert Proposal.objects.get().state == "draft"
    assert "Edit it, then submit again." in words(client.get(root(draft) + "edit/"))


def test_an_unknown_button_is_refused(draft, browser_of):
    client = browser_of("editor")

    answer = post(client, draft, form_of(client, draft), "explode")

    assert (answer.status_code, "no such button" in words(answer)) == (422, True)
