"""Writing a proposal in the browser: everything typed is kept, and the second of two who change one text sees three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import changes, merging, proposals
from reviews.actions.changes import Saver
from reviews.models import Change, Proposal
from tests.factories import NOW
from tests.factories.conduct import clause_of, edit, make_draft, make_proposal, support
from tests.factories.specs import version
from tests.web.views.conftest import hidden, words


@pytest.fixture
def draft(world):
    """A draft of the editor with one clause in it."""
    proposal = make_draft(world.spec, by=world.editor)
    changes.open_clause(proposal, clause_of(world.spec, "honesty"), saver=Saver(world.editor, NOW))
    return proposal


def root(proposal):
    return f"/{proposal.spec.slug}/proposals/{proposal.public_id}/"


def form_of(client, proposal):
    """What a browser would send of the page when nobody typed anything."""
    page = client.get(root(proposal) + "edit/")
    assert page.status_code == 200
    sent = {"title": page.context["details"]["title"], "rationale": page.context["details"]["rationale"]}
    sent["details_version"] = hidden(page, "details_version")
    for change in page.context["changes"]:
        for name in ("version", "was", "onto"):
            value = hidden(page, f"{name}-{change['id']}")
            if value is not None:
                sent[f"{name}-{change['id']}"] = value
        if change["conflict"]:
            sent[change["field"]] = change["conflict"]["result"]
        elif change["edits"]:
            sent[change["field"]] = change["value"]
    return sent


def only_change(proposal):
    return Change.objects.get(patch_set__proposal=proposal, patch_set__submitted_at=None)


def post(client, proposal, sent, do="save"):
    return client.post(root(proposal) + "edit/", {**sent, "do": do})


def typed(sent, change, old, new):
    field = f"source-{change.public_id}"
    assert old in sent[field]
    return {**sent, field: sent[field].replace(old, new).replace("\n", "\r\n")}


def test_saving_keeps_texts_and_details(draft, browser_of):
    client = browser_of("editor")
    sent = typed(form_of(client, draft), only_change(draft), "must not", "must never")

    answer = post(client, draft, {**sent, "title": "Never", "rationale": "Since\r\nalways"})

    assert (answer.status_code, answer["Location"]) == (303, root(draft) + "edit/")
    assert "must never lie" in only_change(draft).source
    assert "\r" not in only_change(draft).source
    found = Proposal.objects.get(pk=draft.pk)
    assert (found.title, found.rationale) == ("Never", "Since\nalways")


def test_saving_what_nobody_touched_changes_nothing(draft, browser_of):
    client = browser_of("second")
    sent = form_of(client, draft)
    edit(draft, "honesty", "anybody", "anyone", by=draft.author)

    answer = post(client, draft, sent)

    assert answer.status_code == 303
    assert "anyone" in only_change(draft).source
    assert list(draft.coauthors.all()) == []


def test_saving_and_submitting_at_once(draft, browser_of):
    client = browser_of("editor")
    sent = typed(form_of(client, draft), only_change(draft), "must not", "must never")

    answer = post(client, draft, sent, "submit")

    assert (answer.status_code, answer["Location"]) == (303, root(draft))
    assert Proposal.objects.get(pk=draft.pk).state == "in_review"


def test_a_submission_that_would_break_the_document_says_why_and_keeps_the_text(draft, browser_of):
    client = browser_of("editor")
    sent = typed(form_of(client, draft), only_change(draft), "{#honesty", "{#manner")

    answer = post(client, draft, sent, "submit")

    assert answer.status_code == 422
    assert "The anchor “manner” would stand twice" in words(answer)
    assert "{#manner" in only_change(draft).source
    assert "Before it can be submitted:" in words(client.get(root(draft) + "edit/"))


def test_an_empty_text_comes_back_beside_the_sentence(draft, browser_of):
    client = browser_of("editor")
    sent = {**form_of(client, draft), f"source-{only_change(draft).public_id}": "   "}

    answer = post(client, draft, {**sent, "title": "Also this"})

    assert answer.status_code == 422
    assert "There is no text." in words(answer)
    assert "must not lie" in only_change(draft).source
    assert Proposal.objects.get(pk=draft.pk).title == "Also this"


# --- conflicts ---


def test_the_second_of_two_who_save_sees_all_three_and_loses_nothing(world, draft, browser_of):
    client, change = browser_of("second"), only_change(draft)
    mine = typed(form_of(client, draft), change, "to anybody", "to anyone")
    edit(draft, "honesty", "It says what", "It tells what", by=world.editor)

    answer = post(client, draft, mine)

    assert answer.status_code == 409
    conflict = answer.context["changes"][0]["conflict"]
    assert "It tells what" in conflict["theirs"]
    assert "to anyone" in conflict["mine"]
    assert "to anybody" in conflict["base"]
    assert "It says what" in conflict["base"]
    assert conflict["suggestion"] is True
    assert ("to anyone" in conflict["result"], "It tells what" in conflict["result"]) == (True, True)
    assert "to anyone" not in only_change(draft).source
    assert "Editor saved another text" in words(answer)

    result = {
        "title": draft.title,
        "details_version": "1",
        f"source-{change.public_id}": conflict["result"],
        f"version-{change.public_id}": hidden(answer, f"version-{change.public_id}"),
        f"was-{change.public_id}": hidden(answer, f"was-{change.public_id}"),
    }
    assert post(client, draft, result).status_code == 303
    assert only_change(draft).source == conflict["result"].replace("\r\n", "\n")


def test_where_both_changed_the_same_words_the_field_holds_mine(world, draft, browser_of):
    client = browser_of("second")
    mine = typed(form_of(client, draft), only_change(draft), "must not lie", "may never lie")
    edit(draft, "honesty", "must not lie", "should not lie", by=world.editor)

    answer = post(client, draft, mine)

    conflict = answer.context["changes"][0]["conflict"]
    assert (answer.status_code, conflict["suggestion"]) == (409, False)
    assert "may never lie" in conflict["result"]
    assert "take over from theirs what must stay" in words(answer)


def test_two_who_change_the_title(world, draft, browser_of):
    client = browser_of("second")
    sent = form_of(client, draft)
    proposals.describe(draft, title="Theirs", rationale="", expected_version=1, by=world.editor, now=NOW)

    answer = post(client, draft, {**sent, "title": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in words(answer)
    assert 'value="Mine"' in answer.content.decode()
    again = {**sent, "title": "Mine", "details_version": hidden(answer, "details_version")}
    assert post(client, draft, again).status_code == 303
    assert Proposal.objects.get(pk=draft.pk).title == "Mine"


def moved_on(world, old="It says what", new="It tells what"):
    other = make_proposal(world.spec, ("honesty", old, new), by=world.editor, title="Other")
    support(other, world.approver, world.other)
    merging.merge(other, by=world.editor, now=NOW)


def test_a_clause_that_moved_on_is_brought_up_to_date_with_the_suggestion(world, draft, browser_of):
    edit(draft, "honesty", "to anybody", "to anyone", by=world.editor)
    moved_on(world)
    client, change = browser_of("editor"), only_change(draft)
    page = client.get(root(draft) + "edit/")
    assert "Out of date" in words(page)

    untouched = form_of(client, draft)
    assert post(client, draft, untouched).status_code == 303
    assert only_change(draft).base_version.since == 1

    assert post(client, draft, untouched, f"keep:{change.public_id}").status_code == 303
    found = only_change(draft)
    assert (found.base_version, found.base_version.since) == (version(world.spec, "honesty"), 2)
    assert ("to anyone" in found.source, "It tells what" in found.source) == (True, True)
    assert post(client, draft, form_of(client, draft), "submit").status_code == 303


def test_when_the_draft_moves_on_once_more_the_text_is_kept_on_the_page(world, draft, browser_of):
    edit(draft, "honesty", "to anybody", "to anyone", by=world.editor)
    moved_on(world)
    client, change = browser_of("editor"), only_change(draft)
    sent = typed(form_of(client, draft), change, "to anyone", "to a person")
    moved_on(world, "It tells what", "It shows what")

    answer = post(client, draft, sent)

    assert answer.status_code == 422
    conflict = answer.context["changes"][0]["conflict"]
    assert ("to a person" in conflict["mine"], "It shows what" in conflict["theirs"]) == (True, True)
    assert "The draft changed again" in words(answer)


def test_a_clause_that_was_deleted_meanwhile(world, draft, browser_of):
    edit(draft, "honesty", "to anybody", "to anyone", by=world.editor)
    other = make_draft(world.spec, by=world.editor)
    changes.delete_clause(other, clause_of(world.spec, "honesty"), saver=Saver(world.editor, NOW))
    proposals.submit(other, by=world.editor, now=NOW)
    support(other, world.approver, world.other)
    merging.merge(other, by=world.editor, now=NOW)
    client = browser_of("editor")

    page = client.get(root(draft) + "edit/")

    assert "This clause was deleted from the draft meanwhile." in words(page)
    assert "to anyone" in words(page)
    drop = f"drop:{only_change(draft).public_id}"
    assert "out of this proposal?" in words(post(client, draft, {"title": draft.title}, drop))
    assert post(client, draft, {"title": draft.title, "confirmed": "1"}, drop).status_code == 303
    assert not Change.objects.filter(patch_set__proposal=draft).exists()


# --- the other buttons ---


def test_every_button_keeps_what_was_typed_first(draft, browser_of):
    client, change = browser_of("editor"), only_change(draft)
    sent = typed(form_of(client, draft), change, "must not", "must never")

    answer = post(client, draft, {**sent, "open_clause": "jokes"}, "open")

    opened = Change.objects.get(base_version__anchor="jokes")
    assert answer["Location"] == root(draft) + f"edit/#change-{opened.public_id}"
    assert "must never" in Change.objects.get(pk=change.pk).source


def test_adding_moving_changing_authority_deleting_and_taking_back(world, draft, browser_of):
    client, change = browser_of("editor"), only_change(draft)

    added = {"new_source": "## Care {#care}\r\n\r\nTake care.\r\n", "new_after": "honesty"}
    assert post(client, draft, {**form_of(client, draft), **added}, "add").status_code == 303
    assert Change.objects.get(kind="add").after == clause_of(world.spec, "honesty")

    authority = {f"authority-{change.public_id}": "user"}
    post(client, draft, {**form_of(client, draft), **authority}, f"authority:{change.public_id}")
    assert "authority=user" in Change.objects.get(pk=change.pk).source

    place = {f"after-{change.public_id}": "^"}
    post(client, draft, {**form_of(client, draft), **place}, f"place:{change.public_id}")
    found = Change.objects.get(pk=change.pk)
    assert (found.placed, found.after) == (True, None)

    post(client, draft, form_of(client, draft), f"delete:{change.public_id}")
    assert Change.objects.get(pk=change.pk).kind == "delete"
    page = words(client.get(root(draft) + "edit/"))
    assert "The clause goes; the parts below it stay." in page

    post(client, draft, form_of(client, draft), f"restore:{change.public_id}")
    restored = Change.objects.get(base_version__anchor="honesty")
    assert (restored.kind, "authority=user" in restored.source) == ("edit", True)


@pytest.mark.parametrize(
    ("do", "more", "sentence"),
    [
        ("open", {"open_clause": ""}, "Name the clause"),
        ("open", {"open_clause": "nowhere"}, "This clause is not in the draft."),
        ("add", {"new_source": "## A {#a}\n", "new_after": ""}, "Name the clause that it comes after"),
        ("add", {"new_source": " ", "new_after": "honesty"}, "Write the text of the new clause"),
        ("drop:nothing", {}, "taken out of the proposal"),
    ],
)
def test_a_button_that_cannot_do_it_says_why_and_loses_nothing(draft, browser_of, do, more, sentence):
    client = browser_of("editor")
    sent = typed(form_of(client, draft), only_change(draft), "must not", "must never")

    answer = post(client, draft, {**sent, **more}, do)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "must never" in only_change(draft).source
    assert all(value.strip() in answer.content.decode() for value in more.values())


def test_the_page_costs_the_same_with_one_and_three_clauses(world, draft, browser_of):
    client, url = browser_of("editor"), root(draft) + "edit/"

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    edit(draft, "honesty", "must not", "must never", by=world.editor)
    saver = Saver(world.editor, NOW)
    changes.add_clause(
        draft, source="## A {#a}\n\nSee [?](#jokes).\n\n", after=clause_of(world.spec, "honesty"), saver=saver
    )
    cost()
    first = cost()
    for name in ("b", "c"):
        source = f"## {name} {{#{name}}}\n\nSee [?](#jokes).\n\n"
        changes.add_clause(draft, source=source, after=clause_of(world.spec, "honesty"), saver=saver)
        edit(draft, "jokes", "joke", "joke", by=world.editor)

    assert cost() == first
