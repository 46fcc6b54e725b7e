"""Uploads that wait for their sender."""

from __future__ import annotations

from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import KeptUpload, Release
from reviews.rules.states import ReleaseState


def kept(standing: Standing, public_id: str) -> KeptUpload:
    """One's own upload to this spec; NotFound otherwise, and once it was used."""
    rows = KeptUpload.objects.filter(spec=standing.spec, sent_by=standing.person, public_id=public_id)
    found = rows.select_related("spec").first()
    if found is None:
        raise NotFound("This upload was used already or is older than two days: upload the file again.")
    return found


def is_released(standing: Standing) -> bool:
    """Whether the spec has a release, so that uploads become proposals."""
    return Release.objects.filter(spec=standing.spec, state=ReleaseState.PUBLISHED).exists()
