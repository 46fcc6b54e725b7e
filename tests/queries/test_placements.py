"""Where the words of a thread stand in the version that is shown, and that they stand nowhere rather than wrongly."""

import pytest

from reviews.actions import merging
from reviews.models import Thread
from reviews.queries.placements import Place, places
from tests.actions.conftest import make_world
from tests.factories import NOW, make_thread
from tests.factories.conduct import make_proposal, support
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
