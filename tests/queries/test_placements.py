"""Where the words of a thread stand in the version that is shown, and that they stand nowhere rather than wrongly."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import changes, merging, proposals
from reviews.models import Thread
from reviews.queries.placements import Place, places, places_elsewhere
from tests.actions.conftest import make_world
from tests.factories import NOW, make_thread
from tests.factories.conduct import clause_of, edit, make_draft, make_proposal, support
from tests.factories.specs import version

WORDS = "says what it does not know"


@pytest.fixture
def world(db):
    return make_world()


def merged(world, old, new):
    proposal = make_proposal(world.spec, ("honesty", old, new), by=world.editor)
    support(proposal, world.approver, world.other)
    merging.merge(proposal, by=world.editor, now=NOW)
    world.spec.refresh_from_db()


def place_of(world, thread, anchor="honesty"):
    return places(world.spec, [thread], [version(world.spec, anchor)]).get(thread.pk)


def test_in_the_version_that_was_quoted(world):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=WORDS)

    assert place_of(world, thread) == Place("quoted", thread.quote_start, thread.quote_end, WORDS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("must not lie to anybody.", "must not lie to anybody, whoever asks, and in whatever tone."),
        ("anybody.\n\n", "anybody.\n\nA new paragraph stands here now.\n\n"),
        ("know.\n", "know.\n\nAnd more.\n"),
    ],
)
def test_unchanged_words_are_found_after_an_edit_around_them(world, old, new):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=WORDS)
    merged(world, old, new)

    assert place_of(world, thread).words == WORDS


def test_words_edited_within_are_shown_as_they_are_now_or_nowhere(world):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=WORDS)
    merged(world, "says what it does not know", "says plainly what it does not know")

    place = place_of(world, thread)

    assert place.words in {"says plainly what it does not know", ""}
    assert place.is_sure is bool(place.words)


def test_words_that_are_gone_have_no_place(world):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=WORDS)
    merged(world, "It says what it does not know.", "Nothing else is asked of it here.")

    assert place_of(world, thread).is_sure is False


def test_offsets_that_no_longer_read_the_quote_do_not_mislead(world):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=WORDS)
    Thread.objects.update(quote_start=3, quote_end=9)
    merged(world, "anybody", "anyone")
    thread.refresh_from_db()

    assert place_of(world, thread).words in {WORDS, ""}


def test_a_thread_without_words_or_of_a_clause_that_is_not_shown_is_left_out(world):
    whole = make_thread(world.spec, by=world.member, about="honesty")
    other = make_thread(world.spec, by=world.member, about="jokes", quote="A joke")

    assert (place_of(world, whole), place_of(world, other)) == (None, None)


# --- words that are in another clause now ---

SENTENCE = "It says what it does not know."


def merged_all(world, *edits):
    proposal = make_proposal(world.spec, *edits, by=world.editor)
    support(proposal, world.approver, world.other)
    merging.merge(proposal, by=world.editor, now=NOW)
    world.spec.refresh_from_db()


def test_words_that_moved_to_another_clause_are_found_there(world):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=SENTENCE)
    merged_all(
        world, ("honesty", f"\n\n{SENTENCE}", ""), ("manner", "Be brief and be kind.", f"Be brief.\n\n{SENTENCE}")
    )

    place = place_of(world, thread)

    assert (place.state, place.words, place.elsewhere) == ("moved", SENTENCE, version(world.spec, "manner"))
    stays = make_thread(world.spec, by=world.member, about="honesty", quote="must not lie")
    assert place_of(world, stays).elsewhere is None


def test_words_that_moved_earlier_are_found_in_a_later_revision_and_in_the_earlier_one(world):
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=SENTENCE)
    merged_all(world, ("honesty", f"\n\n{SENTENCE}", ""), ("jokes", "A joke may help.", f"{SENTENCE} A joke may help."))
    moved_at = world.spec.head
    merged_all(world, ("jokes", "A joke may help.", "A joke may well help."))

    assert place_of(world, thread).words == SENTENCE
    shown = [version(world.spec, "honesty")]
    then = places(world.spec, [thread], shown, number=moved_at)[thread.pk]
    assert (then.words, then.elsewhere.clause) == (SENTENCE, version(world.spec, "jokes").clause)
    before = places(world.spec, [thread], [thread.quoted_version], number=1)[thread.pk]
    assert (before.state, before.elsewhere) == ("quoted", None)


def test_words_of_a_removed_clause_are_found_where_they_went(world):
    joke = "It never makes fun of the people who listen to it."
    merged_all(world, ("jokes", "It must not hurt.", joke))
    thread = make_thread(world.spec, by=world.member, about="jokes", quote=joke)
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "manner", "Be brief and be kind.", f"Be brief and be kind.\n\n{joke}", by=world.editor)
    saver = changes.Saver(by=world.editor, now=NOW)
    changes.delete_clause(proposal, clause_of(world.spec, "jokes"), saver=saver)
    proposals.submit(proposal, by=world.editor, now=NOW)
    support(proposal, world.approver, world.other)
    merging.merge(proposal, by=world.editor, now=NOW)
    world.spec.refresh_from_db()

    found = places_elsewhere(world.spec, [thread])

    assert found[thread.pk].words == joke
    assert found[thread.pk].elsewhere == version(world.spec, "manner")


def test_words_that_are_gone_are_not_taken_for_alike_ones_that_stood_elsewhere_before(world):
    merged_all(world, ("manner", "Be brief and be kind.", f"Be brief. {SENTENCE}"))
    thread = make_thread(world.spec, by=world.member, about="honesty", quote=SENTENCE)
    merged_all(world, ("honesty", f"\n\n{SENTENCE}", ""), ("manner", "Be brief.", "Be very brief."))

    assert place_of(world, thread) == Place("orphan")


def test_a_search_elsewhere_costs_the_same_for_one_thread_and_three(world):
    made = [make_thread(world.spec, by=world.member, about="honesty", quote=SENTENCE) for _ in range(3)]
    merged_all(world, ("honesty", f"\n\n{SENTENCE}", ""), ("manner", "Be brief", f"{SENTENCE} Be brief"))

    def queries(threads):
        with CaptureQueriesContext(connection) as found:
            placed = places(world.spec, threads, [version(world.spec, "honesty")])
        assert all(place.elsewhere for place in placed.values())
        return len(found)

    assert queries(made) == queries(made[:1])
