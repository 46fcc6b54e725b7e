"""Where the words that threads are about stand in an edition, for highlights.js."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from reviews.access.specs import Standing
from reviews.models import ClauseVersion, Thread
from reviews.queries import threads
from reviews.queries.placements import Place, places, places_elsewhere
from reviews.rules.kinds import Visibility
from reviews.web.pages.names import DRAFT
from reviews.web.requests import standing_of
from reviews.web.views.reading import number_of


@require_GET
def ranges(request: HttpRequest, slug: str) -> HttpResponse:
    """Every passage that can be painted surely in the draft or in a release, as this person may see it."""
    standing = standing_of(request, slug)
    number = number_of(standing, request.GET.get("of", DRAFT).replace("\x00", ""))
    response = JsonResponse({"ranges": _ranges(standing, number)})
    response["Cache-Control"] = "private, no-cache"
    return response


def _ranges(standing: Standing, number: int) -> list[dict[str, Any]]:
    found = threads.quoting(standing)
    clauses = {thread.clause_id for thread in found}
    shown = ClauseVersion.objects.at(standing.spec, number).filter(clause__in=clauses)
    placed = places(standing.spec, found, shown, number=number) if found else {}
    removed = [thread for thread in found if thread.pk not in placed]
    placed |= places_elsewhere(standing.spec, removed, number=number)
    return [_range(thread, placed[thread.pk]) for thread in found if thread.pk in placed and placed[thread.pk].is_sure]


def _range(thread: Thread, place: Place) -> dict[str, Any]:
    clause = place.elsewhere.clause if place.elsewhere else thread.clause
    return {
        "thread": thread.public_id,
        "clause": clause.public_id if clause else "",
        "start": place.start,
        "end": place.end,
        "internal": thread.visibility == Visibility.INTERNAL,
    }
