"""Positions: who may take one, when, on what; the last word of a person stands."""

import pytest

from reviews.actions import positions, proposals
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed
from reviews.models import Event, Position
from reviews.queries.approval import latest_positions, newest_patch_set
from reviews.rules.kinds import EventKind, PositionKind
from tests.factories import NOW
from tests.factories.conduct import edit, make_draft, make_proposal


def take(proposal, by, kind="support", *, patch_set=1, reason=""):
    return positions.take(proposal, kind=kind, patch_set=patch_set, by=by, now=NOW, reason=reason)


def test_a_position_is_a_row_and_an_event(world):
    proposal = make_proposal(world.spec, by=world.editor)

    position = take(proposal, world.member, "concern", reason=" Too strict ")

    assert (position.kind, position.reason, position.person, position.patch_set.number, position.created_at) == (
        "concern",
        "Too strict",
        world.member,
        1,
        NOW,
    )
    event = Event.objects.latest("pk")
    assert (event.kind, event.visibility, event.actor, event.proposal, event.data) == (
        EventKind.POSITION_TAKEN,
        "public",
        world.member,
        proposal,
        {"kind": "concern", "patch_set": 1},
    )


@pytest.mark.parametrize("kind", PositionKind)
def test_every_kind_can_be_taken(world, kind):
    take(make_proposal(world.spec, by=world.editor), world.approver, kind, reason="Because")

    assert Position.objects.get().kind == kind


@pytest.mark.parametrize(
    ("kind", "reason", "field"),
    [
        ("like", "", "kind"),
        ("concern", " ", "reason"),
        ("support", "\x00", "reason"),
        ("support", "x" * 20_001, "reason"),
    ],
)
def test_what_cannot_be_stored_is_refused(world, nothing_written, kind, reason, field):
    proposal = make_proposal(world.spec, by=world.editor)

    with nothing_written(), pytest.raises(Invalid) as refusal:
        take(proposal, world.approver, kind, reason=reason)

    assert list(refusal.value.fields) == [field]


def test_the_last_word_of_a_person_stands(world):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.approver, "concern", reason="Wait")
    take(proposal, world.other)
    take(proposal, world.approver)

    latest = latest_positions(newest_patch_set(proposal))

    assert {(one.person, one.kind) for one in latest} == {(world.approver, "support"), (world.other, "support")}
    assert Position.objects.count() == 3


@pytest.mark.parametrize("who", ["owner", "approver", "moderator", "release_manager", "member", "second"])
def test_every_member_but_the_writers_may_take_one(world, who):
    assert take(make_proposal(world.spec, by=world.editor), world.people[who]).person == world.people[who]


def test_neither_the_author_nor_a_co_author_nor_a_stranger_may(world, nothing_written):
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "honesty", "anybody", "anyone", by=world.second)
    proposals.submit(proposal, by=world.editor, now=NOW)

    for who in (world.editor, world.second, world.stranger):
        with nothing_written(), pytest.raises(NotAllowed):
            take(proposal, who)


def test_a_position_is_taken_on_the_patch_set_that_was_read(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "anybody", "anyone", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(Conflict, match="newer patch set") as refusal:
        take(proposal, world.approver, patch_set=1)
    assert refusal.value.fresh.number == 2
    assert take(proposal, world.approver, patch_set=2).patch_set.number == 2


@pytest.mark.parametrize("state", ["draft", "withdrawn", "rejected"])
def test_positions_are_taken_only_in_review(world, nothing_written, state):
    proposal = (
        make_draft(world.spec, by=world.editor) if state == "draft" else make_proposal(world.spec, by=world.editor)
    )
    if state != "draft":
        verb = {"withdrawn": proposals.withdraw, "rejected": proposals.reject}[state]
        verb(proposal, reason="No", by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(IllegalMove):
        take(proposal, world.approver)
