"""Making the files of a release."""

import pytest

from reviews.editions.files import files_of
from reviews.models import Release
from reviews.tasks.releases import write_files
from tests.factories import make_release, make_spec

pytestmark = pytest.mark.django_db


def test_the_files_are_kept_and_making_them_twice_changes_nothing():
    made = make_release(make_spec())
    write_files(release=made.pk)
    write_files(release=made.pk)
    release = Release.objects.select_related("spec", "revision").get(pk=made.pk)
    expected = {file.name: file.content for file in files_of(release)}
    assert {file.name: bytes(file.content) for file in release.files.all()} == expected
