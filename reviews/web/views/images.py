"""Pictures that came with a document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from reviews.queries.attachments import image
from reviews.web.requests import standing_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def picture(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """One picture by the hash of its bytes; whatever is in it, it can do nothing."""
    standing = standing_of(request, slug)
    found = image(standing.spec, digest)
    tag = f'"{digest}"'
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    response["ETag"] = tag
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = f"{'public' if standing.spec.is_public else 'private'}, no-cache"
    return response
