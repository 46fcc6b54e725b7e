"""Making the files of a release."""

from __future__ import annotations

from reviews.actions import release_files
from reviews.editions.files import files_of
from reviews.models import Release


def write_files(*, release: int) -> None:
    """Write every edition of a published release; done again, it changes nothing."""
    found = Release.objects.select_related("spec", "revision").get(pk=release)
    release_files.store(found, files_of(found))
