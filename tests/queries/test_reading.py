"""The lines of a page, old anchors, counts."""

from __future__ import annotations

import pytest

from reviews.access.specs import Standing, standing_in
from reviews.models import Lineage, Rendering, Spec
from reviews.queries import reading
from reviews.queries.clauses import resolver_of
from reviews.queries.renderings import keys_of
from reviews.rules.kinds import LineageKind
from tests.factories import SOURCE, clause, import_into, make_spec, make_thread, make_user

pytestmark = pytest.mark.django_db


def outside(spec: Spec) -> Standing:
    return Standing(spec, None, frozenset())


def aliases(spec: Spec, number: int) -> dict[str | None, list[str]]:
    shown = reading.lines(spec, number)
    found = reading.aliases(spec, number, shown)
    return {line.anchor: found[line.clause_id] for line in shown if line.clause_id in found}


def test_lines_are_the_clauses_in_order_with_their_authority():
    shown = reading.lines(make_spec(), 1)
    assert [(line.anchor, line.level, line.authority, line.rank, line.since) for line in shown] == [
        ("aims", 1, "root", 1, 1),
        ("be_honest", 2, "user", 4, 1),
        ("stay_calm", 2, "guideline", 5, 1),
    ]


def test_a_rename_leaves_an_alias_from_then_on():
    spec = make_spec()
    import_into(spec, SOURCE.replace("{#be_honest", "{#honesty"))
    assert aliases(spec, 1) == {}
    assert aliases(spec, 2) == {"honesty": ["be_honest"]}


def test_an_anchor_that_is_used_again_is_no_alias():
    spec = make_spec()
    import_into(spec, SOURCE.replace("{#be_honest", "{#honesty"))
    import_into(spec, SOURCE.replace("{#be_honest", "{#honesty") + "\n## Another {#be_honest}\n\nNew.\n")
    assert aliases(spec, 3) == {}
    assert aliases(spec, 2) == {"honesty": ["be_honest"]}


def test_the_anchor_of_a_joined_clause_leads_to_where_its_words_went():
    spec = make_spec()
    import_into(spec, SOURCE[: SOURCE.index("## Stay calm")])
    gone = Lineage.objects.get(spec=spec)
    joined = {"kind": LineageKind.JOINED, "source": gone.source, "target": clause(spec, "be_honest")}
    Lineage.objects.create(spec=spec, revision=gone.revision, **joined)
    assert aliases(spec, 2) == {"be_honest": ["stay_calm"]}


def test_a_circle_in_the_lineage_ends():
    spec = make_spec()
    first, second = clause(spec, "be_honest"), clause(spec, "stay_calm")
    import_into(spec, "# Aims {#aims authority=root}\n\nOnly this.\n")
    revision = Lineage.objects.filter(spec=spec).first().revision
    for source, target in ((first, second), (second, first)):
        Lineage.objects.create(spec=spec, revision=revision, kind=LineageKind.JOINED, source=source, target=target)
    assert aliases(spec, 2) == {}


def test_html_comes_from_what_is_kept_and_else_is_made():
    spec = make_spec()
    shown = reading.lines(spec, 1)
    resolve = resolver_of(shown)
    wanted = dict(zip(keys_of(shown, resolve), shown, strict=True))
    kept = reading.html_of(wanted, resolve)
    Rendering.objects.all().delete()
    assert reading.html_of(wanted, resolve) == kept
    assert "does not lie" in "".join(body for _, body in kept.values())


def test_counts_are_of_what_one_may_see():
    ana = make_user("Ana Ruiz")
    spec = make_spec(members={ana: ["editor"]})
    make_thread(spec, by=ana)
    make_thread(spec, by=ana, visibility="internal")
    name = clause(spec, "be_honest").public_id
    assert reading.thread_counts(outside(spec)) == {name: 1}
    assert reading.thread_counts(standing_in(spec, ana)) == {name: 2}


def test_the_ground_says_what_a_page_depends_on_and_what_is_stored():
    spec = make_spec(slug="conduct", release="1.0")
    found = reading.ground("conduct", "draft")
    assert found == reading.Ground(
        spec.pk, "public", 1, "Test Spec", "", 1, "root 1 system 2 developer 3 user 4 guideline 5", None, None
    )
    assert reading.ground("absent", "draft") is None
    assert reading.spec_as_read("conduct", found).title == "Test Spec"
