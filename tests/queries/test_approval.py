"""Many proposals weighed together come out as each of them alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.actions import changes, merging, proposals
from reviews.actions.changes import Saver
from reviews.models import Proposal
from reviews.queries.approval import changes_of, newest_patch_set, open_patch_set, verdict_of, verdicts_of
from reviews.rules.policy import Verdict
from tests.actions.conftest import make_world
from tests.factories import NOW, clause, make_spec, make_user
from tests.factories.conduct import edit, make_draft, make_proposal, support


@pytest.fixture
def world(db):
    return make_world()


def alone(proposal):
    newest = newest_patch_set(proposal)
    return verdict_of(proposal, newest, changes_of(newest or open_patch_set(proposal)))


def test_together_as_alone(world):
    approved = make_proposal(world.spec, ("jokes", "may", "can"), by=world.editor)
    support(approved, world.approver)
    doubted = make_proposal(world.spec, by=world.editor)
    support(doubted, world.approver, world.second)
    support(doubted, world.member, kind="concern")
    merged = make_proposal(world.spec, ("manner", "brief", "short"), by=world.editor)
    stale = make_proposal(world.spec, ("manner", "kind", "good"), by=world.editor)
    support(merged, world.approver)
    merging.merge(merged, by=world.editor, now=NOW)
    revised = make_proposal(world.spec, ("practice", "work", "the work"), by=world.editor)
    proposals.revise(revised, by=world.second, now=NOW)
    edit(revised, "honesty", "must", "shall", by=world.second)
    make_draft(world.spec, by=world.editor)
    world.spec.refresh_from_db()
    rows = list(Proposal.objects.select_related("spec"))

    found = verdicts_of(world.spec, rows)

    assert found == {row.pk: alone(row) for row in rows}
    assert found[approved.pk] == Verdict(needed=1, supports=1, concerns=(), reviewers=2)
    assert found[doubted.pk] == Verdict(needed=2, supports=1, concerns=("Member",), reviewers=2)
    assert found[stale.pk].stale == ("Manner",)
    assert found[revised.pk].needed == 1


def test_none_costs_nothing_wrong(world):
    assert verdicts_of(world.spec, []) == {}


def test_the_cost_does_not_grow_with_their_number(world):
    def cost():
        rows = list(Proposal.objects.select_related("spec"))
        with CaptureQueriesContext(connection) as found:
            verdicts_of(world.spec, rows)
        return len(found)

    support(make_proposal(world.spec, by=world.editor), world.approver)
    first = cost()
    for _ in range(4):
        support(make_proposal(world.spec, ("jokes", "may", "can"), by=world.second), world.approver, world.other)

    assert cost() == first


def test_a_chapter_that_moves_needs_what_the_highest_part_below_it_needs(db):
    editor = make_user("Edith")
    source = "# Low {#low authority=guideline}\n\n## High {#high authority=root}\n\ntext\n\n# Last {#last}\n\nend\n"
    spec = make_spec(source=source, members={editor: ["editor"]})
    proposal = make_draft(spec, by=editor)
    saver = Saver(by=editor, now=NOW)
    changes.move_clause(proposal, clause(spec, "low"), after=clause(spec, "last"), saver=saver)
    patch_set = open_patch_set(proposal)
    assert verdict_of(proposal, patch_set, changes_of(patch_set)).needed == 2
