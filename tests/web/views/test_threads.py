"""Pages of threads: beside a clause, by themselves, in a list; starting, replying, changing the status."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import merging, threads
from reviews.models import Comment, Thread
from tests.factories import NOW, make_thread
from tests.factories.conduct import clause_of, make_conduct, make_draft, make_proposal, support
from tests.factories.specs import version
from tests.web.views.conftest import hidden, words

HTMX = {"HX-Request": "true"}


def address(world, then=""):
    return f"/{world.spec.slug}/threads/{then}"


def page_of(world, thread, then=""):
    return address(world, f"{thread.public_id}/{then}")


def beside(world, anchor="honesty", at=""):
    return f"/{world.spec.slug}/clauses/{clause_of(world.spec, anchor).public_id}/threads/{at}"


def comment_on(world, anchor="honesty"):
    return address(world, f"?clause={clause_of(world.spec, anchor).public_id}")


def sent(**given):
    return {"body": "Why so?", "visibility": "public", "kind": "question", "key": "key-1", **given}


def queries_of(client, url, **headers):
    with CaptureQueriesContext(connection) as found:
        assert client.get(url, headers=headers).status_code == 200
    return len(found)


def merged(world, *edits):
    proposal = make_proposal(world.spec, *edits, by=world.editor)
    support(proposal, world.approver, world.other)
    merging.merge(proposal, by=world.editor, now=NOW)
    world.spec.refresh_from_db()


# --- beginning ---


def test_without_scripts_a_form_comments_on_the_whole_clause(world, browser_of):
    client = browser_of("member")
    form = client.get(address(world, "new/?clause=honesty"))
    assert "Comment on “Honesty”" in words(form)

    given = sent(version=hidden(form, "version"), key=hidden(form, "key"), start="", end="", quote="", block="")
    answer = client.post(comment_on(world), given)

    thread = Thread.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, page_of(world, thread))
    assert (thread.clause, thread.quote, thread.visibility) == (clause_of(world.spec, "honesty"), "", "public")


def test_selected_words_become_the_quote(world, browser_of):
    text = "Honesty\nThe assistant must not lie"
    start = text.index("must")

    answer = browser_of("member").post(
        comment_on(world), sent(version="1", start=start, end=start + 12, quote="must not lie"), headers=HTMX
    )

    thread = Thread.objects.get()
    assert (thread.quote, thread.quoted_version) == ("must not lie", version(world.spec, "honesty"))
    assert f'id="thread-{thread.public_id}"' in answer.content.decode()
    assert f'data-start="{thread.quote_start}"' in answer.content.decode()


def test_sent_twice_it_is_one(world, browser_of):
    client = browser_of("member")

    answers = [client.post(comment_on(world), sent()) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_comment_comes_back_with_everything_in_it(world, browser_of, headers):
    given = sent(body="My long words", start="0", end="5", quote="no such words", version="1", visibility="internal")

    answer = browser_of("member").post(comment_on(world), given, headers=headers)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "These words are not in the clause any more" in words(answer)
    assert "My long words" in html
    assert 'value="internal" checked' in html
    assert hidden(answer, "key") == "key-1"
    assert Thread.objects.count() == 0
    if headers:
        assert answer["HX-Retarget"] == f"#composer-{clause_of(world.spec, 'honesty').public_id}"


@pytest.mark.parametrize("given", [{"body": ""}, {"visibility": ""}, {"key": ""}, {"kind": "rant"}, {"start": "x"}])
def test_a_comment_that_makes_no_sense_is_a_sentence_not_an_error(world, browser_of, given):
    answer = browser_of("member").post(comment_on(world), sent(**given))

    assert answer.status_code in {303, 422}
    assert Thread.objects.count() == (1 if answer.status_code == 303 else 0)


@pytest.mark.parametrize(("who", "status"), [("nobody", 403), ("stranger", 403), ("member", 303)])
def test_members_comment(world, browser_of, who, status):
    assert browser_of(who).post(comment_on(world), sent()).status_code == status
    assert Thread.objects.count() == (status == 303)


def test_a_proposal_is_discussed_on_its_page(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor)

    browser_of("member").post(address(world, f"?proposal={proposal.public_id}"), sent())

    assert Thread.objects.get().proposal == proposal


def test_an_internal_proposal_offers_only_internal_words(world, browser_of):
    proposal = make_proposal(world.spec, by=world.editor, visibility="internal")

    html = browser_of("member").get(f"/{world.spec.slug}/proposals/{proposal.public_id}/").content.decode()

    assert 'name="visibility" value="internal">' in html
    assert 'name="visibility" value="public"' not in html


def test_a_draft_of_others_cannot_be_discussed(world, browser_of):
    draft = make_draft(world.spec, by=world.editor)

    assert browser_of("member").post(address(world, f"?proposal={draft.public_id}"), sent()).status_code == 404


# --- beside a clause ---


def test_outsiders_see_what_is_public_beside_a_clause(world, browser_of):
    make_thread(world.spec, by=world.member, about="honesty", body="In the open")
    make_thread(world.spec, by=world.member, about="honesty", body="Among us", visibility="internal")

    assert "Among us" in words(browser_of("member").get(beside(world), headers=HTMX))
    for who in ("nobody", "stranger"):
        page = words(browser_of(who).get(beside(world), headers=HTMX))
        assert ("In the open" in page, "Among us" in page, "Internal" in page) == (True, False, False)


def test_public_and_internal_are_unmistakable(world, browser_of):
    make_thread(world.spec, by=world.member, about="honesty", visibility="internal")

    html = browser_of("member").get(beside(world), headers=HTMX).content.decode()

    assert "thread-internal" in html
    assert "Internal: only members of this spec will see this, now and later." in html
    assert "choice-internal" in html


def test_without_scripts_it_is_a_page(world, browser_of):
    answer = browser_of("nobody").get(beside(world))

    assert "<h1" in answer.content.decode()
    assert "Comments on “Honesty”" in words(answer)


def test_a_clause_of_another_spec_has_nothing_here(world, browser_of):
    other = clause_of(make_conduct(), "honesty").public_id

    assert browser_of("nobody").get(f"/{world.spec.slug}/clauses/{other}/threads/").status_code == 404


def test_it_costs_the_same_with_one_and_three(world, browser_of):
    client = browser_of("member")
    thread = make_thread(world.spec, by=world.member, about="honesty", quote="must not lie")
    client.get(beside(world))
    first = queries_of(client, beside(world), **HTMX)
    for _ in range(2):
        thread = make_thread(world.spec, by=world.approver, about="honesty", quote="says what")
        threads.reply(thread, said=threads.Said(world.editor, NOW, "So.", f"key-{thread.pk}"))

    assert queries_of(client, beside(world), **HTMX) == first


# --- one ---


def test_a_thread_is_shown_with_all_its_comments(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote="must not lie", body="*Never*?")
    for number in range(12):
        threads.reply(thread, said=threads.Said(world.editor, NOW, f"Answer {number}", f"key-{number}"))

    answer = browser_of("nobody").get(page_of(world, thread))

    assert "<em>Never</em>" in answer.content.decode()
    assert all(f"Answer {number}" in words(answer) for number in range(12))
    assert "must not lie" in words(answer)


def test_a_reply(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    client = browser_of("approver")
    key = hidden(client.get(page_of(world, thread)), "key")

    answers = [client.post(page_of(world, thread, "replies"), {"body": "So.", "key": key}) for _ in range(2)]

    reply = Comment.objects.latest("pk")
    assert answers[1]["Location"] == page_of(world, thread) + f"#comment-{reply.public_id}"
    assert (reply.body, Comment.objects.count()) == ("So.", 2)


def test_a_reply_by_htmx_brings_the_card_back(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")

    answer = browser_of("approver").post(
        page_of(world, thread, "replies"), {"body": "So.", "key": "key-2"}, headers=HTMX
    )

    assert (answer.status_code, "So." in words(answer)) == (200, True)
    assert f'hx-target="#thread-{thread.public_id}"' in answer.content.decode()


def test_an_empty_reply_is_said_plainly(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")

    answer = browser_of("member").post(page_of(world, thread, "replies"), {"body": " ", "key": "key-1"})

    assert (answer.status_code, "The comment is empty." in words(answer)) == (422, True)


def test_it_is_addressed_by_a_proposal_declined_and_reopened(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    proposal = make_proposal(world.spec, by=world.editor)
    client = browser_of("editor")

    client.post(page_of(world, thread, "moves"), {"move": "address", "proposal": proposal.public_id})
    assert "Addressed by the proposal Be clearer" in words(client.get(page_of(world, thread)))
    assert "Why is" not in words(client.get(page_of(world, thread)))
    assert "What it answers" in words(client.get(f"/{world.spec.slug}/proposals/{proposal.public_id}/"))

    refused = client.post(page_of(world, thread, "moves"), {"move": "decline", "reason": " "})
    assert (refused.status_code, "Declining needs a reason." in words(refused)) == (422, True)
    assert client.post(page_of(world, thread, "moves"), {"move": "decline", "reason": "Because"}).status_code == 303
    assert "Because" in words(client.get(page_of(world, thread)))

    client.post(page_of(world, thread, "moves"), {"move": "reopen"})
    assert Thread.objects.get().state == "open"


def test_a_public_thread_names_no_internal_proposal(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    make_proposal(world.spec, by=world.editor, title="Under embargo", visibility="internal")

    assert "Under embargo" not in words(browser_of("editor").get(page_of(world, thread)))


def test_an_outsider_is_not_told_what_internal_proposal_addressed_it(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    secret = make_proposal(world.spec, by=world.editor, title="Under embargo", visibility="internal")
    threads.move(thread, verb="address", by=world.editor, now=NOW, proposal=secret)

    assert "Under embargo" in words(browser_of("member").get(page_of(world, thread)))
    assert "Under embargo" not in words(browser_of("nobody").get(page_of(world, thread)))


@pytest.mark.parametrize(("move", "status"), [("nonsense", 422), ("", 422), ("address", 422), ("reopen", 409)])
def test_a_move_that_is_none_is_refused(world, browser_of, move, status):
    thread = make_thread(world.spec, by=world.member, about="honesty")

    assert browser_of("editor").post(page_of(world, thread, "moves"), {"move": move}).status_code == status


@pytest.mark.parametrize(
    ("verb", "label"), [("address", "Addressed"), ("resolve", "Resolved"), ("decline", "Declined")]
)
def test_the_outcome_says_who_when_and_why(world, browser_of, verb, label):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    threads.move(thread, verb=verb, reason="It is meant so.", by=world.editor, now=NOW)

    outcome = f"{label} by Editor on {NOW:%-d %b %Y} : It is meant so."  # with a blank for each tag
    assert outcome in words(browser_of("nobody").get(page_of(world, thread)))
    assert outcome in words(browser_of("nobody").get(beside(world), headers=HTMX))
    threads.move(thread, verb="reopen", by=world.member, now=NOW)
    assert "It is meant so." not in words(browser_of("nobody").get(page_of(world, thread)))


@pytest.mark.parametrize(("who", "status"), [("nobody", 403), ("stranger", 403), ("approver", 403), ("moderator", 303)])
def test_who_may_move_it(world, browser_of, who, status):
    thread = make_thread(world.spec, by=world.member, about="honesty")

    assert browser_of(who).post(page_of(world, thread, "moves"), {"move": "resolve"}).status_code == status


def test_what_is_internal_is_not_there_for_outsiders(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty", visibility="internal")

    for who in ("nobody", "stranger"):
        assert browser_of(who).get(page_of(world, thread)).status_code == 404
        assert browser_of(who).post(page_of(world, thread, "replies"), {"body": "x", "key": "k"}).status_code == 404
        assert browser_of(who).post(page_of(world, thread, "moves"), {"move": "resolve"}).status_code == 404


# --- the list ---


def shown(client, world, query=""):
    return [row["card"]["comments"][0]["body_html"] for row in client.get(address(world) + query).context["rows"]]


def test_filters_live_in_the_address(world, browser_of):
    make_thread(world.spec, by=world.member, about="honesty", body="One", quote="must not lie", kind="objection")
    make_thread(world.spec, by=world.member, about="jokes", body="Two", visibility="internal")
    done = make_thread(world.spec, by=world.member, about="jokes", body="Three")
    threads.move(done, verb="resolve", by=world.member, now=NOW)
    client = browser_of("member")

    def first_words(query):
        return [html[3:-5] for html in shown(client, world, query)]

    def found(query):
        return [name for html in shown(client, world, query) for name in ("One", "Two", "Three") if name in html]

    assert found("") == ["Two", "One"]
    assert found("?state=resolved") == ["Three"]
    assert found("?state=all") == ["Three", "Two", "One"]
    assert found("?kind=objection") == ["One"]
    assert found("?visibility=internal") == ["Two"]
    assert found("?clause=honesty") == ["One"]
    assert found(f"?clause={clause_of(world.spec, 'jokes').public_id}&state=all") == ["Three", "Two"]
    assert found("?q=not%20lie") == ["One"]
    assert found("?q=two") == ["Two"]
    assert found("?kind=%00&q=%00") == ["Two", "One"]
    assert first_words("?q=nothing+like+it") == []


def test_outsiders_list_what_is_public_with_the_same_numbers(world, browser_of):
    make_thread(world.spec, by=world.member, about="honesty", body="One")
    before = browser_of("nobody").get(address(world)).content
    make_thread(world.spec, by=world.member, about="jokes", body="Two", visibility="internal")
    secret = make_proposal(world.spec, by=world.editor, visibility="internal")
    make_thread(world.spec, by=world.member, about=secret, body="Three", visibility="internal")

    assert browser_of("nobody").get(address(world)).content == before


def test_the_list_costs_the_same_with_one_and_three(world, browser_of):
    client = browser_of("member")
    make_thread(world.spec, by=world.member, about="honesty")
    client.get(address(world))
    first = queries_of(client, address(world))
    make_thread(world.spec, by=world.approver, about="jokes")
    make_thread(world.spec, by=world.editor, about=make_proposal(world.spec, by=world.editor))

    assert queries_of(client, address(world)) == first


def test_an_archived_spec_offers_no_forms(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty")
    world.spec.archived_at = NOW
    world.spec.save()
    client = browser_of("owner")

    for url in (beside(world), page_of(world, thread), address(world, "new/?clause=honesty")):
        html = client.get(url).content.decode()
        assert "data-composer" not in html
        assert 'name="move"' not in html
        assert "Your reply" not in html
