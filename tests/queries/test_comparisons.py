"""What changed between two revisions, told apart by the identity of clauses."""

from __future__ import annotations

import pytest

from reviews.models import Spec
from reviews.queries.comparisons import compare
from tests.corpora import CORPORA
from tests.factories import SOURCE, import_into, make_spec

pytestmark = pytest.mark.django_db


def compared(*sources: str):
    spec = make_spec(source=sources[0])
    for source in sources[1:]:
        import_into(spec, source)
    return compare(spec, 1, len(sources))


def anchors(found, pairs) -> list[str | None]:
    return [found.new[pair.new].anchor for pair in pairs]


def test_nothing_differs_from_itself():
    spec = make_spec()
    found = compare(spec, 1, 1)
    assert (found.changed, found.diff.added, found.diff.removed, found.sources) == ([], (), (), {})


def test_only_what_differs_is_fetched():
    found = compared(SOURCE, SOURCE.replace("calm tone", "even tone"))
    assert anchors(found, found.changed) == ["stay_calm"]
    assert len(found.sources) == 2
    assert ("+", "even") in [tuple(op) for op in found.changed[0].diff.ops]


def test_a_renamed_clause_is_one_clause():
    found = compared(SOURCE, SOURCE.replace("## Be honest {#be_honest", "## Be truthful {#truth"))
    assert anchors(found, found.diff.renames) == ["truth"]
    assert (found.diff.added, found.diff.removed) == ((), ())


def test_authority_that_changed_is_found_beside_equal_words():
    found = compared(SOURCE, SOURCE.replace("authority=guideline", "authority=user"))
    assert {key: anchors(found, pairs) for key, pairs in found.diff.authority_groups.items()} == {
        ("guideline", "user"): ["stay_calm"]
    }


def test_both_directions_can_be_asked():
    spec = make_spec()
    import_into(spec, SOURCE + "\n## New {#new}\n\nMore.\n")
    assert [found.anchor for found in _added(compare(spec, 1, 2))] == ["new"]
    assert _added(compare(spec, 2, 1)) == []


def _added(found):
    return [found.new[j] for j in found.diff.added]


@pytest.fixture(scope="module")
def releases() -> list[str]:
    folder = CORPORA / "model_spec"
    return [(folder / f"{label}.md").read_text() for label in ("2025-04-11", "2025-09-12")]


def test_the_great_change_between_two_real_releases(releases):
    found = compared(*releases)
    groups = {key: len(pairs) for key, pairs in found.diff.authority_groups.items()}
    assert groups["platform", "root"] == 17
    assert groups["platform", "system"] == 3
    assert [found.old[pair.old].anchor for pair in found.diff.renames] == ["protect_privileged_messages"]
    assert len(found.diff.reparented) == 3
    assert len(found.diff.removed) == 4
    targets = {found.old[i].anchor: [found.new[j].anchor for j in went] for i, went in found.went_to.items()}
    assert targets["be_kind"] == ["love_humanity"]


def test_the_number_of_queries_does_not_grow(releases, django_assert_max_num_queries):
    spec: Spec = make_spec(source=releases[0])
    import_into(spec, releases[1])
    with django_assert_max_num_queries(4):
        compare(spec, 1, 2)
