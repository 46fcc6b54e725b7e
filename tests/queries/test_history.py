"""The history of one clause, as far as somebody may know it."""

from __future__ import annotations

import pytest

from reviews.access.specs import Standing, standing_in
from reviews.actions import merging, releases
from reviews.models import Spec, User
from reviews.queries import history, reading
from reviews.rules.kinds import LineageKind
from tests.factories import NOW, SOURCE, clause, import_into, make_proposal, make_spec, make_user, take_position

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


@pytest.fixture
def ben() -> User:
    return make_user("Ben Okafor")


@pytest.fixture
def spec(ana: User, ben: User) -> Spec:
    return make_spec(members={ana: ["editor", "release_manager"], ben: ["approver"]}, release="1.0")


def outside(spec: Spec) -> Standing:
    return Standing(spec, None, frozenset())


def merged(spec: Spec, ana: User, ben: User, old: str, new: str, **options: str) -> None:
    proposal = make_proposal(spec, by=ana, edits={"be_honest": (old, new)}, **options)
    take_position(proposal, by=ben)
    merging.merge(proposal, by=ana, now=NOW)
    spec.refresh_from_db()


def test_versions_newest_first_each_with_the_one_before(spec, ana, ben):
    merged(spec, ana, ben, "does not lie", "never lies", title="Never")
    entries, further = history.history(outside(spec), clause(spec, "be_honest").pk, until=spec.head)
    assert [(one.version.since, one.previous and one.previous.since, one.origin.summary) for one in entries] == [
        (2, 1, "Never"),
        (1, None, "Import of test.md"),
    ]
    assert further is None


def test_what_came_after_a_release_is_not_in_its_history(spec, ana, ben):
    merged(spec, ana, ben, "does not lie", "never lies")
    entries, _ = history.history(outside(spec), clause(spec, "be_honest").pk, until=1)
    assert [one.version.since for one in entries] == [1]


def test_a_long_history_comes_in_pages(spec):
    for number in range(5):
        import_into(spec, SOURCE.replace("does not lie", f"does not lie {number}"))
    name = clause(spec, "be_honest").pk
    first, before = history.history(outside(spec), name, until=spec.head, size=4)
    rest, end = history.history(outside(spec), name, until=spec.head, size=4, before=before)
    assert [one.version.since for one in first] == [6, 5, 4, 3]
    assert [one.version.since for one in rest] == [2, 1]
    assert first[-1].previous is not None
    assert first[-1].previous.since == 2
    assert end is None


def test_of_a_merged_internal_proposal_outsiders_learn_no_title(spec, ana, ben):
    proposal = make_proposal(spec, by=ana, visibility="internal", title="A secret plan")
    take_position(proposal, by=ben)
    release = releases.assemble(spec, label="2.0", by=ana, now=NOW)
    releases.edit_notes(release, notes="", includes=[proposal], expected_version=1, by=ana, now=NOW)
    releases.publish(release, by=ana, now=NOW)
    told = history.origins(outside(spec), [2])[2]
    assert (told.summary, told.proposal) == ("Merged with a release", None)
    known = history.origins(standing_in(spec, ana), [2])[2]
    assert (known.summary, known.proposal) == ("A secret plan", proposal)


def test_a_clause_stands_in_each_release_under_its_anchor_of_then(spec):
    import_into(spec, SOURCE.replace("{#be_honest", "{#honesty"), label="2.0")
    import_into(spec, SOURCE.replace("{#be_honest", "{#honesty").replace("calm tone", "even tone"), label="3.0")
    found = history.places(clause(spec, "honesty").pk, reading.editions(outside(spec)))
    assert sorted((edition.label, since, anchor) for edition, since, anchor in found) == [
        ("1.0", 1, "be_honest"),
        ("2.0", 2, "honesty"),
        ("3.0", 2, "honesty"),
    ]


def test_open_proposals_as_far_as_one_may_know(spec, ana, ben):
    public = make_proposal(spec, by=ana, title="Open")
    internal = make_proposal(spec, by=ana, title="Inside", visibility="internal")
    draft = make_proposal(spec, by=ana, title="Draft", submit=False)
    make_proposal(spec, by=ana, title="Elsewhere", edits={"stay_calm": ("calm tone", "even tone")})
    name = clause(spec, "be_honest")
    assert history.open_proposals(outside(spec), name) == [public]
    assert set(history.open_proposals(standing_in(spec, ben), name)) == {public, internal}
    assert set(history.open_proposals(standing_in(spec, ana), name)) == {public, internal, draft}


def test_how_a_clause_ended(spec):
    without = SOURCE[: SOURCE.index("## Stay calm")]
    import_into(spec, without, label="2.0")
    assert history.gone(outside(spec), "stay_calm", until=1) is None
    assert history.gone(outside(spec), "never_there", until=2) is None
    assert history.gone(outside(spec), "be_honest", until=2) is None
    found = history.gone(outside(spec), "stay_calm", until=2)
    assert found is not None
    assert (found.version.title, found.origin.number, found.kind) == ("Stay calm", 2, LineageKind.GONE)
    assert found.targets == []
