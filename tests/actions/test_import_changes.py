"""An uploaded document as a proposal makes exactly that document when it is merged."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.actions import import_changes, merging, proposals
from reviews.actions.imports import Upload
from reviews.errors import Conflict, Invalid, NotAllowed
from reviews.models import Change, Lineage, Proposal
from reviews.queries.approval import changes_of, open_patch_set
from reviews.queries.clauses import document
from reviews.rules.kinds import LineageKind
from tests.corpora import CORPORA
from tests.factories import NOW, SOURCE, make_spec, make_user, take_position, version

pytestmark = pytest.mark.django_db


def propose(spec, text, *, by, accept=True):
    return import_changes.propose_document(spec, Upload(text, accept=accept), title="An import", by=by, now=NOW)


def merged(proposal, *, by, approvers):
    proposals.submit(proposal, by=by, now=NOW)
    for person in approvers:
        take_position(proposal, by=person)
    merging.merge(proposal, by=by, now=NOW)
    proposal.spec.refresh_from_db()
    return document(proposal.spec, proposal.spec.head)


@pytest.fixture
def people(db):
    return make_user("Ana"), [make_user("Ben"), make_user("Cy")]


def spec_with(source, people):
    ana, approvers = people
    return make_spec(source=source, release="1", members={ana: ["editor"], **{ben: ["approver"] for ben in approvers}})


def test_the_proposal_has_one_change_a_clause_and_is_a_draft(people):
    spec = spec_with(SOURCE, people)
    proposal = propose(spec, SOURCE.replace("does not lie", "never lies") + "\n## New {#new}\n\nText.\n", by=people[0])
    rows = [(row.kind, row.clause and row.clause == version(spec, "be_honest").clause) for row in rows_of(proposal)]

    assert (proposal.state, proposal.author, proposal.title) == ("draft", people[0], "An import")
    assert rows == [("edit", True), ("edit", False), ("add", None)]  # the empty line before it is the neighbour's
    assert spec.head == 1


def rows_of(proposal):
    return changes_of(open_patch_set(proposal))


def test_the_great_release_of_the_model_spec_merges_into_its_bytes(people):
    before, after = ((CORPORA / "model_spec" / f"{day}.md").read_text() for day in ("2025-04-11", "2025-09-12"))
    spec = spec_with(before, people)
    proposal = propose(spec, after, by=people[0])

    assert merged(proposal, by=people[0], approvers=people[1]) == after
    assert set(Lineage.objects.filter(source__versions__anchor="be_engaging").values_list("kind", flat=True)) == {
        LineageKind.SPLIT
    }


NAMES = "abcdefg"


def text_of(order):
    return "".join(f"{'#' * level} {name.upper()} {{#{name}}}\n\nWhat {name} says.\n\n" for name, level in order)


ORDERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(1, 3)), min_size=1, max_size=7, unique_by=lambda pair: pair[0]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ORDERS, after=ORDERS)
def test_any_order_of_headings_can_be_proposed(people, before, after):
    spec = spec_with(text_of(before), people)
    if text_of(before) == text_of(after):
        return
    proposal = propose(spec, text_of(after), by=people[0])

    assert merged(proposal, by=people[0], approvers=people[1]) == text_of(after)


def test_documents_with_made_anchors_and_wrapped_lines(people):
    texts = [path.read_text() for path in sorted((CORPORA / "semver").glob("0*.md"))[::8]]
    for before, after in pairwise(texts):
        proposal = propose(spec_with(before, people), after, by=people[0])
        assert merged(proposal, by=people[0], approvers=people[1]).rstrip("\n") == after.rstrip("\n")


def test_a_document_that_is_the_draft_already_is_refused(people):
    with pytest.raises(Invalid, match="there is nothing to propose"):
        propose(spec_with(SOURCE, people), SOURCE, by=people[0])
    assert Proposal.objects.count() == 0


def test_vanished_anchors_wait_for_a_person_here_too(people):
    spec = spec_with(SOURCE, people)

    with pytest.raises(Conflict):
        propose(spec, SOURCE.replace("{#be_honest ", "{#honesty "), by=people[0], accept=False)
    assert (Proposal.objects.count(), Change.objects.count()) == (0, 0)


def test_only_who_may_propose(people):
    spec = spec_with(SOURCE, people)

    with pytest.raises(NotAllowed):
        propose(spec, SOURCE + "More.\n", by=people[1][0])


def test_a_later_patch_set_keeps_places_and_lineage(people):
    ana = people[0]
    spec = spec_with(text_of([("a", 1), ("b", 2), ("c", 2)]), people)
    target = text_of([("c", 1), ("a", 2)])
    proposal = propose(spec, target, by=ana)
    proposals.submit(proposal, by=ana, now=NOW)
    proposals.revise(proposal, by=ana, now=NOW)

    assert merged(proposal, by=ana, approvers=people[1]) == target
