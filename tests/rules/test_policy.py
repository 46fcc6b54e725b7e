"""What a proposal still needs, counted and said."""

import pytest

from reviews.rules.kinds import PositionKind
from reviews.rules.policy import Stand, Verdict, verdict


def stand(person, kind="support", *, counts=True, name=""):
    return Stand(person, name or f"Person {person}", PositionKind(kind), counts)


CASES = [
    ([1], [], (), "Still needs: 1 support from an approver."),
    ([1, 2], [], (), "Still needs: 2 supports from approvers."),
    ([2], [stand(1)], (), "Still needs: 1 more support from an approver."),
    ([3], [stand(1)], (), "Still needs: 2 more supports from approvers."),
    ([1], [stand(1)], (), "Approved: nothing more is needed."),
    ([1], [stand(1, counts=False)], (), "Still needs: 1 support from an approver."),
    ([1], [stand(1, "no_objection")], (), "Still needs: 1 support from an approver."),
    ([1], [stand(1, "abstain"), stand(2, "recuse")], (), "Still needs: 1 support from an approver."),
    (
        [1],
        [stand(1), stand(2, "concern", counts=False, name="Ana Ruiz")],
        (),
        "Still needs: concern by Ana Ruiz open.",
    ),
    (
        [2],
        [stand(1), stand(2, "concern", name="Bo"), stand(3, "concern", name="Al")],
        ("Honesty",),
        "Still needs: 1 more support from an approver; concern by Al open; concern by Bo open; "
        "a new version, since “Honesty” changed in the draft meanwhile.",
    ),
    (
        [1],
        [stand(1)],
        ("A", "B", "C", "D", "E"),
        "Still needs: a new version, since “A”, “B”, “C” and 2 more changed in the draft meanwhile.",
    ),
    ([], [], (), "Still needs: 1 support from an approver."),
]


@pytest.mark.parametrize(("needed", "stands", "stale", "sentence"), CASES)
def test_the_sentence(needed, stands, stale, sentence):
    found = verdict(needed=needed, stands=stands, stale=stale)

    assert found.sentence == sentence
    assert found.ready is (sentence == "Approved: nothing more is needed.")


def test_two_people_of_one_name_are_two_people():
    found = verdict(needed=[2], stands=[stand(1, name="Ana Ruiz"), stand(2, name="Ana Ruiz")])

    assert found == Verdict(needed=2, supports=2, concerns=())


def test_one_person_counts_once():
    assert verdict(needed=[2], stands=[stand(1), stand(1)]).supports == 1


def test_stale_may_be_approved_and_is_not_ready():
    found = verdict(needed=[1], stands=[stand(1)], stale=["Honesty"])

    assert (found.approved, found.ready) == (True, False)
