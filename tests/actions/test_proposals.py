"""The life of a proposal: rows and events of each move, by whom it may be made, and what a refusal leaves."""

import pytest

from reviews.actions import merging, proposals
from reviews.actions.changes import Saver, drop, move_clause
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from reviews.models import Change, Event, PatchSet, Proposal
from reviews.rules.kinds import EventKind
from tests.factories import NOW, make_spec, make_user
from tests.factories.conduct import clause_of, edit, later, make_draft, make_proposal, support

WHO = ("owner", "editor", "approver", "moderator", "release_manager", "member", "second", "stranger")


def last_event():
    event = Event.objects.latest("pk")
    return event.kind, event.visibility, event.actor, event.data


def fresh(proposal):
    return Proposal.objects.get(pk=proposal.pk)


def test_create_makes_a_draft_on_the_head(world):
    proposal = proposals.create(world.spec, title=" Be clearer ", by=world.editor, now=NOW, rationale="Because.")

    assert (proposal.title, proposal.state, proposal.visibility) == ("Be clearer", "draft", "public")
    assert list(proposal.patch_sets.values_list("number", "base", "submitted_at")) == [(1, 1, None)]
    assert last_event() == (EventKind.PROPOSAL_CREATED, "internal", world.editor, {})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "Be clearer\nBcc: all"}, "title"),
        ({"title": "Be \u202eraelc"}, "title"),
        ({"rationale": "\ud800"}, "rationale"),
        ({"visibility": "secret"}, "visibility"),
    ],
)
def test_create_refuses_what_cannot_be_stored(world, nothing_written, given, field):
    with nothing_written(), pytest.raises(Invalid) as refusal:
        proposals.create(world.spec, **{"title": "Be clearer", **given}, by=world.editor, now=NOW)

    assert list(refusal.value.fields) == [field]


def test_describe_counts_its_saves_and_refuses_the_second_of_two(world):
    proposal = make_draft(world.spec, by=world.editor)
    said = {"title": "Be clear", "rationale": "Why", "expected_version": 1, "now": NOW}
    proposals.describe(proposal, by=world.editor, **said)

    with pytest.raises(Conflict) as refusal:
        proposals.describe(proposal, by=world.second, **{**said, "title": "Other"})

    assert refusal.value.fresh.title == fresh(proposal).title == "Be clear"
    assert fresh(proposal).details_version == 2


def test_submit_freezes_the_patch_set_and_asks_for_review(world):
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "honesty", "must not lie", "must never lie", by=world.editor)

    patch_set = proposals.submit(proposal, by=world.editor, now=later(hours=1))

    assert (patch_set.number, patch_set.base, patch_set.submitted_at, patch_set.submitted_by) == (
        1,
        1,
        later(hours=1),
        world.editor,
    )
    assert (fresh(proposal).state, fresh(proposal).submitted_at) == ("in_review", later(hours=1))
    assert last_event() == (EventKind.PROPOSAL_SUBMITTED, "public", world.editor, {"patch_set": 1})


def test_submit_refuses_an_empty_proposal(world, nothing_written):
    proposal = make_draft(world.spec, by=world.editor)

    with nothing_written(), pytest.raises(Invalid, match="changes nothing yet"):
        proposals.submit(proposal, by=world.editor, now=NOW)


def test_submit_refuses_an_edit_that_leaves_the_clause_as_it_was(world, nothing_written):
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "honesty", "must", "must", by=world.editor)

    with nothing_written(), pytest.raises(Invalid, match="changes nothing yet"):
        proposals.submit(proposal, by=world.editor, now=NOW)


def test_submit_refuses_a_move_to_where_the_clause_is(world, nothing_written):
    proposal = make_draft(world.spec, by=world.editor)
    after = clause_of(world.spec, "honesty")
    move_clause(proposal, clause_of(world.spec, "manner"), after=after, saver=Saver(world.editor, NOW))

    with nothing_written(), pytest.raises(Invalid, match="stands already where"):
        proposals.submit(proposal, by=world.editor, now=NOW)


def test_submit_refuses_when_the_draft_moved_on(world, nothing_written):
    late = make_draft(world.spec, by=world.second)
    edit(late, "honesty", "anybody", "anyone", by=world.second)
    merge_another(world)

    with nothing_written(), pytest.raises(Conflict, match="The draft has a newer text of “Honesty”"):
        proposals.submit(late, by=world.second, now=NOW)
    assert fresh(late).state == "draft"


def test_submit_twice_says_that_nothing_was_changed(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)

    with nothing_written(), pytest.raises(IllegalMove, match="Nothing was changed since"):
        proposals.submit(proposal, by=world.editor, now=NOW)


def test_revise_opens_the_next_patch_set_with_copies(world):
    proposal = make_proposal(world.spec, by=world.editor)

    patch_set = proposals.revise(proposal, by=world.second, now=NOW)

    assert (patch_set.number, patch_set.submitted_at) == (2, None)
    copied = patch_set.changes.get()
    frozen = Change.objects.get(patch_set__proposal=proposal, patch_set__number=1)
    assert (copied.source, copied.base_version, copied.saved_by) == (
        frozen.source,
        frozen.base_version,
        world.editor,
    )
    assert proposals.revise(proposal, by=world.editor, now=NOW) == patch_set


def test_a_frozen_change_is_not_touched_by_the_next_patch_set(world):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "never", "at no time", by=world.editor)

    assert [change.source.count("never") for change in Change.objects.order_by("patch_set__number")] == [1, 0]


def test_withdraw_and_reopen(world):
    proposal = make_proposal(world.spec, by=world.editor)
    proposals.withdraw(proposal, reason=" Wrong ", by=world.editor, now=NOW)
    assert (fresh(proposal).state, fresh(proposal).closing_reason, fresh(proposal).closed_at) == (
        "withdrawn",
        "Wrong",
        NOW,
    )
    assert last_event() == (EventKind.PROPOSAL_WITHDRAWN, "public", world.editor, {"reason": "Wrong"})

    proposals.reopen(proposal, grounds="New facts", by=world.editor, now=later(days=1))

    assert (fresh(proposal).state, fresh(proposal).closing_reason, fresh(proposal).closed_at) == ("draft", "", None)
    assert list(PatchSet.objects.filter(proposal=proposal).values_list("number", "submitted_at")) == [
        (1, NOW),
        (2, None),
    ]
    assert last_event() == (EventKind.PROPOSAL_REOPENED, "public", world.editor, {"grounds": "New facts"})


def test_reject_says_why(world):
    proposal = make_proposal(world.spec, by=world.editor)

    proposals.reject(proposal, reason="Too broad", by=world.approver, now=NOW)

    assert (fresh(proposal).state, fresh(proposal).closing_reason) == ("rejected", "Too broad")
    assert last_event() == (EventKind.PROPOSAL_REJECTED, "public", world.approver, {"reason": "Too broad"})


@pytest.mark.parametrize("verb", ["withdraw", "reject"])
def test_closing_needs_a_reason(world, nothing_written, verb):
    proposal = make_proposal(world.spec, by=world.editor)

    with nothing_written(), pytest.raises(Invalid) as refusal:
        getattr(proposals, verb)(proposal, reason="  ", by=world.editor, now=NOW)

    assert list(refusal.value.fields) == ["reason"]
    assert fresh(proposal).state == "in_review"


def test_reopening_needs_grounds(world, nothing_written):
    proposal = closed(world, "withdrawn")

    with nothing_written(), pytest.raises(Invalid):
        proposals.reopen(proposal, grounds="", by=world.editor, now=NOW)
    assert fresh(proposal).state == "withdrawn"


def test_events_of_a_draft_and_of_an_internal_proposal_are_internal(world):
    draft = make_draft(world.spec, by=world.editor)
    proposals.withdraw(draft, reason="No", by=world.editor, now=NOW)
    make_proposal(world.spec, by=world.editor, visibility="internal")

    assert set(Event.objects.exclude(proposal=None).values_list("visibility", flat=True)) == {"internal"}


# --- who ---


def merge_another(world):
    proposal = make_proposal(world.spec, by=world.editor)
    support(proposal, world.approver, world.other)
    merging.merge(proposal, by=world.editor, now=NOW)
    return proposal


def closed(world, state):
    proposal = make_proposal(world.spec, by=world.editor)
    if state == "withdrawn":
        proposals.withdraw(proposal, reason="No", by=world.editor, now=NOW)
    elif state == "rejected":
        proposals.reject(proposal, reason="No", by=world.owner, now=NOW)
    return proposal


def in_state(world, state):
    if state == "draft":
        proposal = make_draft(world.spec, by=world.editor)
        edit(proposal, "honesty", "must not lie", "must never lie", by=world.editor)
        return proposal
    return merge_another(world) if state == "merged" else closed(world, state)


def perform(verb, proposal, by):
    """Make a move whose other conditions are met as far as the state allows."""
    if verb == "merge":
        return merging.merge(proposal, by=by, now=NOW)
    if verb == "revise":
        return proposals.revise(proposal, by=by, now=NOW)
    if verb == "submit":
        return proposals.submit(proposal, by=by, now=NOW)
    if verb == "describe":
        return proposals.describe(proposal, title="T", rationale="", expected_version=1, by=by, now=NOW)
    named = {"grounds": "New"} if verb == "reopen" else {"reason": "Because"}
    return getattr(proposals, verb)(proposal, **named, by=by, now=NOW)


MAY = {  # the editor is the author
    "describe": ("owner", "editor", "second"),
    "submit": ("owner", "editor", "second"),
    "revise": ("owner", "editor", "second"),
    "withdraw": ("editor",),
    "reject": ("owner", "editor", "approver", "second"),
    "reopen": ("owner", "editor", "second"),
    "merge": ("owner", "editor", "second"),
}
STATE_FOR = {"describe": "draft", "submit": "draft", "reopen": "rejected"}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("verb", MAY)
def test_role_by_verb(world, nothing_written, verb, who):
    proposal = in_state(world, STATE_FOR.get(verb, "in_review"))
    if verb == "merge":
        support(proposal, world.approver, world.other)
    if who in MAY[verb]:
        perform(verb, proposal, world.people[who])
        return
    before = fresh(proposal).state
    with nothing_written(), pytest.raises(NotAllowed):
        perform(verb, proposal, world.people[who])
    assert fresh(proposal).state == before


STATES = {
    #            draft        in_review    merged withdrawn rejected
    "describe": ("draft", None, None, None, None),
    "submit": ("in_review", None, None, None, None),
    "revise": ("draft", "in_review", None, None, None),
    "withdraw": ("withdrawn", "withdrawn", None, None, None),
    "reject": (None, "rejected", None, None, None),
    "reopen": (None, None, None, "draft", "draft"),
    "merge": (None, "merged", None, None, None),
}


@pytest.mark.parametrize("verb", STATES)
@pytest.mark.parametrize(
    ("state", "column"), [("draft", 0), ("in_review", 1), ("merged", 2), ("withdrawn", 3), ("rejected", 4)]
)
def test_state_by_verb(world, nothing_written, state, column, verb):
    proposal = in_state(world, state)
    if verb == "merge" and state == "in_review":
        support(proposal, world.approver, world.other)
    outcome = STATES[verb][column]
    if outcome is not None:
        perform(verb, proposal, world.editor)
        assert fresh(proposal).state == outcome
        return
    with nothing_written(), pytest.raises(IllegalMove):
        perform(verb, proposal, world.editor)
    assert fresh(proposal).state == state


@pytest.mark.parametrize("state", ["withdrawn", "merged"])
def test_what_is_closed_takes_no_edits_though_a_patch_set_was_open(world, nothing_written, state):
    proposal = make_proposal(world.spec, by=world.editor)
    change = proposals.revise(proposal, by=world.editor, now=NOW).changes.get()
    if state == "merged":
        support(proposal, world.approver, world.other)
        merging.merge(proposal, by=world.editor, now=NOW)
    else:
        proposals.withdraw(proposal, reason="No", by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(IllegalMove):
        edit(proposal, "manner", "brief", "short", by=world.editor)
    with nothing_written(), pytest.raises(IllegalMove):
        drop(change, saver=Saver(world.editor, NOW))


def test_whom_the_spec_is_hidden_from_is_told_that_it_is_not_there(db):
    hidden = make_spec(visibility="internal")

    with pytest.raises(NotFound):
        proposals.create(hidden, title="T", by=make_user(), now=NOW)


def test_nothing_happens_in_an_archived_spec(world, nothing_written):
    proposal = make_proposal(world.spec, by=world.editor)
    world.spec.archived_at = NOW
    world.spec.save()

    for verb in ("withdraw", "reject", "revise", "merge", "describe"):
        with nothing_written(), pytest.raises(NotAllowed):
            perform(verb, proposal, world.editor)
