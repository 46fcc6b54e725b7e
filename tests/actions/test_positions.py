"""Positions: who may take one, when, on what; the last word of a person stands."""

import pytest

from reviews.actions import positions, proposals
from reviews.actions.changes import Saver, save
from reviews.actions.merging import merge as merge_at
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import ConcernOverride, Event, PatchSet, Position
from reviews.queries.approval import changes_of, newest_patch_set, open_patch_set, positions_of, verdict_of
from reviews.rules.kinds import EventKind, PositionKind
from tests.factories import NOW
from tests.factories.conduct import edit, make_draft, make_proposal
from tests.factories.specs import version


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


@pytest.mark.parametrize("kind", [kind for kind in PositionKind if kind is not PositionKind.WITHDRAWN])
def test_every_kind_can_be_taken(world, kind):
    take(make_proposal(world.spec, by=world.editor), world.approver, kind, reason="Because")

    assert Position.objects.get().kind == kind


@pytest.mark.parametrize(
    ("kind", "reason", "field"),
    [
        ("like", "", "kind"),
        ("concern", " ", "reason"),
        ("concern", "\u200b\u2060", "reason"),
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

    latest = positions_of(proposal)

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

    with nothing_written(), pytest.raises(Conflict, match="newer version") as refusal:
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


# --- what carries over to the next version ---


def next_version(proposal, old, new, *, anchor="honesty", by=None):
    """Submit the proposal again with other words in one clause."""
    by = by or proposal.author
    proposals.revise(proposal, by=by, now=NOW)
    edit(proposal, anchor, old, new, by=by)
    return proposals.submit(proposal, by=by, now=NOW)


def said(proposal):
    """What each person's last position counts for: {name: (kind, status)}."""
    return {one.person.name: (one.kind.value, one.status.value) for one in positions_of(proposal)}


def sentence(proposal):
    newest = newest_patch_set(proposal)
    return verdict_of(proposal, newest, changes_of(newest)).sentence


def test_a_concern_stands_through_new_versions_until_its_holder_withdraws_it(world):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.member, "concern", reason="Too strict")
    next_version(proposal, "must never lie", "must never, ever lie")
    take(proposal, world.approver, patch_set=2)
    take(proposal, world.other, patch_set=2)

    assert said(proposal)["Member"] == ("concern", "carried")
    assert sentence(proposal) == "Still needs: concern by Member open."
    take(proposal, world.member, "withdrawn", patch_set=2)

    assert said(proposal)["Member"] == ("withdrawn", "withdrawn")
    assert sentence(proposal) == "Approved: nothing more is needed."


def test_a_concern_stands_when_its_holder_is_removed_or_writes_in_the_proposal_later(world):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.second, "concern", reason="Too strict")
    take(proposal, world.member, "concern", reason="Too long")
    next_version(proposal, "anybody", "anyone", by=world.second)
    world.spec.memberships.filter(user=world.member).delete()

    assert "concern by Member open; concern by Second Editor open" in sentence(proposal)


@pytest.mark.parametrize(
    ("old", "new", "difference", "status"),
    [
        ("must never lie", "must  never lie", "markup", "carried"),
        ("must never lie", "must *never* lie", "editorial", "lapsed"),
        ("must never lie", "should never lie", "substantive", "lapsed"),
        ("authority=root", "authority=user", "authority", "lapsed"),
    ],
)
def test_support_carries_over_only_where_the_text_reads_the_same(world, old, new, difference, status):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.approver)
    take(proposal, world.other, "no_objection")
    take(proposal, world.member, "recuse")

    version = next_version(proposal, old, new)

    assert version.difference == difference
    assert said(proposal) == {
        "Approver": ("support", status),
        "Other Approver": ("no_objection", status),
        "Member": ("recuse", "carried"),
    }


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_support_and_overrides_do_not_outlive_closing_and_reopening_though_concerns_do(world, verb):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.approver)
    take(proposal, world.other)
    take(proposal, world.second, "concern", reason="Too long")
    concern = take(proposal, world.member, "concern", reason="Too strict")
    positions.override(proposal, position=concern.public_id, reason="Decided.", by=world.owner, now=NOW)

    getattr(proposals, verb)(proposal, reason="Not now.", by=world.editor, now=NOW)
    proposals.reopen(proposal, grounds="Once more.", by=world.editor, now=NOW)
    proposals.submit(proposal, by=world.editor, now=NOW)

    assert said(proposal) == {
        "Approver": ("support", "lapsed"),
        "Other Approver": ("support", "lapsed"),
        "Second Editor": ("concern", "carried"),
        "Member": ("concern", "carried"),
    }


def test_a_review_that_is_sent_twice_is_one_position_and_one_event(world):
    proposal = make_proposal(world.spec, by=world.editor)
    first = take(proposal, world.approver, reason="Good")
    events = Event.objects.count()

    assert take(proposal, world.approver, reason=" Good ") == first
    assert (Position.objects.count(), Event.objects.count()) == (1, events)


def test_a_review_that_says_something_else_or_again_after_an_answer_is_a_new_one(world):
    proposal = make_proposal(world.spec, by=world.editor)
    for kind, reason in (
        ("concern", "Long"),
        ("concern", "Too long"),
        ("support", "Too long"),
        ("concern", "Too long"),
    ):
        take(proposal, world.member, kind, reason=reason)
    assert Position.objects.count() == 4
    concern = Position.objects.latest("pk").public_id
    positions.override(proposal, position=concern, reason="Decided.", by=world.owner, now=NOW)

    take(proposal, world.member, "concern", reason="Too long")

    assert Position.objects.count() == 5
    assert said(proposal) == {"Member": ("concern", "current")}


def test_support_lapses_with_another_title_and_neither_changes_while_a_version_is_reviewed(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.approver)
    details = {"title": "Something else", "rationale": "", "expected_version": proposal.details_version}
    with nothing_written(), pytest.raises(IllegalMove, match="Edit the proposal as a new version"):
        proposals.describe(proposal, **details, by=world.editor, now=NOW)

    proposals.revise(proposal, by=world.editor, now=NOW)
    proposals.describe(proposal, **details, by=world.editor, now=NOW)
    proposals.submit(proposal, by=world.editor, now=NOW)

    assert said(proposal) == {"Approver": ("support", "lapsed")}


def test_what_lapsed_does_not_come_back_with_a_later_version_that_changes_nothing(world):
    proposal = make_proposal(world.spec, by=world.editor)
    take(proposal, world.approver)
    next_version(proposal, "must never lie", "should never lie")
    next_version(proposal, "should never lie", "should  never lie")

    assert list(PatchSet.objects.order_by("number").values_list("difference", flat=True)) == [
        "",
        "substantive",
        "markup",
    ]
    assert said(proposal) == {"Approver": ("support", "lapsed")}


@pytest.mark.parametrize(("mine", "status"), [("must never lie", "carried"), ("must hardly lie", "lapsed")])
def test_a_clean_update_to_the_newest_draft_keeps_support_when_it_leaves_the_change_as_it_was(world, mine, status):
    first = make_proposal(world.spec, ("honesty", "anybody", "anyone"), by=world.editor)
    proposal = make_proposal(world.spec, by=world.second)
    take(proposal, world.other)
    for approver in (world.approver, world.other):
        take(first, approver)
    merge_at(first, by=world.editor, now=NOW)
    proposals.revise(proposal, by=world.second, now=NOW)
    change = open_patch_set(proposal).changes.get()
    now_there = version(world.spec, "honesty")
    source = now_there.source.replace("must not lie", mine)

    save(change, source=source, expected_version=change.version, saver=Saver(world.second, NOW), onto=now_there)
    proposals.submit(proposal, by=world.second, now=NOW)

    assert said(proposal)["Other Approver"] == ("support", status)


def test_withdrawing_needs_something_to_withdraw(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)

    with nothing_written(), pytest.raises(IllegalMove, match="no review to withdraw"):
        take(proposal, world.member, "withdrawn")


# --- overriding a concern ---


def test_an_owner_overrides_a_concern_with_a_reason_that_is_recorded(world):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict")

    positions.override(proposal, position=concern.public_id, reason=" Decided. ", by=world.owner, now=NOW)

    assert said(proposal) == {"Member": ("concern", "overridden")}
    assert "concern" not in sentence(proposal)
    made = ConcernOverride.objects.get()
    assert (made.position, made.by, made.reason) == (concern, world.owner, "Decided.")
    event = Event.objects.latest("pk")
    assert (event.kind, event.data) == (
        "concern.overridden",
        {"position": concern.public_id, "patch_set": 1, "reason": "Decided."},
    )


def test_an_override_ends_with_the_next_concern_of_the_same_person(world):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict")
    positions.override(proposal, position=concern.public_id, reason="Decided.", by=world.owner, now=NOW)

    take(proposal, world.member, "concern", reason="Something new")

    assert "concern by Member open" in sentence(proposal)


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("must never lie", "must  never lie", "overridden"),
        ("must never lie", "must *never* lie", "carried"),
        ("must never lie", "should never lie", "carried"),
        ("authority=root", "authority=user", "carried"),
    ],
)
def test_an_overridden_concern_stands_again_when_the_next_version_reads_differently(world, old, new, status):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict")
    positions.override(proposal, position=concern.public_id, reason="Decided.", by=world.owner, now=NOW)

    next_version(proposal, old, new)

    assert said(proposal) == {"Member": ("concern", status)}
    assert ("concern by Member open" in sentence(proposal)) == (status == "carried")


def test_a_concern_is_overridden_again_for_a_later_version(world):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict").public_id
    positions.override(proposal, position=concern, reason="Decided.", by=world.owner, now=NOW)
    next_version(proposal, "must never lie", "should never lie")

    positions.override(proposal, position=concern, reason="Again.", by=world.owner, now=NOW)

    assert list(ConcernOverride.objects.values_list("patch_set__number", "reason")) == [(1, "Decided."), (2, "Again.")]
    assert [one.override.reason for one in positions_of(proposal)] == ["Again."]


def test_a_concern_is_overridden_for_the_version_that_was_read_only(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict")
    next_version(proposal, "must never lie", "should never lie")

    with nothing_written(), pytest.raises(Conflict):
        positions.override(
            proposal, position=concern.public_id, reason="Decided.", by=world.owner, now=NOW, patch_set=1
        )


@pytest.mark.parametrize("who", ["editor", "second", "approver", "moderator", "release_manager", "member", "stranger"])
def test_only_an_owner_overrides(world, nothing_written, who):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict")

    with nothing_written(), pytest.raises(NotAllowed):
        positions.override(proposal, position=concern.public_id, reason="No.", by=world.people[who], now=NOW)


def test_an_owner_overrides_neither_an_own_concern_nor_one_about_an_own_proposal(world, nothing_written):
    own = make_proposal(world.spec, by=world.owner)
    concern = take(own, world.member, "concern", reason="Too strict")
    other = make_proposal(world.spec, by=world.editor)
    mine = take(other, world.owner, "concern", reason="Too strict")

    with nothing_written(), pytest.raises(NotAllowed, match="Authors can’t override"):
        positions.override(own, position=concern.public_id, reason="No.", by=world.owner, now=NOW)
    with nothing_written(), pytest.raises(NotAllowed, match="your own concern"):
        positions.override(other, position=mine.public_id, reason="No.", by=world.owner, now=NOW)


def test_what_is_no_standing_concern_is_not_overridden(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)
    concern = take(proposal, world.member, "concern", reason="Too strict")
    for reason in (" ", "\u2063", "\u2800\u3164"):
        with nothing_written(), pytest.raises(Invalid):
            positions.override(proposal, position=concern.public_id, reason=reason, by=world.owner, now=NOW)
    support = take(proposal, world.member)

    for one in (concern.public_id, support.public_id, "nothing"):
        with nothing_written(), pytest.raises(NotFound):
            positions.override(proposal, position=one, reason="No.", by=world.owner, now=NOW)
