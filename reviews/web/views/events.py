"""What happened in a spec."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reviews.queries import events
from reviews.web.pages.events import days
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of
from reviews.web.responses import next_url


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The audit record, as far as this person may read it."""
    standing = standing_of(request, slug)
    after = request.GET.get("after", "")
    found = events.listed(standing, after=after)
    shown = {"days": days(found.rows, slug), "next_url": next_url(found.after), "first_url": "?" if after else ""}
    return page(request, "reviews/events/index.html", shown, standing=standing, here="activity")
