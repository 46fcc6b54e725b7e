"""Files beside the text: local images and evaluation prompts."""

from __future__ import annotations

from django.db import connection

from reviews.errors import NotFound
from reviews.models import Attachment, Spec
from reviews.rules.kinds import AttachmentKind

# Written out because every rendering asks for it, mostly to learn that there is none.
IMAGES = """
SELECT name, encode(content_hash, 'hex') FROM reviews_attachment
WHERE spec_id = %s AND kind = %s AND valid @> %s::bigint
"""


def image_addresses(spec: Spec, number: int) -> dict[str, str]:
    """Where each local image of a revision is served, by the name that the text uses."""
    with connection.cursor() as cursor:
        cursor.execute(IMAGES, [spec.pk, AttachmentKind.IMAGE, number])
        return {name: f"/{spec.slug}/images/{digest}" for name, digest in cursor.fetchall()}


def evaluations(spec: Spec, number: int) -> dict[str, bytes]:
    """The prompt files of a revision, by tag."""
    rows = Attachment.objects.at(spec, number).filter(kind=AttachmentKind.EVALUATION).order_by("name")
    return {name: bytes(content) for name, content in rows.values_list("name", "content")}


def image(spec: Spec, digest: str) -> Attachment:
    """A local image of any revision, by the hash of its bytes; NotFound when there is none."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        raise NotFound() from None
    rows = Attachment.objects.filter(spec=spec, kind=AttachmentKind.IMAGE, content_hash=wanted)
    found = rows.order_by("pk").first()
    if found is None:
        raise NotFound()
    return found
