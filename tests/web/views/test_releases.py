"""Releases: the list, one of them with its files, assembling the next."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.actions import merging, positions
from reviews.editions.data import written
from reviews.models import Proposal, Release, Revision, Spec, User
from reviews.tasks.releases import write_files
from tests.factories import (
    NOW,
    SOURCE,
    add_member,
    import_into,
    make_proposal,
    make_spec,
    make_thread,
    make_user,
    take_position,
    version,
)
from tests.web.views.conftest import hidden, words

pytestmark = pytest.mark.django_db
ASSEMBLING = "/conduct/releases/assembling/"


@pytest.fixture
def ana() -> User:
    return make_user("Ana Ruiz")


@pytest.fixture
def ben() -> User:
    return make_user("Ben Okafor")


@pytest.fixture
def spec(ana: User, ben: User) -> Spec:
    return make_spec(slug="conduct", members={ana: ["editor", "release_manager"], ben: ["approver"]}, release="1.0")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(spec: Spec, ana: User) -> Client:
    return signed_in(ana)


def begin(manager: Client, label: str = "2.0") -> None:
    assert manager.post("/conduct/releases/new/", {"label": label}).url == ASSEMBLING


def send(manager: Client, address: str = ASSEMBLING, **changed: object):
    page = manager.get(ASSEMBLING)
    form = {"notes": "Notes.", "version": hidden(page, "version"), "base": hidden(page, "base") or ""}
    return manager.post(address, {**form, **changed})


def publish(manager: Client, **changed: object):
    """Send the notes, then say yes to the question."""
    asked = send(manager, f"{ASSEMBLING}publish", **changed)
    assert asked.status_code == 200
    return manager.post(f"{ASSEMBLING}publish", {"confirmed": "1", "version": hidden(asked, "version")})


def test_the_list_has_every_release_with_its_comparison(spec, client):
    import_into(spec, SOURCE + "\nMore.\n", label="1.1")
    page = client.get("/conduct/releases/").content.decode()
    assert page.index(">1.1</a>") < page.index(">1.0</a>")
    assert 'href="/conduct/compare/1.0..1.1/"' in page
    assert "Assemble a release" not in page


def test_three_releases_take_as_many_queries_as_one(spec, client):
    with CaptureQueriesContext(connection) as one:
        client.get("/conduct/releases/")
    for label in ("1.1", "1.2"):
        import_into(spec, SOURCE + f"\n{label}.\n", label=label)
    with CaptureQueriesContext(connection) as three:
        client.get("/conduct/releases/")
    assert len(three) == len(one)


def test_a_spec_without_releases_says_so(client):
    make_spec(slug="unreleased")
    assert "Nothing was published yet" in words(client.get("/unreleased/releases/"))


@pytest.mark.parametrize("address", ["new/", "assembling/"])
def test_only_a_release_manager_assembles(spec, ben, client, address):
    assert signed_in(ben).get(f"/conduct/releases/{address}").status_code == 403
    assert client.get(f"/conduct/releases/{address}").status_code == 302
    assert signed_in(ben).post("/conduct/releases/new/", {"label": "2.0"}).status_code == 403


@pytest.mark.parametrize("label", ["draft", "assembling", "a b", "1.0", ""])
def test_a_label_that_cannot_be_is_refused_beside_its_field(manager, label):
    response = manager.post("/conduct/releases/new/", {"label": label})
    assert response.status_code == 422
    assert "field-errors" in response.content.decode()


def test_assembling_shows_what_changed_since_the_last_release(spec, manager):
    import_into(spec, SOURCE.replace("does not lie", "never lies"))
    begin(manager)
    page = manager.get(ASSEMBLING)
    assert "1 clause with other words" in words(page)
    assert '<ins><span class="sr"> inserted: </span>never lies<' in page.content.decode()
    assert manager.get("/conduct/releases/new/").url == ASSEMBLING


def test_notes_are_kept(spec, manager):
    begin(manager)
    response = send(manager, notes="# News\r\n\r\nAll new.")
    assert (response.status_code, response.url) == (303, ASSEMBLING)
    assert Release.objects.get(label="2.0").notes == "# News\n\nAll new."


def test_the_second_of_two_who_write_notes_sees_all_three_texts_and_loses_nothing(spec, ana, ben, manager):
    secret = make_proposal(spec, by=ana, visibility="internal", title="Inside")
    take_position(secret, by=ben)
    begin(manager)
    page = manager.get(ASSEMBLING)
    first = {"version": hidden(page, "version"), "base": hidden(page, "base") or ""}
    manager.post(ASSEMBLING, {**first, "notes": "Theirs."})
    response = manager.post(ASSEMBLING, {**first, "notes": "Mine.", "includes": [secret.public_id]})
    assert response.status_code == 409
    assert "This changed while you were writing" in words(response)
    assert "Mine.</textarea>" in response.content.decode()
    assert f'value="{secret.public_id}" checked' in response.content.decode()
    assert "Theirs." in words(response)
    assert Release.objects.get(label="2.0").notes == "Theirs."
    again = {"version": hidden(response, "version"), "base": hidden(response, "base"), "notes": "Both."}
    assert manager.post(ASSEMBLING, again).status_code == 303
    assert Release.objects.get(label="2.0").notes == "Both."


def test_publishing_keeps_the_notes_as_sent_and_merges_what_is_included(spec, ana, ben, manager, client):
    secret = make_proposal(spec, by=ana, visibility="internal", title="Inside")
    take_position(secret, by=ben)
    begin(manager)
    response = publish(manager, notes="**Out.**", includes=[secret.public_id])
    assert (response.status_code, response.url) == (303, "/conduct/releases/2.0/")
    release = Release.objects.select_related("revision").get(label="2.0")
    assert (release.state, release.notes, release.revision.number) == ("published", "**Out.**", 2)
    assert Proposal.objects.get(pk=secret.pk).state == "merged"
    assert "never lies" in words(client.get("/conduct/2.0/"))
    page = client.get("/conduct/releases/2.0/").content.decode()
    assert "<strong>Out.</strong>" in page
    assert "Inside" not in page


def test_what_is_not_approved_stops_publishing_and_says_why(spec, ana, manager):
    secret = make_proposal(spec, by=ana, visibility="internal", title="Inside")
    begin(manager)
    response = publish(manager, notes="Kept.", includes=[secret.public_id])
    assert response.status_code == 409
    assert "Still needs" in words(response)
    release = Release.objects.get(label="2.0")
    assert (release.state, release.notes) == ("assembling", "Kept.")


def test_the_page_says_when_the_draft_is_newer(spec, manager):
    begin(manager)
    import_into(spec, SOURCE + "\nMore.\n")
    assert "The draft has 1 newer change since" in words(manager.get(ASSEMBLING))


def test_a_release_is_discarded_when_that_is_confirmed(spec, manager):
    begin(manager)
    assert "Discard this release?" in words(manager.post(f"{ASSEMBLING}abandon"))
    assert manager.get(ASSEMBLING).status_code == 200
    assert manager.post(f"{ASSEMBLING}abandon", {"confirmed": "1"}).url == "/conduct/releases/"
    assert manager.get(ASSEMBLING).status_code == 404
    begin(manager)


def test_notes_that_cannot_be_are_refused_and_kept_on_the_page(spec, manager):
    begin(manager)
    response = send(manager, notes="Nul \x00 here", version="x")
    assert response.status_code == 422
    assert "here</textarea>" in response.content.decode()
    assert Release.objects.get(label="2.0").notes_version == 1


def test_files_are_downloads_with_a_policy_of_their_own(spec, client):
    source = SOURCE.encode()
    assert client.get("/conduct/1.0/files/conduct-1.0.md").status_code == 404
    assert "being made" in words(client.get("/conduct/releases/1.0/"))
    write_files(release=Release.objects.get(label="1.0").pk)
    response = client.get("/conduct/1.0/files/conduct-1.0.md")
    assert response.content == source
    assert response["Content-Disposition"] == 'attachment; filename="conduct-1.0.md"'
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert response["ETag"] == f'"{hashlib.sha256(source).hexdigest()}"'
    unchanged = client.get("/conduct/1.0/files/conduct-1.0.md", HTTP_IF_NONE_MATCH=response["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert (
        'href="/conduct/1.0/files/conduct-1.0.json" download' in client.get("/conduct/releases/1.0/").content.decode()
    )
    assert client.get("/conduct/1.0/files/other.md").status_code == 404
    assert client.get("/conduct/1.0/files/a%00b").status_code == 404


def test_of_an_internal_spec_outsiders_learn_nothing(client):
    make_spec(slug="inside", visibility="internal", release="1.0")
    for address in ("releases/", "releases/1.0/", "1.0/files/inside-1.0.md", "releases/9/"):
        assert client.get(f"/inside/{address}").status_code == 404


def test_a_release_that_is_assembled_is_nobody_elses_business(spec, manager, client, ben):
    begin(manager)
    for reader in (client, signed_in(ben)):
        assert "2.0" not in words(reader.get("/conduct/releases/"))
        assert reader.get("/conduct/releases/2.0/").status_code == 404
        assert reader.get("/conduct/2.0/").status_code == 404
    assert version(spec, "be_honest").since == 1


def test_before_publishing_the_page_shows_notes_approvals_and_what_is_open(spec, ana, ben, manager):
    included = make_proposal(spec, by=ana, visibility="internal", title="Inside")
    take_position(included, by=ben)
    make_thread(spec, by=ben, quote="does not lie", kind="objection")
    begin(manager)

    page = words(send(manager, f"{ASSEMBLING}publish", notes="**Out.**", includes=[included.public_id]))

    assert "Publish release 2.0? Notes Out." in page
    assert "Inside by Ana Ruiz; approved by Ben Okafor" in page
    assert "1 open thread in Threads , with these objections: “does not lie” by Ben Okafor" in page
    assert Release.objects.get(label="2.0").state == "assembling"


def test_what_is_published_is_what_was_shown(spec, manager):
    begin(manager)
    asked = send(manager, f"{ASSEMBLING}publish", notes="First.")
    send(manager, notes="Second.")

    answer = manager.post(f"{ASSEMBLING}publish", {"confirmed": "1", "version": hidden(asked, "version")})

    assert "Somebody else changed the notes." in words(answer)
    assert Release.objects.get(label="2.0").state == "assembling"


def test_a_release_prints_what_was_overridden(spec, ana, ben, manager, client):
    owner, doubter = add_member(spec, make_user("Olga"), "owner").user, add_member(spec, make_user("Dora")).user
    proposal = make_proposal(spec, by=ana, title="Say it better")
    take_position(proposal, by=ben)
    concern = take_position(proposal, by=doubter, kind="concern", reason="Too strict")
    positions.override(proposal, position=concern.public_id, reason="Decided.", by=owner, now=NOW)
    merging.merge(proposal, by=ana, now=NOW)
    begin(manager)
    publish(manager)

    page = words(client.get("/conduct/releases/2.0/"))

    assert "A concern about “Say it better” was overridden by Olga on" in page
    assert "Decided." in page
    data = json.loads(written(Release.objects.get(label="2.0"), Revision.objects.latest("number")))
    assert [(one["kind"], one["by"], one["reason"]) for one in data["overrides"]] == [("concern", "Olga", "Decided.")]


@pytest.mark.parametrize("label", ["x" * 60, "soon", "2026", "1" * 41, "release one", "2.0/x", "v", "draft"])
def test_only_a_date_or_a_version_names_a_release(spec, manager, label):
    answer = manager.post("/conduct/releases/new/", {"label": label})

    assert answer.status_code == (303 if label == "2026" else 422)


@pytest.mark.parametrize("label", ["2026-11-23", "2026-11-23-b", "2.0", "v2.1.0", "3.0-rc1", "10", "1.0.2.beta3"])
def test_dates_and_versions_name_releases(spec, manager, label):
    assert manager.post("/conduct/releases/new/", {"label": label}).status_code == 303
