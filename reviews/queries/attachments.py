"""Files beside the text: local images and evaluation prompts."""

from __future__ import annotations

from django.db import connection

from reviews.access.proposals import visible_images
from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Attachment, Proposal, ProposalImage, Spec
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


def images_of_proposal(standing: Standing, proposal: Proposal) -> list[ProposalImage]:
    """The images that come with a proposal, by name and without their bytes, as far as this person may see them."""
    return list(visible_images(standing, proposal).defer("content").order_by("name"))


def proposed_address(proposal: Proposal, image: ProposalImage) -> str:
    """Where an image of a proposal is served to those who may see it."""
    digest = bytes(image.content_hash).hex()
    return f"/{proposal.spec.slug}/proposals/{proposal.public_id}/images/{digest}"


def image_of_proposal(standing: Standing, proposal: Proposal, digest: str) -> ProposalImage:
    """One of them by the hash of its bytes; NotFound when there is none or it is not for this person."""
    found = visible_images(standing, proposal).filter(content_hash=_hash(digest)).order_by("pk").first()
    if found is None:
        raise NotFound()
    return found


def evaluations(spec: Spec, number: int) -> dict[str, bytes]:
    """The prompt files of a revision, by tag."""
    rows = Attachment.objects.at(spec, number).filter(kind=AttachmentKind.EVALUATION).order_by("name")
    return {name: bytes(content) for name, content in rows.values_list("name", "content")}


def image(spec: Spec, digest: str) -> Attachment:
    """A local image of any revision, by the hash of its bytes; NotFound when there is none."""
    rows = Attachment.objects.filter(spec=spec, kind=AttachmentKind.IMAGE, content_hash=_hash(digest))
    found = rows.order_by("pk").first()
    if found is None:
        raise NotFound()
    return found


def _hash(digest: str) -> bytes:
    try:
        return bytes.fromhex(digest)
    except ValueError:
        raise NotFound() from None
