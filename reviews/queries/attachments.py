"""Files beside the text: local images and evaluation prompts."""

from __future__ import annotations

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
