"""Pages of proposals: lists and filters, beginning one, its page, and each step of its life."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import merging, proposals
from reviews.models import Change, Position, Proposal
from tests.factories import NOW, make_thread, make_user
from tests.factories.conduct import edit, make_conduct, make_draft, make_proposal, support
from tests.web.views.conftest import words


def address(world, proposal=None, then=""):
    root = f"/{world.spec.slug}/proposals/"
    return root + (f"{proposal.public_id}/{then}" if proposal else then)


def titles(response):
    return [row["title"] for row in response.context["rows"]]


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


# --- lists ---


def test_the_list_says_what_each_one_still_needs(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    support(proposal, world.approver)

    page = words(browser_of("nobody").get(address(world)))

    assert "Be clearer" in page
    assert "Changes Honesty" in page
    assert "Still needs: 1 more support from an approver." in page


def test_outsiders_see_public_ones_that_were_submitted(world, browser_of):
    make_proposal(world.spec, by=world.editor, title="Open one")
    make_proposal(world.spec, by=world.editor, title="Secret one", visibility="internal")
    make_draft(world.spec, by=world.editor, title="Draft one")

    assert titles(browser_of("nobody").get(address(world))) == ["Open one"]
    assert titles(browser_of("member").get(address(world))) == ["Secret one", "Open one"]
    assert titles(browser_of("editor").get(address(world))) == ["Draft one", "Secret one", "Open one"]


def test_filters_live_in_the_address(world, browser_of):
    make_proposal(world.spec, by=world.editor, title="Honest")
    make_proposal(world.spec, ("jokes", "may help", "can help"), by=world.second, title="Funny", visibility="internal")
    gone = make_proposal(world.spec, by=world.second, title="Gone")
    proposals.reject(gone, reason="No", by=world.owner, now=NOW)
    client = browser_of("member")

    def shown(query):
        return titles(client.get(address(world) + query))

    assert shown("") == ["Funny", "Honest"]
    assert shown("?state=all") == ["Gone", "Funny", "Honest"]
    assert shown("?state=closed") == ["Gone"]
    assert shown("?state=nonsense") == ["Funny", "Honest"]
    assert shown(f"?state=all&by={world.second.public_id}") == ["Gone", "Funny"]
    assert shown("?clause=jokes") == ["Funny"]
    assert shown("?visibility=internal") == ["Funny"]
    assert shown("?q=hones") == ["Honest"]
    assert shown("?q=%00nothing") == []


def test_pages_of_the_list_follow_one_another(world, browser_of, monkeypatch):
    for number in range(3):
        make_draft(world.spec, by=world.editor, title=f"Number {number}")
    monkeypatch.setattr("reviews.queries.proposals.A_PAGE", 2)
    client = browser_of("editor")

    found = client.get(address(world))
    again = client.get(address(world) + found.context["next_url"]) if found.context["next_url"] else None

    assert titles(found) in (["Number 2", "Number 1", "Number 0"], ["Number 2", "Number 1"])
    assert again is None or titles(again) == ["Number 0"]


def test_a_cursor_that_is_not_there_is_said_plainly(world, browser_of):
    assert browser_of("nobody").get(address(world) + "?after=nowhere").status_code == 422


def test_the_list_costs_the_same_with_one_and_three(world, browser_of):
    client = browser_of("editor")
    one = make_proposal(world.spec, by=world.editor)
    support(one, world.approver)
    client.get(address(world))
    first = queries_of(client, address(world))
    for _ in range(2):
        support(make_proposal(world.spec, ("jokes", "may", "can"), by=world.second), world.approver, world.other)

    assert queries_of(client, address(world)) == first


@pytest.mark.parametrize("then", ["", "new/"])
def test_what_one_must_not_know_of_is_not_there(browser_of, world, then):
    hidden = make_conduct(visibility="internal")
    proposal = make_draft(world.spec, by=world.editor)

    assert browser_of("nobody").get(f"/{hidden.slug}/proposals/{then}").status_code == 404
    assert browser_of("member").get(address(world, proposal)).status_code == 404
    assert browser_of("nobody").get(f"/{world.spec.slug}/proposals/nothing/").status_code == 404


# --- beginning ---


def test_a_proposal_begins_with_a_clause_and_goes_on_to_its_text(world, browser_of):
    client = browser_of("editor")
    form = client.get(address(world, then="new/?clause=honesty"))
    assert "Begins with “Honesty”" in words(form)

    sent = {"title": "No lies", "rationale": "Because", "visibility": "internal", "clause": "honesty"}
    answer = client.post(address(world, then="new/"), sent)

    made = Proposal.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address(world, made, "edit/"))
    assert (made.title, made.rationale, made.visibility, made.author) == (
        "No lies",
        "Because",
        "internal",
        world.editor,
    )
    assert Change.objects.get().base_version.anchor == "honesty"


def test_without_a_title_the_form_comes_back_with_what_was_typed(world, browser_of):
    answer = browser_of("editor").post(
        address(world, then="new/"), {"title": " ", "rationale": "Long reasons", "visibility": "public"}
    )

    assert (answer.status_code, Proposal.objects.count()) == (422, 0)
    assert "Long reasons" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("member", 403), ("stranger", 403), ("editor", 200)])
def test_who_may_begin_one(world, browser_of, who, status):
    assert browser_of(who).get(address(world, then="new/")).status_code == status


# --- one ---


def test_the_page_says_what_it_does_and_what_is_said_of_it(world, browser_of):
    proposal = make_draft(world.spec, by=world.editor, title="Much at once")
    edit(proposal, "honesty", "must not lie", "must never lie", by=world.editor)
    edit(proposal, "jokes", "authority=guideline", "authority=user", by=world.editor)
    edit(proposal, "manner", "# Manner", "# Tone", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)
    support(proposal, world.approver)
    support(proposal, world.member, kind="concern")
    make_thread(world.spec, by=world.member, about=proposal, body="Is <b>this</b> **wise**?")

    answer = browser_of("nobody").get(address(world, proposal))
    page = words(answer)

    assert "Authority from guideline to user" in page
    assert "Retitled from “Manner” to “Tone”" in page
    assert "Edited" in page
    assert "Still needs: 1 more support from an approver; concern by Member open" in page
    assert "It says too little." in page
    html = answer.content.decode()
    assert "<strong>wise</strong>" in html
    assert '<ins><span class="sr"> inserted: </span>never' in html


def test_words_of_others_do_nothing_in_the_page(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor, title="<script>alert(1)</script>")
    Proposal.objects.update(rationale="<img src=x onerror=alert(1)>", closing_reason="<i>x</i>")
    make_thread(world.spec, by=world.member, about=proposal, body='<a href="javascript:alert(1)" hx-get="/x">y</a>')

    html = browser_of("member").get(address(world, proposal)).content.decode()

    assert "<script>alert" not in html
    assert "onerror=alert(1)>" not in html.replace("&gt;", "")
    assert "javascript:alert" not in html or 'href="javascript' not in html
    assert 'hx-get="/x"' not in html


def test_an_earlier_patch_set_can_be_looked_at(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "never", "at no time", by=world.editor)

    assert "at no time" not in words(browser_of("nobody").get(address(world, proposal) + "?patch=2"))
    assert "at no time" in words(browser_of("editor").get(address(world, proposal) + "?patch=2"))
    proposals.submit(proposal, by=world.editor, now=NOW)
    assert "at no time" in words(browser_of("nobody").get(address(world, proposal)))
    assert "An earlier version" in words(browser_of("nobody").get(address(world, proposal) + "?patch=1"))


def test_only_public_ones_may_be_indexed(world, browser_of):
    public = make_proposal(world.spec, by=world.editor)
    internal = make_proposal(world.spec, by=world.editor, visibility="internal")

    assert 'content="index"' in browser_of("member").get(address(world, public)).content.decode()
    assert 'content="noindex"' in browser_of("member").get(address(world, internal)).content.decode()


def test_the_page_costs_the_same_with_one_and_three_of_everything(world, browser_of):
    client = browser_of("editor")
    small = make_proposal(world.spec, by=world.editor)
    make_thread(world.spec, by=world.member, about=small)
    support(small, world.approver)
    large = make_proposal(
        world.spec,
        ("honesty", "must not lie", "must never lie"),
        ("jokes", "may", "can"),
        ("manner", "brief", "short"),
        by=world.editor,
    )
    for person in (world.approver, world.other, world.member):
        make_thread(world.spec, by=person, about=large)
        support(large, person)
    client.get(address(world, small))

    assert queries_of(client, address(world, large)) == queries_of(client, address(world, small))


# --- steps ---


def test_a_position_is_taken(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)

    answer = browser_of("approver").post(
        address(world, proposal, "positions"), {"kind": "support", "patch_set": "1", "reason": "Good"}
    )

    assert (answer.status_code, answer["Location"]) == (303, address(world, proposal))
    assert list(Position.objects.values_list("kind", "reason")) == [("support", "Good")]


def test_a_concern_without_reason_comes_back_as_it_was(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)

    answer = browser_of("approver").post(
        address(world, proposal, "positions"), {"kind": "concern", "patch_set": "1", "reason": ""}
    )

    assert answer.status_code == 422
    assert "A concern needs its reason." in words(answer)
    assert 'value="concern" required checked' in answer.content.decode()


def test_a_position_on_what_was_replaced_is_refused_with_the_reason_kept(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "never", "at no time", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)

    answer = browser_of("approver").post(
        address(world, proposal, "positions"), {"kind": "support", "patch_set": "1", "reason": "My long reason"}
    )

    assert answer.status_code == 409
    assert "There is a newer version" in words(answer)
    assert "My long reason" in answer.content.decode()


def test_merging(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)
    client = browser_of("second")

    refused = client.post(address(world, proposal, "merge"), {"confirmed": "1"})
    assert (refused.status_code, "Still needs: 2 supports" in words(refused)) == (409, True)

    support(proposal, world.approver, world.other)
    assert "Approved: nothing more is needed." in words(client.get(address(world, proposal)))
    assert "Merge into the draft?" in words(client.post(address(world, proposal, "merge")))
    proposal.refresh_from_db()
    assert proposal.state == "in_review"
    assert client.post(address(world, proposal, "merge"), {"confirmed": "1"}).status_code == 303
    again = client.get(address(world, proposal))
    assert "Merged. The draft is now at revision 2." in words(again)
    assert 'action="' + address(world, proposal, "merge") not in again.content.decode()


@pytest.mark.parametrize(
    ("verb", "who", "state"), [("withdraw", "editor", "withdrawn"), ("reject", "approver", "rejected")]
)
def test_closing_and_reopening(world, browser_of, verb, who, state):
    proposal = make_proposal(world.spec, by=world.editor)
    client = browser_of(who)

    assert client.post(address(world, proposal, verb), {"reason": ""}).status_code == 422
    assert client.post(address(world, proposal, verb), {"reason": "Not now"}).status_code == 303
    proposal.refresh_from_db()
    assert (proposal.state, proposal.closing_reason) == (state, "Not now")
    assert "Not now" in words(client.get(address(world, proposal)))

    assert browser_of("editor").post(address(world, proposal, "reopen"), {"reason": "News"}).status_code == 303
    proposal.refresh_from_db()
    assert proposal.state == "draft"


def test_the_next_patch_set_begins_on_the_page_that_edits(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)

    answer = browser_of("second").post(address(world, proposal, "revise"))

    assert (answer.status_code, answer["Location"]) == (303, address(world, proposal, "edit/"))
    assert proposal.patch_sets.count() == 2


FORMS = {  # which forms each person gets on a proposal of the editor in review
    "owner": {"merge", "revise", "positions", "reject"},
    "editor": {"merge", "revise", "withdraw", "reject"},
    "approver": {"positions", "reject"},
    "member": {"positions"},
    "stranger": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("who", FORMS)
def test_everybody_gets_the_forms_that_they_may_use(world, browser_of, who):
    proposal = make_proposal(world.spec, by=world.editor)

    html = browser_of(who).get(address(world, proposal)).content.decode()

    verbs = ("merge", "revise", "positions", "withdraw", "reject", "reopen")
    assert {verb for verb in verbs if f'action="{address(world, proposal, verb)}"' in html} == FORMS[who]


@pytest.mark.parametrize("verb", ["merge", "withdraw", "reject", "reopen", "revise", "positions"])
def test_nobody_acts_without_being_signed_in_or_by_looking(world, browser_of, verb):
    proposal = make_proposal(world.spec, by=world.editor)

    assert browser_of("nobody").post(address(world, proposal, verb), {"reason": "x"}).status_code == 403
    assert browser_of("editor").get(address(world, proposal, verb)).status_code == 405
    proposal.refresh_from_db()
    assert proposal.state == "in_review"


def test_a_stale_proposal_says_so(world, browser_of):
    stale = make_proposal(world.spec, ("honesty", "anybody", "anyone"), by=world.second, title="Late")
    first = make_proposal(world.spec, by=world.editor)
    support(first, world.approver, world.other)
    merging.merge(first, by=world.editor, now=NOW)

    page = words(browser_of("member").get(address(world, stale)))

    assert "Out of date" in page
    assert "a new version, since “Honesty” changed in the draft meanwhile" in page


def test_looking_as_the_public_does(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor, visibility="internal")
    client = browser_of("editor")
    client.post(f"/{world.spec.slug}/view-as-public")

    assert client.get(address(world, proposal)).status_code == 404
    assert titles(client.get(address(world))) == []


def test_a_person_with_the_name_of_a_script(world, browser_of):
    mallory = make_user("<script>x</script>")
    world.spec.memberships.create(user=mallory, roles=["editor"], created_at=NOW)
    make_proposal(world.spec, by=mallory)

    assert "<script>x" not in browser_of("nobody").get(address(world)).content.decode()
