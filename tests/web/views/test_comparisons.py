"""The comparison of any two editions."""

from __future__ import annotations

import pytest

from reviews.models import Spec, StoredPage
from reviews.queries.reading import Edition
from reviews.web.pages import comparisons, stored
from reviews.web.pages.comparisons import labels_of
from tests.factories import NOW, SOURCE, import_into, make_spec, make_user
from tests.web.views.conftest import words

pytestmark = pytest.mark.django_db

SECOND = (
    SOURCE.replace("## Be honest {#be_honest authority=user}", "## Be truthful {#honesty authority=user}")
    .replace("calm tone", "even tone")
    .replace("{#stay_calm authority=guideline}", "{#stay_calm authority=user}")
    + "\n## Be brief {#be_brief}\n\nThe assistant says no more than is needed.\n"
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    stored.memory.clear()


@pytest.fixture
def spec() -> Spec:
    spec = make_spec(slug="conduct", release="1.0")
    import_into(spec, SECOND, label="2.0")
    return spec


def test_first_the_changes_in_a_few_lines_then_every_clause_in_words(spec, client):
    response = client.get("/conduct/compare/1.0..2.0/")
    page, said = response.content.decode(), words(response)
    assert "1 clause added Be brief" in said
    assert "1 clause renamed Be honest → Be truthful" in said
    assert "1 clause from guideline to user Stay calm" in said
    assert "2 clauses with other words" in said
    assert "Anchor: be_honest → honesty." in said
    assert '<del><span class="sr"> deleted: </span>calm<' in page
    assert '<ins><span class="sr"> inserted: </span>even<' in page
    assert page.index("1 clause added") < page.index('id="change-honesty"') < page.index('id="change-be_brief"')


def test_backwards_what_was_added_goes(spec, client):
    assert "1 clause removed Be brief" in words(client.get("/conduct/compare/2.0..1.0/"))


def test_an_edition_is_equal_to_itself(spec, client):
    assert "No difference" in words(client.get("/conduct/compare/2.0..2.0/"))


def test_the_draft_can_be_compared_and_moves_on(spec, client):
    assert "No difference" in words(client.get("/conduct/compare/2.0..draft/"))
    import_into(spec, SECOND.replace("no more than", "only what"))
    assert "1 clause with other words" in words(client.get("/conduct/compare/2.0..draft/"))


def test_the_comparison_is_stored_bytes_for_outsiders(spec, client, django_assert_num_queries):
    first = client.get("/conduct/compare/1.0..2.0/")
    with django_assert_num_queries(1):
        assert client.get("/conduct/compare/1.0..2.0/").content == first.content
    assert StoredPage.objects.filter(name="compare 1.0..2.0").exists()


def test_members_get_the_same_in_their_shell(spec, client):
    public = client.get("/conduct/compare/1.0..2.0/").content
    client.force_login(make_user("Ana Ruiz"))
    own = client.get("/conduct/compare/1.0..2.0/").content
    assert stored.part(own, "text") == stored.part(public, "text")
    assert b"Ana Ruiz" in own


def test_a_long_comparison_comes_in_pages(spec, client, monkeypatch):
    monkeypatch.setattr(comparisons, "SHOWN", 2)
    first = client.get("/conduct/compare/1.0..2.0/").content.decode()
    assert 'href="?from=2"' in first
    second = client.get("/conduct/compare/1.0..2.0/?from=2").content.decode()
    assert 'id="change-be_brief"' in second
    assert 'id="change-honesty"' not in second
    assert 'href="?from=0#change-honesty"' in second


def test_the_form_leads_to_the_comparison(spec, client):
    assert client.get("/conduct/compare/?old=1.0&new=draft").url == "/conduct/compare/1.0..draft/"
    assert client.get("/conduct/compare/?old=1.0").status_code == 404


@pytest.mark.parametrize("pair", ["1.0..9.9", "1.0", "..", "1.0..", "a%00..b", "1.0...2.0"])
def test_what_does_not_name_two_editions_is_not_found(spec, client, pair):
    assert client.get(f"/conduct/compare/{pair}/").status_code == 404


def test_labels_may_have_dots():
    known = [Edition(label, 1, NOW.date(), imported=True, published_at=NOW) for label in ("1", "1..2", "3")]
    assert labels_of("1..2..3", known) == ("1..2", "3")
    assert labels_of("1..3", known) == ("1", "3")
    assert labels_of("2..3", known) is None
