"""Merging: exactly what was approved, once; and nothing when it is not."""

import pytest

from reviews.actions import changes, merging, people, positions, proposals
from reviews.actions.changes import Saver
from reviews.errors import Conflict, IllegalMove, Invalid
from reviews.models import ClauseVersion, Event, Lineage, Position, Proposal, Rendering, Revision
from reviews.queries.clauses import document
from reviews.rules.kinds import EventKind, PositionKind
from tests.factories import NOW
from tests.factories.conduct import (
    DOCUMENT,
    clause_of,
    edit,
    later,
    make_draft,
    make_proposal,
    support,
)
from tests.factories.people import make_user
from tests.factories.specs import add_member, version


def approved(world, *edits, **options):
    proposal = make_proposal(world.spec, *edits, by=world.editor, **options)
    support(proposal, world.approver, world.other)
    return proposal


def head(world):
    world.spec.refresh_from_db()
    return world.spec.head


def test_merging_writes_one_revision_that_changes_only_what_was_approved(world):
    proposal = approved(world)
    before = version(world.spec, "honesty")

    revision = merging.merge(proposal, by=world.owner, now=later(hours=1))

    assert (revision.number, revision.proposal, revision.author, revision.summary) == (
        2,
        proposal,
        world.owner,
        "Be clearer",
    )
    assert head(world) == 2
    assert document(world.spec, 2) == DOCUMENT.replace("must not lie", "must never lie")
    assert document(world.spec, 1) == DOCUMENT
    before.refresh_from_db()
    assert (before.since, before.until, version(world.spec, "honesty").since) == (1, 2, 2)
    assert ClauseVersion.objects.filter(valid__startswith=2).count() == 1
    found = Proposal.objects.get(pk=proposal.pk)
    assert (found.state, found.closed_at) == ("merged", later(hours=1))


def test_merging_records_one_public_event_and_keeps_the_rendering(world):
    kept = Rendering.objects.count()

    revision = merging.merge(approved(world), by=world.editor, now=NOW)

    event = Event.objects.latest("pk")
    assert (event.kind, event.visibility, event.actor, event.revision, event.data) == (
        EventKind.PROPOSAL_MERGED,
        "public",
        world.editor,
        revision,
        {"patch_set": 1},
    )
    assert Rendering.objects.count() > kept


def test_a_merged_split_keeps_its_lineage(world):
    proposal = approved(world, ("honesty", "It says what", "## Doubt {#doubt authority=root}\n\nIt says what"))

    revision = merging.merge(proposal, by=world.editor, now=NOW)

    step = Lineage.objects.get(revision=revision)
    assert (step.kind, step.source, step.target) == (
        "split",
        clause_of(world.spec, "honesty"),
        clause_of(world.spec, "doubt"),
    )


def test_everything_at_once_comes_out_as_one_document(world):
    proposal = make_draft(world.spec, by=world.editor)
    saver = Saver(world.editor, NOW)
    edit(proposal, "honesty", "anybody", "anyone", by=world.editor)
    changes.delete_clause(proposal, clause_of(world.spec, "jokes"), saver=saver)
    changes.add_clause(
        proposal,
        source="## Care {#care authority=user}\n\nTake care.\n\n",
        after=clause_of(world.spec, "honesty"),
        saver=saver,
    )
    changes.move_clause(proposal, clause_of(world.spec, "practice"), after=None, saver=saver)
    edit(proposal, "practice", "work.\n", "work.\n\n", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)
    support(proposal, world.approver, world.other)

    merging.merge(proposal, by=world.editor, now=NOW)

    top, honesty, manner = DOCUMENT.index("# Conduct"), DOCUMENT.index("## Honesty"), DOCUMENT.index("## Manner")
    jokes, practice = DOCUMENT.index("### Jokes"), DOCUMENT.index("# Practice")
    assert document(world.spec, 2) == (
        DOCUMENT[practice:]
        + "\n"
        + DOCUMENT[top:honesty]
        + DOCUMENT[honesty:manner].replace("anybody", "anyone")
        + "## Care {#care authority=user}\n\nTake care.\n\n"
        + DOCUMENT[manner:jokes]
    )


NOT_READY = {
    "nobody supports it": ([], "2 supports from approvers"),
    "one of two supports": ([("approver", "support")], "1 more support from an approver"),
    "supports of those who are not approvers": (
        [("member", "support"), ("moderator", "support"), ("owner", "support")],
        "2 supports",
    ),
    "a concern of a member": (
        [("approver", "support"), ("other", "support"), ("member", "concern")],
        "concern by Member open",
    ),
    "no objection is not support": ([("approver", "no_objection"), ("other", "support")], "1 more support"),
    "a support that was taken back": (
        [("approver", "support"), ("other", "support"), ("other", "abstain")],
        "1 more support",
    ),
}


@pytest.mark.parametrize("case", NOT_READY)
def test_without_approval_nothing_is_merged(world, nothing_written, case):
    said, sentence = NOT_READY[case]
    proposal = make_proposal(world.spec, by=world.editor)
    for who, kind in said:
        support(proposal, world.people[who], kind=kind)

    with nothing_written(), pytest.raises(Conflict, match=sentence):
        merging.merge(proposal, by=world.editor, now=NOW)
    assert (head(world), document(world.spec, 1)) == (1, DOCUMENT)


def test_the_levels_before_and_after_both_count(world):
    proposal = make_proposal(
        world.spec, ("jokes", "{#jokes authority=guideline}", "{#jokes authority=root}"), by=world.editor
    )
    support(proposal, world.approver)

    with pytest.raises(Conflict, match="1 more support"):
        merging.merge(proposal, by=world.editor, now=NOW)


def test_a_guideline_needs_one_support(world):
    proposal = make_proposal(world.spec, ("jokes", "may help", "can help"), by=world.editor)
    support(proposal, world.approver)

    assert merging.merge(proposal, by=world.editor, now=NOW).number == 2


def test_who_wrote_over_a_clause_once_cannot_approve_it_later(world, nothing_written):
    both = make_user("Both Roles")
    add_member(world.spec, both, "editor", "approver")
    proposal = make_draft(world.spec, by=world.editor)
    edit(proposal, "jokes", "may help", "can help", by=both)
    edit(proposal, "jokes", "can help", "could help", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)

    with pytest.raises(Exception, match="can’t review their own"):
        support(proposal, both)
    with nothing_written(), pytest.raises(Conflict):
        merging.merge(proposal, by=world.editor, now=NOW)


def test_who_writes_in_the_next_patch_set_no_longer_counts(world):
    both = make_user("Both Roles")
    add_member(world.spec, both, "editor", "approver")
    proposal = make_proposal(world.spec, ("jokes", "may help", "can help"), by=world.editor)
    support(proposal, both)
    proposals.revise(proposal, by=both, now=NOW)
    edit(proposal, "jokes", "can help", "could help", by=both)

    with pytest.raises(Conflict, match="1 support"):
        merging.merge(proposal, by=world.editor, now=NOW)


def test_who_is_no_approver_or_no_member_any_more_no_longer_counts(world):
    proposal = approved(world)
    people.change_roles(world.spec, user=world.approver, roles=["member"], by=world.owner, now=NOW)
    people.remove_member(world.spec, user=world.other, by=world.owner, now=NOW)

    with pytest.raises(Conflict, match="2 supports from approvers"):
        merging.merge(proposal, by=world.editor, now=NOW)


def test_the_concern_of_somebody_who_left_stands_until_it_is_overridden(world):
    proposal = approved(world)
    support(proposal, world.member, kind=PositionKind.CONCERN)
    people.remove_member(world.spec, user=world.member, by=world.owner, now=NOW)
    with pytest.raises(Conflict, match="concern by Member open"):
        merging.merge(proposal, by=world.editor, now=NOW)
    concern = Position.objects.get(kind=PositionKind.CONCERN).public_id

    positions.override(proposal, position=concern, reason="Answered in the thread.", by=world.owner, now=NOW)

    assert merging.merge(proposal, by=world.editor, now=NOW).number == 2


def test_positions_do_not_pass_to_the_next_patch_set(world):
    proposal = approved(world)
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "never", "at no time", by=world.editor)
    proposals.submit(proposal, by=world.editor, now=NOW)

    with pytest.raises(Conflict, match="2 supports"):
        merging.merge(proposal, by=world.editor, now=NOW)


def test_what_is_merged_is_the_patch_set_that_was_approved_not_the_one_being_written(world):
    proposal = approved(world)
    proposals.revise(proposal, by=world.editor, now=NOW)
    edit(proposal, "honesty", "must never lie", "may lie", by=world.editor)

    merging.merge(proposal, by=world.editor, now=NOW)

    assert "must never lie" in version(world.spec, "honesty").source


def test_a_stale_proposal_is_not_merged(world, nothing_written):
    first, second = approved(world), approved(world, ("honesty", "anybody", "anyone"))
    merging.merge(first, by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(Conflict, match="a new version, since “Honesty” changed"):
        merging.merge(second, by=world.editor, now=NOW)


def test_proposals_on_different_clauses_do_not_disturb_each_other(world):
    first, second = approved(world), approved(world, ("manner", "brief", "short"))

    merging.merge(first, by=world.editor, now=NOW)
    merging.merge(second, by=world.editor, now=NOW)

    assert document(world.spec, 3) == DOCUMENT.replace("must not lie", "must never lie").replace("brief", "short")


def test_what_only_together_breaks_the_document_is_refused(world, nothing_written):
    first = approved(world, ("honesty", "{#honesty", "{#truth"))
    second = approved(world, ("manner", "{#manner", "{#truth"))
    merging.merge(first, by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(Invalid, match="would stand twice"):
        merging.merge(second, by=world.editor, now=NOW)


def test_an_internal_proposal_is_not_merged_by_itself(world, nothing_written):
    proposal = approved(world, visibility="internal")

    with nothing_written(), pytest.raises(IllegalMove, match="by publishing the release"):
        merging.merge(proposal, by=world.editor, now=NOW)


def test_merging_twice_is_refused(world, nothing_written):
    proposal = approved(world)
    merging.merge(proposal, by=world.editor, now=NOW)

    with nothing_written(), pytest.raises(IllegalMove):
        merging.merge(proposal, by=world.editor, now=NOW)
    assert Revision.objects.filter(proposal=proposal).count() == 1
