"""The page of a clause, and where the address of one that is gone leads."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from reviews.actions import merging
from reviews.models import Lineage, Spec, User
from reviews.rules.kinds import LineageKind
from tests.factories import (
    NOW,
    SOURCE,
    add_member,
    clause,
    import_into,
    make_proposal,
    make_spec,
    make_thread,
    make_user,
    take_position,
)
from tests.web.views.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


@pytest.fixture
def ben() -> User:
    return make_user("Ben Okafor")


@pytest.fixture
def spec(ana: User, ben: User) -> Spec:
    return make_spec(slug="conduct", members={ana: ["editor"], ben: ["approver"]}, release="1.0")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_text_history_discussions_and_proposals_stand_on_one_page(spec, ana, ben, client):
    merged = make_proposal(spec, by=ana, title="Never lie")
    take_position(merged, by=ben)
    merging.merge(merged, by=ana, now=NOW)
    make_thread(spec, by=ben, quote="never lies", body="What of jokes?")
    make_proposal(spec, by=ana, title="Shorter", edits={"be_honest": ("for its tone", "for tone")})
    response = client.get("/conduct/draft/be_honest/")
    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(r'<h1 data-block="\w+" class="clause-title">Be honest</h1>', page)
    assert "The assistant never lies." in page
    assert "What of jokes?" in page
    assert "Shorter" in page
    assert f'href="/conduct/proposals/{merged.public_id}/">Never lie</a>' in page
    assert '<del><span class="sr"> deleted: </span>does not lie<' in page
    assert '<ins><span class="sr"> inserted: </span>never lies<' in page
    assert 'name="robots" content="noindex"' in page


def test_the_permanent_address_keeps_the_words_of_its_release(spec, client):
    import_into(spec, SOURCE.replace("does not lie", "never lies"), label="2.0")
    old, new = words(client.get("/conduct/1.0/be_honest/")), words(client.get("/conduct/2.0/be_honest/"))
    assert "The assistant does not lie." in old
    assert "never lies" not in old.split("History")[0]
    assert "The assistant never lies." in new
    assert "1.0 another text" in new


def test_outsiders_see_nothing_internal_on_it(spec, ana, client):
    before = words(client.get("/conduct/draft/be_honest/"))
    make_thread(spec, by=ana, visibility="internal", body="Between us")
    make_proposal(spec, by=ana, visibility="internal", title="A secret")
    assert words(client.get("/conduct/draft/be_honest/")) == before
    assert "A secret" in words(signed_in(ana).get("/conduct/draft/be_honest/"))


def test_neighbours_and_the_clauses_above(spec, client):
    page = client.get("/conduct/draft/be_honest/").content.decode()
    assert '› <a href="/conduct/draft/aims/" dir="auto">Aims</a>' in page
    assert '<a href="/conduct/draft/aims/" rel="prev" dir="auto">← Aims</a>' in page
    assert '<a href="/conduct/draft/stay_calm/" rel="next" dir="auto">Stay calm →</a>' in page


def test_the_text_before_the_first_heading_has_an_address_too(client):
    spec = make_spec(slug="opened", source="Some words first.\n\n# Title {#title}\n\nMore.\n")
    name = spec.clauses.get(versions__anchor__isnull=True).public_id
    assert "Some words first." in words(client.get(f"/opened/draft/~{name}/"))
    assert f'id="~{name}"' in client.get("/opened/draft/").content.decode()


def test_an_anchor_may_have_any_letters(client):
    make_spec(slug="odd", source="# Über uns {#über/uns}\n\nWords.\n")
    assert 'href="/odd/draft/%C3%BCber%2Funs/#~history"' in client.get("/odd/draft/").content.decode()
    assert client.get("/odd/draft/%C3%BCber%2Funs/").status_code == 200


def test_a_renamed_clause_is_found_by_its_old_name(spec, client):
    import_into(spec, SOURCE.replace("{#be_honest", "{#honesty"), label="2.0")
    assert client.get("/conduct/draft/be_honest/").url == "/conduct/draft/honesty/"
    assert client.get("/conduct/2.0/be_honest/").url == "/conduct/2.0/honesty/"
    assert client.get("/conduct/1.0/be_honest/").status_code == 200
    assert client.get("/conduct/1.0/honesty/").status_code == 404


def test_a_clause_that_is_gone_says_when_and_where_its_words_are(spec, client):
    import_into(spec, SOURCE[: SOURCE.index("## Stay calm")], label="2.0")
    alone = client.get("/conduct/draft/stay_calm/")
    assert alone.status_code == 410
    assert "is no longer in the text" in words(alone)
    gone = Lineage.objects.get(spec=spec)
    joined = {"kind": LineageKind.JOINED, "source": gone.source, "target": clause(spec, "be_honest")}
    Lineage.objects.create(spec=spec, revision=gone.revision, **joined)
    gone.delete()
    response = client.get("/conduct/2.0/stay_calm/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Its words went on in" in page
    assert 'href="/conduct/2.0/be_honest/"' in page
    assert 'href="/conduct/1.0/stay_calm/"' in page
    assert "also when people are rude" in page


def test_a_name_that_nobody_had_is_not_found(spec, client):
    assert client.get("/conduct/draft/nobody/").status_code == 404
    assert client.get("/conduct/draft/no%00body/").status_code == 404
    assert client.get("/conduct/9.9/be_honest/").status_code == 404


def test_of_an_internal_spec_outsiders_learn_nothing(client):
    make_spec(slug="inside", visibility="internal", release="1.0")
    for address in ("/inside/draft/aims/", "/inside/1.0/aims/", "/inside/draft/nobody/", "/nowhere/draft/aims/"):
        assert client.get(address).status_code == 404


def test_a_long_history_has_a_second_page(spec, client):
    for number in range(22):
        import_into(spec, SOURCE.replace("does not lie", f"does not lie {number}"))
    first = client.get("/conduct/draft/be_honest/").content.decode()
    assert 'href="?before=4#~history"' in first
    second = client.get("/conduct/draft/be_honest/?before=4").content.decode()
    assert second.count('<article class="clause-card"') == 3
    assert client.get("/conduct/draft/be_honest/?before=x").status_code == 200


def test_the_history_names_who_wrote_a_proposal_and_who_merged_it(spec, ana, ben, client):
    add_member(spec, carl := make_user("Carl Merger"), "editor")
    proposal = make_proposal(spec, by=ana, title="Say it better")
    take_position(proposal, by=ben)
    merging.merge(proposal, by=carl, now=NOW)

    page = words(client.get(f"/{spec.slug}/draft/be_honest/"))

    assert "Ana" in page
    assert ", merged by Carl Merger" in page
