"""Pictures that came with a document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from reviews.access.proposals import get_visible
from reviews.models import Attachment, ProposalImage
from reviews.queries.attachments import image, image_of_proposal
from reviews.web.requests import standing_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def picture(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """One picture by the hash of its bytes; whatever is in it, it can do nothing."""
    standing = standing_of(request, slug)
    return _served(request, image(standing.spec, digest), shared=standing.spec.is_public)


@require_safe
def proposed(request: HttpRequest, slug: str, public_id: str, digest: str) -> HttpResponse:
    """One picture that comes with a proposal, for those who may see it."""
    standing = standing_of(request, slug)
    found = image_of_proposal(standing, get_visible(standing, public_id), digest)
    return _served(request, found, shared=False)


def _served(request: HttpRequest, found: Attachment | ProposalImage, *, shared: bool) -> HttpResponse:
    tag = f'"{bytes(found.content_hash).hex()}"'
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    response["ETag"] = tag
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = f"{'public' if shared else 'private'}, no-cache"
    return response
