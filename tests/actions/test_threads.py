"""Threads and comments: stored once, on their words, seen by those they are for, moved along their life."""

import pytest
from django.db import IntegrityError, transaction

from reviews.actions import proposals, threads
from reviews.actions.threads import About, Said, Words
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import Comment, Event, Thread
from reviews.rules.kinds import EventKind, ThreadKind
from tests.factories import NOW, make_spec, make_thread
from tests.factories.conduct import clause_of, make_conduct, make_draft, make_proposal
from tests.factories.specs import version

STATES = ("open", "addressed", "resolved", "declined")


def said(by, body="Why?", key="key-1"):
    return Said(by=by, now=NOW, body=body, key=key)


def open_thread(world, *, by=None, visibility="public", kind="question", key="key-1", **about):
    about = about or {"clause": clause_of(world.spec, "honesty")}
    return threads.open_thread(
        world.spec, about=About(**about), said=said(by or world.member, key=key), visibility=visibility, kind=kind
    )


def words(spec, anchor, exact, start=0, end=0):
    return Words(version(spec, anchor), start, end, exact)


def test_a_thread_begins_with_a_comment_and_one_event(world):
    thread = open_thread(world)

    comment = thread.comments.get()
    assert (thread.state, thread.kind, thread.visibility, thread.created_by, thread.created_at) == (
        "open",
        "question",
        "public",
        world.member,
        NOW,
    )
    assert (comment.body, comment.author) == ("Why?", world.member)
    event = Event.objects.latest("pk")
    assert (event.kind, event.visibility, event.thread, event.comment, event.clause) == (
        EventKind.THREAD_OPENED,
        "public",
        thread,
        comment,
        thread.clause,
    )


def test_the_same_key_is_one_thread_and_one_comment(world, nothing_written):
    first = open_thread(world)

    with nothing_written():
        assert open_thread(world) == first


def test_the_same_key_of_somebody_else_is_another(world):
    assert open_thread(world) != open_thread(world, by=world.approver)


def test_the_same_key_is_one_reply(world, nothing_written):
    thread = open_thread(world)
    first = threads.reply(thread, said=said(world.approver, "So.", "key-2"))

    with nothing_written():
        assert threads.reply(thread, said=said(world.approver, "So.", "key-2")) == first
    assert list(thread.comments.values_list("body", flat=True)) == ["Why?", "So."]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"body": " "}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"body": "a\x00"}, "body"),
        ({"key": ""}, "key"),
        ({"key": "x" * 65}, "key"),
    ],
)
def test_a_comment_that_cannot_be_stored_is_refused(world, nothing_written, given, field):
    thread = open_thread(world)
    bad = Said(**{"by": world.member, "now": NOW, "body": "Why?", "key": "key-2", **given})

    with nothing_written(), pytest.raises(Invalid) as refusal:
        threads.reply(thread, said=bad)
    assert list(refusal.value.fields) == [field]
    with nothing_written(), pytest.raises(Invalid):
        threads.open_thread(world.spec, about=About(clause=thread.clause), said=bad, visibility="public")


@pytest.mark.parametrize("given", [{"visibility": "secret"}, {"kind": "rant"}, {"clause": None}])
def test_a_thread_that_makes_no_sense_is_refused(world, nothing_written, given):
    with nothing_written(), pytest.raises(Invalid):
        open_thread(world, **given)


def test_a_clause_of_another_spec_is_not_there(world, nothing_written):
    other = make_conduct()

    with nothing_written(), pytest.raises(NotFound):
        open_thread(world, clause=clause_of(other, "honesty"))
    with nothing_written(), pytest.raises(NotFound):
        open_thread(world, clause=clause_of(world.spec, "honesty"), words=words(other, "honesty", "must not lie"))


def test_who_is_not_a_member_does_not_comment(world, nothing_written):
    thread = open_thread(world)

    with nothing_written(), pytest.raises(NotAllowed):
        open_thread(world, by=world.stranger)
    with nothing_written(), pytest.raises(NotAllowed):
        threads.reply(thread, said=said(world.stranger, key="key-2"))


# --- words ---


def test_a_quote_is_kept_with_its_context_and_version(world):
    thread = open_thread(
        world, clause=clause_of(world.spec, "honesty"), words=words(world.spec, "honesty", "must not lie")
    )

    start = thread.quote_start
    assert (thread.quote, thread.quote_end - start) == ("must not lie", len("must not lie"))
    assert thread.quote_prefix.endswith("The assistant ")
    assert thread.quote_suffix.startswith(" to anybody.")
    assert thread.quoted_version == version(world.spec, "honesty")


def test_given_offsets_decide_between_equal_words(world):
    clause, exact = clause_of(world.spec, "honesty"), "not"
    both = open_thread(world, clause=clause, words=words(world.spec, "honesty", "not lie"))
    start = both.quote_start

    thread = open_thread(world, clause=clause, key="key-2", words=words(world.spec, "honesty", exact, start, start + 3))

    assert (thread.quote_start, thread.quote) == (start, "not")


@pytest.mark.parametrize("exact", ["no such words", "not", "It"])
def test_words_that_are_not_there_once_are_refused(world, nothing_written, exact):
    spec = make_spec(
        source="# Top {#top}\n\nDo not, and not again. It is so. It is.\n", members={world.member: ["member"]}
    )
    with nothing_written(), pytest.raises(Invalid) as refusal:
        threads.open_thread(
            spec,
            about=About(clause=clause_of(spec, "top"), words=words(spec, "top", exact, 9000, 9003)),
            said=said(world.member),
            visibility="public",
        )
    assert "quote" in refusal.value.fields


def test_words_of_an_older_version_may_be_quoted_but_not_of_another_clause(world, nothing_written):
    with nothing_written(), pytest.raises(NotFound):
        open_thread(world, clause=clause_of(world.spec, "honesty"), words=words(world.spec, "jokes", "A joke"))


def test_a_resolved_title_counts_as_one_character(world):
    thread = open_thread(
        world, clause=clause_of(world.spec, "conduct"), words=words(world.spec, "conduct", "See \ufffc.")
    )

    assert thread.quote_end - thread.quote_start == 6


# --- who may see it ---


def test_events_of_an_internal_thread_are_internal(world):
    thread = open_thread(world, visibility="internal")
    threads.reply(thread, said=said(world.approver, key="key-2"))
    threads.move(thread, verb="resolve", by=world.member, now=NOW)

    assert set(Event.objects.filter(thread=thread).values_list("visibility", flat=True)) == {"internal"}


def test_a_public_thread_on_a_draft_is_told_to_nobody_outside(world):
    open_thread(world, by=world.editor, proposal=make_draft(world.spec, by=world.editor))

    assert Event.objects.get(kind=EventKind.THREAD_OPENED).visibility == "internal"


def test_an_internal_proposal_is_discussed_internally(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor, visibility="internal")

    with nothing_written(), pytest.raises(Invalid) as refusal:
        open_thread(world, proposal=proposal)
    assert list(refusal.value.fields) == ["visibility"]
    assert open_thread(world, proposal=proposal, visibility="internal").visibility == "internal"


def test_a_draft_of_others_is_not_there_for_a_member(world, nothing_written):
    proposal = make_draft(world.spec, by=world.editor)

    with nothing_written(), pytest.raises(NotFound):
        open_thread(world, proposal=proposal)


# --- moves ---


def moved(thread, verb, by):
    return threads.move(thread, verb=verb, by=by, now=NOW, reason="Because")


def in_state(world, state):
    thread = open_thread(world)
    verb = {"addressed": "address", "resolved": "resolve", "declined": "decline"}.get(state)
    return moved(thread, verb, world.owner) if verb else thread


OUTCOMES = {
    #           open         addressed   resolved declined
    "address": ("addressed", None, None, None),
    "resolve": ("resolved", "resolved", None, None),
    "decline": ("declined", "declined", None, None),
    "reopen": (None, "open", "open", "open"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", OUTCOMES)
def test_state_by_verb(world, nothing_written, verb, state):
    thread, outcome = in_state(world, state), OUTCOMES[verb][STATES.index(state)]
    if outcome is None:
        with nothing_written(), pytest.raises(IllegalMove):
            moved(thread, verb, world.editor)
        outcome = state
    else:
        moved(thread, verb, world.editor)
    assert Thread.objects.get(pk=thread.pk).state == outcome


MAY_MOVE = {  # a member opened it
    "owner": True,
    "editor": True,
    "approver": False,
    "moderator": True,
    "release_manager": False,
    "member": True,
    "stranger": False,
}


@pytest.mark.parametrize("who", MAY_MOVE)
@pytest.mark.parametrize("verb", OUTCOMES)
def test_role_by_verb(world, nothing_written, verb, who):
    thread = in_state(world, "resolved" if verb == "reopen" else "open")
    if MAY_MOVE[who]:
        moved(thread, verb, world.people[who])
    else:
        with nothing_written(), pytest.raises(NotAllowed):
            moved(thread, verb, world.people[who])
    assert (Thread.objects.get(pk=thread.pk).state != thread.state) is MAY_MOVE[who]


def test_a_move_is_recorded_with_its_reason(world):
    thread = moved(open_thread(world), "decline", world.moderator)

    event = Event.objects.latest("pk")
    assert (event.kind, event.actor, event.data) == (EventKind.THREAD_DECLINED, world.moderator, {"reason": "Because"})
    assert thread.closing_reason == "Because"


def test_declining_needs_a_reason(world, nothing_written):
    thread = open_thread(world)

    with nothing_written(), pytest.raises(Invalid) as refusal:
        threads.move(thread, verb="decline", by=world.editor, now=NOW, reason=" ")
    assert list(refusal.value.fields) == ["reason"]
    assert Thread.objects.get(pk=thread.pk).state == "open"


@pytest.mark.parametrize("reason", ["", " \n"])
def test_addressing_needs_a_proposal_or_a_sentence(world, nothing_written, reason):
    thread = open_thread(world)

    with nothing_written(), pytest.raises(Invalid) as refusal:
        threads.move(thread, verb="address", by=world.editor, now=NOW, reason=reason)
    assert list(refusal.value.fields) == ["reason"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(state="addressed")
    threads.move(thread, verb="address", by=world.editor, now=NOW, reason="The next draft says it.")
    assert Thread.objects.get(pk=thread.pk).closing_reason == "The next draft says it."


def test_a_thread_is_addressed_by_a_proposal_until_it_is_reopened(world):
    proposal, thread = make_proposal(world.spec, by=world.editor), open_thread(world)

    threads.move(thread, verb="address", by=world.editor, now=NOW, proposal=proposal)
    assert Thread.objects.get(pk=thread.pk).addressed_by == proposal

    moved(thread, "resolve", world.member)
    assert Thread.objects.get(pk=thread.pk).addressed_by == proposal
    moved(thread, "reopen", world.member)
    found = Thread.objects.get(pk=thread.pk)
    assert (found.addressed_by, found.closing_reason) == (None, "")


def test_a_proposal_that_one_must_not_know_of_addresses_nothing(world, nothing_written):
    thread, draft = open_thread(world), make_draft(world.spec, by=world.editor)
    other = make_spec(members={world.editor: ["editor"]})
    foreign = proposals.create(other, title="T", by=world.editor, now=NOW)

    for proposal, by in ((draft, world.member), (foreign, world.editor)):
        with nothing_written(), pytest.raises(NotFound):
            threads.move(thread, verb="address", by=by, now=NOW, proposal=proposal)


def test_an_archived_spec_takes_no_comments(world, nothing_written):
    thread = open_thread(world)
    world.spec.archived_at = NOW
    world.spec.save()

    with nothing_written(), pytest.raises(NotAllowed):
        threads.reply(thread, said=said(world.owner, key="key-2"))
    with nothing_written(), pytest.raises(NotAllowed):
        moved(thread, "resolve", world.owner)


def test_the_kinds_are_all_accepted(world):
    for number, kind in enumerate(ThreadKind):
        assert open_thread(world, kind=kind, key=f"key-{number}").kind == kind
    assert Comment.objects.count() == len(ThreadKind)


def test_the_same_key_with_other_words_is_a_conflict_and_loses_neither(world):
    spec, by = world.spec, world.editor
    thread = make_thread(spec, by=by, about=clause_of(spec, "jokes"))
    threads.reply(thread, said=Said(by=by, now=NOW, body="First words.", key="once"))
    with pytest.raises(Conflict):
        threads.reply(thread, said=Said(by=by, now=NOW, body="Other words.", key="once"))
    assert list(thread.comments.values_list("body", flat=True))[1:] == ["First words."]
