"""What is painted where: the words of discussions in the text, and what becomes of them when it changes."""

from reviews.actions import threads
from tests.factories import NOW, make_thread
from tests.factories.conduct import clause_of
from tests.web.views.conftest import words
from tests.web.views.test_threads import HTMX, beside, merged, page_of, queries_of


def ranges(client, world, of="draft"):
    return client.get(f"/{world.spec.slug}/clauses/highlights?of={of}").json()["ranges"]


def test_words_are_painted_where_they_were_quoted(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote="must not lie")

    assert ranges(browser_of("nobody"), world) == [
        {
            "thread": thread.public_id,
            "clause": clause_of(world.spec, "honesty").public_id,
            "start": thread.quote_start,
            "end": thread.quote_end,
            "internal": False,
        }
    ]


def test_words_are_carried_through_an_edit_around_them(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote="says what it does not know")
    merged(world, ("honesty", "must not lie to anybody", "must never ever lie to anybody at all"))

    (found,) = ranges(browser_of("nobody"), world)

    assert found["start"] == thread.quote_start + len("must never ever lie to anybody at all") - len(
        "must not lie to anybody"
    )
    assert found["end"] - found["start"] == len("says what it does not know")
    page = words(browser_of("nobody").get(page_of(world, thread)))
    assert "The clause was edited since; these words are unchanged." in page


def test_words_that_are_gone_are_painted_nowhere_and_kept(world, browser_of):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote="says what it does not know")
    merged(world, ("honesty", "\n\nIt says what it does not know.", ""))

    assert ranges(browser_of("nobody"), world) == []
    card = browser_of("nobody").get(beside(world), headers=HTMX).content.decode()
    assert "says what it does not know" in card
    assert "thread-orphan" in card
    assert "Its words are not in this version." in words(browser_of("nobody").get(page_of(world, thread)))


def test_outsiders_get_no_internal_passages_and_closed_ones_are_not_painted(world, browser_of):
    make_thread(world.spec, by=world.member, about="honesty", quote="must not lie", visibility="internal")
    done = make_thread(world.spec, by=world.member, about="honesty", quote="says what")
    threads.move(done, verb="resolve", by=world.member, now=NOW)

    assert ranges(browser_of("nobody"), world) == []
    assert [one["internal"] for one in ranges(browser_of("member"), world)] == [True]


def test_painting_costs_the_same_with_one_and_three(world, browser_of):
    client = browser_of("nobody")
    url = f"/{world.spec.slug}/clauses/highlights?of=draft"
    make_thread(world.spec, by=world.member, about="honesty", quote="says what")
    merged(world, ("honesty", "anybody", "anyone"))
    client.get(url)
    first = queries_of(client, url)
    for words_there in ("must not", "does not"):
        make_thread(world.spec, by=world.member, about="honesty", quote=words_there)

    assert queries_of(client, url) == first
