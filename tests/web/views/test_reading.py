"""The reading pages: stored bytes for everybody without a session, the same text in a live shell for the others."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.actions import merging, pages, specs
from reviews.actions.specs import Level
from reviews.models import Spec, StoredPage, User
from reviews.web.pages import stored
from tests.factories import NOW, SOURCE, import_into, make_proposal, make_spec, make_thread, make_user, take_position
from tests.web.views.conftest import words

pytestmark = pytest.mark.django_db

ROLES = ["owner", "editor", "approver", "release_manager"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    stored.memory.clear()


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


@pytest.fixture
def ben() -> User:
    return make_user("Ben Okafor")


@pytest.fixture
def spec(ana: User, ben: User) -> Spec:
    return make_spec(slug="conduct", members={ana: ROLES, ben: ["approver"]}, release="1.0")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    assert response.status_code == 200, response
    content = response.content
    return (brotli.decompress(content) if response.get("Content-Encoding") == "br" else content).decode()


def part(page: str, name: str) -> str:
    return stored.part(page.encode(), name).decode()


def read(address: str, client: Client | None = None, **headers: str) -> str:
    return text((client or Client()).get(address, **headers))


def test_an_outsider_reads_the_whole_text_with_contents_badges_and_permalinks(spec, client):
    page = read("/conduct/draft/", client)
    assert '<section class="clause" id="be_honest" data-clause="' in page
    assert "The assistant does not lie." in page
    assert 'href="#be_honest" data-toc-anchor="be_honest"' in page
    assert '<span class="sr">Authority: </span>User' in page
    assert 'href="/conduct/draft/be_honest/#~history"' in page
    assert '<a class="ref" href="#stay_calm">Stay calm</a>' in page


def test_stored_bytes_are_brotli_with_an_etag_and_nothing_of_a_session(spec, client):
    client.get("/conduct/1.0/")
    response = client.get("/conduct/1.0/", HTTP_ACCEPT_ENCODING="gzip, br")
    assert response["Content-Encoding"] == "br"
    assert response["Vary"] == "Accept-Encoding, Cookie"
    assert response["Cache-Control"] == "public, no-cache"
    assert response["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in text(response)
    assert "nonce" not in text(response)


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity", "br;q=0, gzip;q=1.0"])
def test_every_encoding_has_the_same_page(spec, client, accepted):
    plain = read("/conduct/1.0/", client)
    response = client.get("/conduct/1.0/", HTTP_ACCEPT_ENCODING=accepted)
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[response.get("Content-Encoding", "")]
    assert unpacked(response.content).decode() == plain
    assert int(response["Content-Length"]) == len(response.content)


def test_the_second_reading_costs_one_query_and_an_unchanged_page_is_304(spec, client, django_assert_num_queries):
    first = client.get("/conduct/1.0/")
    with django_assert_num_queries(1):
        again = client.get("/conduct/1.0/")
    assert again.content == first.content
    with django_assert_num_queries(1):
        unchanged = client.get("/conduct/1.0/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])


def test_another_process_takes_the_bytes_from_the_database(spec, client, django_assert_num_queries):
    first = client.get("/conduct/1.0/")
    stored.memory.clear()
    with django_assert_num_queries(2):
        assert client.get("/conduct/1.0/").content == first.content


def test_bytes_compressed_better_by_a_worker_are_taken_up(spec, client):
    first = client.get("/conduct/1.0/", HTTP_ACCEPT_ENCODING="br")
    pages.compress(spec=spec.pk, page="release 1.0")
    second = client.get("/conduct/1.0/", HTTP_ACCEPT_ENCODING="br")
    assert len(second.content) < len(first.content)
    assert brotli.decompress(second.content) == brotli.decompress(first.content)
    assert second["ETag"] == first["ETag"]


def test_head_has_the_headers_alone(spec, client):
    whole = client.get("/conduct/1.0/")
    head = client.head("/conduct/1.0/")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == whole["Content-Length"]


def test_nothing_internal_changes_a_byte_of_what_outsiders_get(spec, ana):
    addresses = ["/conduct/draft/", "/conduct/1.0/", "/conduct/compare/1.0..draft/"]
    before = [read(address) for address in addresses]
    make_thread(spec, by=ana, visibility="internal", body="Between us")
    make_proposal(spec, by=ana, visibility="internal", title="A secret")
    make_proposal(spec, by=ana, submit=False, title="Not yet shown")
    StoredPage.objects.all().delete()
    assert [read(address) for address in addresses] == before


def test_comments_do_not_change_the_stored_bytes(spec, ana):
    before = read("/conduct/draft/")
    make_thread(spec, by=ana)
    StoredPage.objects.all().delete()
    assert read("/conduct/draft/") == before


def test_the_query_string_of_the_first_reader_is_not_kept(spec):
    read("/conduct/draft/?next=//evil.example/")
    assert "evil" not in read("/conduct/draft/")


def merged_edit(spec: Spec, ana: User, ben: User) -> None:
    proposal = make_proposal(spec, by=ana, edits={"stay_calm": ("a calm tone", "an even tone")})
    take_position(proposal, by=ben)
    merging.merge(proposal, by=ana, now=NOW)
    spec.refresh_from_db()


def test_a_merge_changes_the_draft_and_no_release(spec, ana, ben):
    draft, release = read("/conduct/draft/"), read("/conduct/1.0/")
    assert "an even tone" not in draft
    merged_edit(spec, ana, ben)
    assert "an even tone" in read("/conduct/draft/")
    assert "changed in the draft" in read("/conduct/draft/")
    assert "1 clause changed since 1.0" in read("/conduct/draft/")
    assert read("/conduct/1.0/") == release


def test_a_new_title_level_or_release_is_shown_at_once(spec, ana):
    read("/conduct/1.0/")
    specs.configure(
        spec, title="Manners", description="For all.", visibility="public", default_supports=1, by=ana, now=NOW
    )
    assert "<h1>Manners</h1>" in read("/conduct/1.0/")
    levels = [Level("user"), Level("root"), Level("system"), Level("developer"), Level("guideline")]
    assert "badge rank-4" in read("/conduct/1.0/")
    specs.set_levels(spec, levels=levels, by=ana, now=NOW)
    assert "badge rank-4" not in read("/conduct/1.0/")
    import_into(spec, SOURCE + "\nMore.\n", label="2.0")
    assert "There is a newer release" in read("/conduct/1.0/")


def test_a_spec_that_becomes_internal_is_gone_for_outsiders_at_once(spec, ana, client):
    read("/conduct/1.0/", client)
    specs.configure(spec, title=spec.title, description="", visibility="internal", default_supports=1, by=ana, now=NOW)
    hidden, missing = client.get("/conduct/1.0/"), client.get("/absent/1.0/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content.replace(b"conduct", b"absent") == missing.content
    assert "The assistant does not lie." in read("/conduct/1.0/", signed_in(ana))
    assert 'name="robots" content="noindex"' in read("/conduct/1.0/", signed_in(ana))


def test_with_a_session_the_same_text_stands_in_a_live_shell(spec, ana):
    public, own = read("/conduct/draft/"), signed_in(ana).get("/conduct/draft/")
    page = text(own)
    for name in ("contents", "text"):
        assert part(page, name) == part(public, name)
    assert "Ana Ruiz" in page
    assert "may-propose" in page
    assert "csrfmiddlewaretoken" in page
    assert own["Cache-Control"] == "no-store"
    assert "Cookie" in own["Vary"]
    assert "may-propose" not in public.replace(part(public, "text"), "")


def test_a_session_page_is_compressed_on_its_way(spec, ana):
    client = signed_in(ana)
    response = client.get("/conduct/draft/", HTTP_ACCEPT_ENCODING="br")
    assert response["Content-Encoding"] == "br"
    assert "Ana Ruiz" in text(response)


def test_drafts_are_noindex_and_public_releases_are_not(spec):
    assert 'name="robots" content="noindex"' in read("/conduct/draft/")
    assert 'name="robots" content="index"' in read("/conduct/1.0/")


def test_an_empty_spec_says_so(ana):
    make_spec(slug="empty", source="", members={ana: ROLES})
    assert "Nothing here yet" in read("/empty/draft/")


def test_home_and_current_lead_to_what_is_in_force(spec, client):
    make_spec(slug="unreleased")
    assert client.get("/conduct/").url == "/conduct/current/"
    assert client.get("/conduct/current/").url == "/conduct/1.0/"
    assert client.get("/unreleased/").url == "/unreleased/draft/"
    assert client.get("/unreleased/current/").status_code == 404


@pytest.mark.parametrize("address", ["/conduct/9.9/", "/conduct/%00/", "/conduct/draft%00/", "/conduct/..%2f/"])
def test_what_is_not_there_is_not_found(spec, client, address):
    assert client.get(address).status_code == 404


def test_old_anchors_are_targets_where_their_clause_went(spec):
    renamed = SOURCE.replace("{#be_honest", "{#honesty")
    import_into(spec, renamed, label="2.0")
    new, old = read("/conduct/2.0/"), read("/conduct/1.0/")
    section = new[new.index('id="honesty"') : new.index('id="stay_calm"')]
    assert '<span class="sr" id="be_honest"></span>' in section
    assert 'id="honesty"' not in old


def test_counts_are_pieces_for_htmx_and_outsiders_count_the_public_ones(spec, ana, client):
    make_thread(spec, by=ana)
    make_thread(spec, by=ana, visibility="internal")
    name = spec.clauses.get(versions__anchor="be_honest", versions__valid__upper_inf=True).public_id
    outside, inside = read("/conduct/clauses/counts", client), read("/conduct/clauses/counts", signed_in(ana))
    assert f'id="toc-count-{name}" hx-swap-oob="true">1<' in outside
    assert f'id="toc-count-{name}" hx-swap-oob="true">2<' in inside
    assert f'id="margin-{name}" hx-swap-oob="true"' in outside
    assert outside.count("toc-count-") == 1


def test_counting_takes_as_many_queries_for_three_clauses_as_for_one(spec, ana, client):
    make_thread(spec, by=ana, about="be_honest")
    with CaptureQueriesContext(connection) as one:
        read("/conduct/clauses/counts", client)
    make_thread(spec, by=ana, about="aims")
    make_thread(spec, by=ana, about="stay_calm")
    with CaptureQueriesContext(connection) as three:
        read("/conduct/clauses/counts", client)
    assert len(three) == len(one)


def test_a_member_may_look_as_the_public_does_and_come_back(spec, ana):
    client = signed_in(ana)
    assert client.post("/conduct/view-as-public").status_code == 303
    page = read("/conduct/draft/", client)
    assert "You see this page as the public sees it" in page
    assert "may-propose" not in page.replace(part(page, "text"), "")
    client.post("/conduct/view-as-public")
    assert "You see this page as the public sees it" not in read("/conduct/draft/", client)
    assert client.get("/conduct/view-as-public").status_code == 405


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (SOURCE, "No clause has changed since 1.0"),
        (SOURCE.replace("calm tone", "quiet tone"), "1 clause changed since 1.0"),
        (SOURCE[: SOURCE.rindex("## ")], "1 clause removed since 1.0"),
    ],
)
def test_the_draft_says_what_changed_and_what_was_removed(db, client, source, sentence):
    spec = make_spec(slug="said", release="1.0")
    import_into(spec, source)

    assert sentence in words(client.get("/said/draft/"))
