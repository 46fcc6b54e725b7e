"""One's own comments: edited with their history, withdrawn for everybody, and only by their authors."""

import pytest

from reviews.actions import comments, threads
from reviews.actions.threads import Said
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import Comment, CommentVersion, Event
from reviews.queries.threads import earlier_versions
from reviews.rules.kinds import EventKind
from tests.factories import NOW, make_thread
from tests.factories.conduct import clause_of, later


@pytest.fixture
def comment(world):
    return make_thread(world.spec, by=world.member, about=clause_of(world.spec, "honesty")).comments.get()


def test_an_edit_keeps_the_earlier_text_and_is_recorded(world, comment):
    comments.edit(comment, body=" Why not? ", by=world.member, now=later(hours=1))
    comments.edit(comment, body="Why indeed?", by=world.member, now=later(hours=2))

    found = Comment.objects.get(pk=comment.pk)
    assert (found.body, found.edited_at, found.withdrawn_at) == ("Why indeed?", later(hours=2), None)
    kept = [(one.body, one.written_at) for one in earlier_versions(found)]
    assert kept == [("Why not?", later(hours=1)), ("Why so?", NOW)]
    event = Event.objects.latest("pk")
    assert (event.kind, event.actor, event.comment, event.thread, event.visibility, event.data) == (
        EventKind.COMMENT_EDITED,
        world.member,
        comment,
        comment.thread,
        "public",
        {},
    )


def test_the_same_text_again_changes_nothing(world, comment, nothing_written):
    with nothing_written():
        comments.edit(comment, body="Why so?", by=world.member, now=NOW)
    assert (Comment.objects.get(pk=comment.pk).edited_at, CommentVersion.objects.count()) == (None, 0)


def test_a_withdrawn_comment_shows_nobody_any_of_its_texts(world, comment):
    comments.edit(comment, body="Why not?", by=world.member, now=later(hours=1))
    comments.withdraw(comment, by=world.member, now=later(hours=2))

    found = Comment.objects.get(pk=comment.pk)
    assert (found.body, found.withdrawn_at) == ("Withdrawn by its author.", later(hours=2))
    assert earlier_versions(found) == []
    assert list(CommentVersion.objects.values_list("body", flat=True)) == ["Why so?", "Why not?"]
    assert Event.objects.latest("pk").kind == EventKind.COMMENT_WITHDRAWN


@pytest.mark.parametrize("body", ["", " ", "x" * 20_001, "a\x00"])
def test_a_text_that_cannot_be_stored_is_refused(world, comment, nothing_written, body):
    with nothing_written(), pytest.raises(Invalid) as refusal:
        comments.edit(comment, body=body, by=world.member, now=NOW)
    assert list(refusal.value.fields) == ["body"]
    assert Comment.objects.get(pk=comment.pk).body == "Why so?"


def test_a_withdrawn_comment_is_neither_edited_nor_withdrawn_again(world, comment, nothing_written):
    comments.withdraw(comment, by=world.member, now=NOW)

    with nothing_written(), pytest.raises(IllegalMove, match="A withdrawn comment can't be edited."):
        comments.edit(comment, body="Again", by=world.member, now=NOW)
    with nothing_written(), pytest.raises(IllegalMove, match="A withdrawn comment can't be withdrawn again."):
        comments.withdraw(comment, by=world.member, now=NOW)


@pytest.mark.parametrize("who", ["owner", "editor", "approver", "moderator", "release_manager", "stranger"])
def test_other_people_change_nothing(world, comment, nothing_written, who):
    for act in (comments.withdraw, lambda one, **by: comments.edit(one, body="Mine", **by)):
        with nothing_written(), pytest.raises(NotAllowed):
            act(comment, by=world.people[who], now=NOW)
    assert Comment.objects.get(pk=comment.pk).body == "Why so?"


def test_an_internal_comment_is_not_there_for_an_author_who_left(world, nothing_written):
    thread = make_thread(world.spec, by=world.member, about=clause_of(world.spec, "honesty"), visibility="internal")
    world.spec.memberships.filter(user=world.member).delete()

    for act in (comments.withdraw, lambda one, **by: comments.edit(one, body="Mine", **by)):
        with nothing_written(), pytest.raises(NotFound):
            act(thread.comments.get(), by=world.member, now=NOW)


def test_an_internal_edit_is_recorded_for_members_only(world):
    thread = make_thread(world.spec, by=world.member, about=clause_of(world.spec, "honesty"), visibility="internal")
    comments.edit(thread.comments.get(), body="Why not?", by=world.member, now=NOW)
    comments.withdraw(thread.comments.get(), by=world.member, now=NOW)

    assert set(Event.objects.filter(thread=thread).values_list("visibility", flat=True)) == {"internal"}


def test_in_an_archived_spec_nothing_is_edited(world, comment, nothing_written):
    world.spec.archived_at = NOW
    world.spec.save()

    with nothing_written(), pytest.raises(NotAllowed):
        comments.edit(comment, body="Why not?", by=world.member, now=NOW)


def test_a_first_text_that_is_sent_again_after_an_edit_is_still_the_same_comment(world, comment, nothing_written):
    said = Said(by=world.member, now=NOW, body="So.", key="once")
    reply = threads.reply(comment.thread, said=said)
    comments.edit(reply, body="So be it.", by=world.member, now=NOW)

    with nothing_written():
        assert threads.reply(comment.thread, said=said) == reply


def test_after_very_many_edits_a_new_comment_is_asked_for(world, comment, nothing_written, monkeypatch):
    monkeypatch.setattr(comments, "MOST_VERSIONS", 1)
    comments.edit(comment, body="One", by=world.member, now=NOW)

    with nothing_written(), pytest.raises(Conflict):
        comments.edit(comment, body="Two", by=world.member, now=NOW)
