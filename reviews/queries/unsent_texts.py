"""What one person typed and has not sent yet."""

from __future__ import annotations

from reviews.models import UnsentText, User


def texts_on(person: User, page: str) -> dict[str, UnsentText]:
    """Return the person's unsent texts of one page, by field."""
    return {one.field: one for one in UnsentText.objects.filter(person=person, page=page[:300])}
