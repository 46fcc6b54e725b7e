"""Comments on the page of a clause: words that an address brings along, and what was said about a clause that is gone."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions.threads import About, Said, open_thread
from tests.factories import NOW, import_into, make_thread
from tests.factories.conduct import DOCUMENT
from tests.web.views.conftest import hidden, words

QUOTE = "It says what it does not know."
KEPT = DOCUMENT.partition("## Honesty")[0] + "## Manner" + DOCUMENT.partition("## Manner")[2]


def clause_url(world, then=""):
    return f"/{world.spec.slug}/draft/honesty/{then}"


@pytest.fixture
def thread(world):
    return make_thread(world.spec, by=world.member, about="honesty", quote=QUOTE, body="How would it know?")


def remove_clause(world, manner="Be brief and be kind."):
    import_into(world.spec, KEPT.replace("Be brief and be kind.", manner))


def test_words_of_the_address_fill_the_form_of_a_member(world, browser_of, thread):
    there = f"?start={thread.quote_start}&end={thread.quote_end}"

    answer = browser_of("approver").get(clause_url(world, there))

    assert [hidden(answer, name) for name in ("start", "end", "quote", "version")] == [
        str(thread.quote_start),
        str(thread.quote_end),
        QUOTE,
        "1",
    ]
    assert '<details class="composer-fold" open>' in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["?start=5", "?start=9&end=5", "?start=0&end=9999999", "?start=x&end=y", "?start=²&end=³"]
)
def test_offsets_that_are_not_in_the_text_are_left_out(world, browser_of, query):
    answer = browser_of("member").get(clause_url(world, query))

    assert (answer.status_code, hidden(answer, "quote")) == (200, "")


def test_signing_in_leads_back_to_the_words(world, browser_of):
    for query in ("", "?start=9&end=20"):
        page = html.unescape(browser_of("nobody").get(clause_url(world, query)).content.decode())
        way_back = (
            clause_url(world, query).replace("/", "%2F").replace("?", "%3F").replace("=", "%3D").replace("&", "%26")
        )
        assert f'href="/sign-in/?next={way_back}%23composer" data-sign-in' in page
        assert "data-composer" not in page


def test_comments_on_a_removed_clause_stay_readable_on_its_page(world, browser_of, thread):
    secret = {"body": "Between us", "visibility": "internal"}
    make_thread(world.spec, by=world.member, about="honesty", quote="must not lie", **secret)
    remove_clause(world)

    outside, inside = [words(browser_of(who).get(clause_url(world))) for who in ("nobody", "approver")]

    assert "no longer in the text" in outside
    assert (QUOTE in outside, "How would it know?" in outside, "Between us" in outside) == (True, True, False)
    assert "Between us" in inside


def test_a_removed_clause_says_where_the_quoted_words_are_now(world, browser_of, thread):
    remove_clause(world, manner=f"Be brief and be kind.\n\n{QUOTE}")

    for address in (clause_url(world), f"/{world.spec.slug}/threads/{thread.public_id}/"):
        page = browser_of("nobody").get(address)
        assert "Its words stand in another clause now: Manner" in words(page)
        assert f'href="/{world.spec.slug}/draft/manner/"' in page.content.decode()
    painted = browser_of("nobody").get(f"/{world.spec.slug}/clauses/highlights").json()["ranges"]
    manner = world.spec.clauses.get(versions__anchor="manner", versions__valid__contains=2)
    assert [(one["thread"], one["clause"]) for one in painted] == [(thread.public_id, manner.public_id)]


def test_the_page_of_a_removed_clause_costs_the_same_with_one_and_three(world, browser_of, thread):
    client = browser_of("nobody")
    remove_clause(world)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(clause_url(world)).status_code in (200, 410)
        return len(found)

    queries()
    first = queries()
    for key in ("One", "Two"):
        said = Said(by=world.editor, now=NOW, body="Why?", key=key)
        open_thread(world.spec, about=About(clause=thread.clause), said=said, visibility="public")
    assert queries() == first
