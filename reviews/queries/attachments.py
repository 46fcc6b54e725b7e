"""Files beside the text: local images and evaluation prompts."""

from __future__ import annotations

from reviews.errors import NotFound
from reviews.models import Attachment, Spec
from reviews.rules.kinds import AttachmentKind


def image_addresses(spec: Spec, number: int) -> dict[str, str]:
    """Where each local image of a revision is served, by the name that the text uses."""
    rows = Attachment.objects.at(spec, number).filter(kind=AttachmentKind.IMAGE).values_list("name", "content_hash")
    return {name: f"/{spec.slug}/images/{bytes(digest).hex()}" for name, digest in rows}


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
