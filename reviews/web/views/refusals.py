"""Pages of refusals that Django itself decides."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.web.requests import person_of
from reviews.web.typed import typed_texts


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page of another session: say what to do, and give back what was typed.

    What a page of another site sent was not typed by this person: that site could put its own words onto this page.
    """
    typed = [] if _is_from_another_site(request) else typed_texts(request)
    response = render(request, "403_csrf.html", {"typed": typed}, status=403)
    if person_of(request) is None:
        response["X-Sign-In"] = "needed"  # static/js/net.js says it beside the form
    return response


def _is_from_another_site(request: HttpRequest) -> bool:
    """Whether the browser says so: it sends `Origin` with every form, `null` where it keeps the site to itself."""
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    if sender is None:
        return False
    try:
        return urlsplit(sender).netloc != request.get_host()
    except ValueError:
        return True
