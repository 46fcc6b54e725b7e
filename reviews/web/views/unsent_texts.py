"""Texts that the browser keeps on the server while they are written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reviews.access.specs import check_signed_in
from reviews.actions import unsent_texts as actions
from reviews.queries.unsent_texts import texts_on
from reviews.web.requests import person_of


@require_http_methods(["GET", "POST"])
def unsent_texts(request: HttpRequest) -> HttpResponse:
    """Keep the text of a field, or answer those of a page."""
    person = check_signed_in(person_of(request))
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("page", "field", "text")}
        actions.keep(person, **given, now=timezone.now())
        return HttpResponse(status=204)
    found = texts_on(person, request.GET.get("page", "").replace("\x00", ""))
    texts = {field: {"text": one.text, "at": int(one.saved_at.timestamp() * 1000)} for field, one in found.items()}
    return JsonResponse({"texts": texts})
