"""Pictures that came with a document."""

import hashlib

import pytest
from django.test import Client

from reviews.actions import import_changes, merging, proposals, releases
from reviews.actions.imports import Upload
from reviews.models import Attachment
from tests.factories import NOW, SOURCE, import_into, make_spec, make_user, take_position

pytestmark = pytest.mark.django_db
PICTURE = (
    b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def spec():
    spec = make_spec(slug="conduct")
    import_into(spec, SOURCE + "\n![A dot](dot.png)\n", images={"dot.png": PICTURE})
    return spec


def test_the_text_shows_it_and_it_is_served_by_its_hash(spec, client):
    assert f'src="/conduct/images/{DIGEST}"' in client.get("/conduct/draft/").content.decode()
    response = client.get(f"/conduct/images/{DIGEST}")
    assert (response.status_code, response["Content-Type"], response.content) == (200, "image/png", PICTURE)
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_one_is_not_sent_again(spec, client):
    response = client.get(f"/conduct/images/{DIGEST}", HTTP_IF_NONE_MATCH=f'"{DIGEST}"')
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize("digest", ["00" * 32, "zz", "a"])
def test_another_hash_is_not_found(spec, client, digest):
    assert client.get(f"/conduct/images/{digest}").status_code == 404


def test_prompt_files_are_no_pictures(spec, client):
    import_into(spec, SOURCE + "\nTagged[^abcd].\n", evaluations={"abcd": b"Ask."})
    assert Attachment.objects.filter(name="abcd").exists()
    assert client.get(f"/conduct/images/{hashlib.sha256(b'Ask.').hexdigest()}").status_code == 404


def test_of_an_internal_spec_outsiders_get_none(client):
    spec = make_spec(slug="inside", visibility="internal")
    import_into(spec, SOURCE + "\n![A dot](dot.png)\n", images={"dot.png": PICTURE})
    assert client.get(f"/inside/images/{DIGEST}").status_code == 404


PEOPLE = {"editor": "editor", "member": "member", "approver": "approver", "publisher": "release_manager"}
WITH_IMAGE = SOURCE.replace("a calm tone", "a calm tone ![A dot](dot.png)")


@pytest.fixture
def people():
    return {name: make_user(name.title()) for name in [*PEOPLE, "stranger"]}


@pytest.fixture
def released(people):
    return make_spec(slug="conduct", members={people[n]: [role] for n, role in PEOPLE.items()}, release="1.0")


def propose(spec, people, *, visibility="public"):
    upload = Upload(WITH_IMAGE, images={"dot.png": PICTURE})
    said = {"title": "With a dot", "visibility": visibility}
    return import_changes.propose_document(spec, upload, by=people["editor"], now=NOW, **said)


def statuses(proposal, people):
    """What editor, member, stranger and nobody get at the image of a proposal, then at the same image of the draft."""
    found = []
    for name in ("editor", "member", "stranger", ""):
        client = Client()
        if name:
            client.force_login(people[name])
        addresses = [f"/conduct/proposals/{proposal.public_id}/images/{DIGEST}", f"/conduct/images/{DIGEST}"]
        found.append(tuple(client.get(address).status_code for address in addresses))
    return found


def test_a_proposal_shows_its_images_in_previews_to_those_who_may_see_it(released, people):
    proposal = propose(released, people)
    editor = Client()
    editor.force_login(people["editor"])
    address = f"/conduct/proposals/{proposal.public_id}/"
    shown = f'<img src="{address}images/{DIGEST}"'
    served = editor.get(f"{address}images/{DIGEST}")

    assert editor.get(f"{address}edit/").content.decode().count(shown) == 2  # in the preview and in the list
    assert shown in editor.get(address).content.decode()
    assert (served.content, served["Content-Type"], served["Cache-Control"]) == (
        PICTURE,
        "image/png",
        "no-store",
    )
    assert served["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert shown not in editor.get("/conduct/draft/").content.decode()


def test_who_gets_the_images_of_a_public_proposal(released, people):
    proposal = propose(released, people)
    drafted = statuses(proposal, people)
    proposals.submit(proposal, by=people["editor"], now=NOW)
    in_review = statuses(proposal, people)
    take_position(proposal, by=people["approver"])
    merging.merge(proposal, by=people["editor"], now=NOW)

    assert drafted == [(200, 404), (404, 404), (404, 404), (404, 404)]
    assert in_review == [(200, 404)] * 4
    assert statuses(proposal, people) == [(200, 200)] * 4
    assert f'src="/conduct/images/{DIGEST}"' in Client().get("/conduct/draft/").content.decode()


def test_those_of_an_internal_one_reach_outsiders_with_the_release_that_merges_it(released, people):
    proposal = propose(released, people, visibility="internal")
    proposals.submit(proposal, by=people["editor"], now=NOW)
    take_position(proposal, by=people["approver"])
    proposal.refresh_from_db()
    before = statuses(proposal, people)
    by = {"by": people["publisher"], "now": NOW}
    release = releases.assemble(released, label="2.0", **by)
    releases.edit_notes(release, notes="With a dot.", includes=[proposal], expected_version=1, **by)
    releases.publish(release, **by)

    assert before == [(200, 404), (200, 404), (404, 404), (404, 404)]
    assert statuses(proposal, people) == [(200, 200), (200, 200), (404, 200), (404, 200)]


def test_those_of_a_withdrawn_one_stay_among_members(released, people):
    proposal = propose(released, people)
    proposals.submit(proposal, by=people["editor"], now=NOW)
    proposals.withdraw(proposal, reason="Not now.", by=people["editor"], now=NOW)
    page = Client().get(f"/conduct/proposals/{proposal.public_id}/")

    assert statuses(proposal, people) == [(200, 404), (200, 404), (404, 404), (404, 404)]
    assert (page.status_code, DIGEST in page.content.decode(), "dot.png" in page.content.decode()) == (200, False, True)
