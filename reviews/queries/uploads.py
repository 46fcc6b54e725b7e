"""Uploads that wait for their sender."""

from __future__ import annotations

from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import KeptUpload


def kept(standing: Standing, public_id: str) -> KeptUpload:
    """Return one's own upload to this spec; raises NotFound for any other."""
    rows = KeptUpload.objects.filter(spec=standing.spec, sent_by=standing.person, public_id=public_id)
    found = rows.select_related("spec", "proposal").first()
    if found is None:
        raise NotFound("This upload was discarded or is older than two days. Upload the file again.")
    return found


def has_text(standing: Standing) -> bool:
    """Whether the spec has a text already, so that uploads become proposals."""
    return standing.spec.head > 0
