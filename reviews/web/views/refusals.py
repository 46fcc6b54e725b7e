"""Pages of refusals that Django itself decides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reviews.web.typed import typed_texts


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page of another session: say what to do, and give back what was typed."""
    return render(request, "403_csrf.html", {"typed": typed_texts(request)}, status=403)
