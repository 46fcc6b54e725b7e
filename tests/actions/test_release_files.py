"""Storing the files of a release."""

import pytest

from reviews.actions.release_files import File, store
from reviews.models import ReleaseFile
from tests.factories import make_release, make_spec

pytestmark = pytest.mark.django_db


def test_files_are_kept_once_and_never_replaced():
    release = make_release(make_spec())
    store(release, [File("a.md", "text/markdown", b"one")])
    store(release, [File("a.md", "text/markdown", b"two"), File("b.json", "application/json", b"{}")])
    rows = ReleaseFile.objects.filter(release=release).values_list("name", "media_type", "content")
    assert [(name, kind, bytes(content)) for name, kind, content in rows] == [
        ("a.md", "text/markdown", b"one"),
        ("b.json", "application/json", b"{}"),
    ]
