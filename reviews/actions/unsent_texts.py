"""Keeping what people typed into forms and have not sent yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from reviews.actions.wording import is_storable
from reviews.errors import Invalid
from reviews.models import UnsentText, User

LONGEST_TEXT = 500_000
# Nobody has this many forms under way; it bounds what one account can fill the database with.
MOST_TEXTS = 500


@transaction.atomic
def keep(person: User, *, page: str, field: str, text: str, now: datetime) -> None:
    """Store the text of one field of one page in place of what was there; an empty text removes it.

    Beyond MOST_TEXTS the texts that were not touched for longest are removed. Raises Invalid when it can't be stored.
    """
    if not (0 < len(page) <= 300 and 0 < len(field) <= 200 and is_storable(page + field)):
        raise Invalid("This draft has no usable address.")
    if len(text) > LONGEST_TEXT:
        raise Invalid("This text is too long.", fields={"text": f"Write at most {LONGEST_TEXT:,} characters."})
    if not is_storable(text):
        raise Invalid("This text has characters that can't be stored.", fields={"text": "Remove what is not text."})
    if not text:
        UnsentText.objects.filter(person=person, page=page, field=field).delete()
        return
    # One statement, so that two tabs that save at once don't trip over the unique constraint.
    UnsentText.objects.bulk_create(
        [UnsentText(person=person, page=page, field=field, text=text, saved_at=now)],
        update_conflicts=True,
        unique_fields=["person", "page", "field"],
        update_fields=["text", "saved_at"],
    )
    oldest = UnsentText.objects.filter(person=person).order_by("-saved_at", "-pk").values("pk")[MOST_TEXTS:]
    UnsentText.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()


def forget_form(person: User, *, page: str, form: str) -> None:
    """Remove the texts of a form that was sent and accepted."""
    UnsentText.objects.filter(person=person, page=page, field__startswith=f"{form}/").delete()
