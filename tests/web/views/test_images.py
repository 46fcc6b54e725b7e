"""Pictures that came with a document."""

import hashlib

import pytest

from reviews.models import Attachment
from tests.factories import SOURCE, import_into, make_spec

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
