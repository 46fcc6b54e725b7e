"""The factories make what they say."""

import pytest

from reviews.queries.clauses import document
from tests.factories import SOURCE, make_proposal, make_release, make_spec, make_thread, make_user, take_position

pytestmark = pytest.mark.django_db


def test_a_spec_with_everything_in_it():
    ana, ben = make_user("Ana"), make_user("Ben")
    spec = make_spec(members={ana: ["editor"], ben: ["approver"]})
    proposal = make_proposal(spec, by=ana)
    take_position(proposal, by=ben)
    thread = make_thread(spec, by=ben, quote="does not lie")
    release = make_release(spec, label="1.0")

    assert document(spec, spec.head) == SOURCE
    assert (spec.head, proposal.state, thread.quote, release.label) == (1, "in_review", "does not lie", "1.0")
