"""What every answer to a browser owes to sessions: no copy of it stays behind, and a form that arrived is acknowledged."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from reviews.actions import unsent_texts
from reviews.web.requests import SENDING, person_of
from reviews.web.responses import SeeOther

ACKNOWLEDGED = "acknowledged"
ACKNOWLEDGED_SECONDS = 600
MOST_ACKNOWLEDGED = 5


class Sessions:
    """Forbids stored copies of what depends on a session or is a part of a page, and acknowledges forms that arrived."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_part = "HX-Request" in request.headers
        if is_part or settings.SESSION_COOKIE_NAME in request.COOKIES:
            # "Back" after signing out must not show what only a member may see.
            response["Cache-Control"] = "no-store"
        is_shared = response.get("Cache-Control", "").startswith("public")  # a stored page has no parts
        if response.get("Content-Type", "").startswith("text/html") and not is_shared:
            patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
        if request.method == "POST" and _was_accepted(response, is_part=is_part):
            _acknowledge(request, response)
        return response


def _was_accepted(response: HttpResponse, *, is_part: bool) -> bool:
    """A view answers a form that it carried out with "see other", and a part of a page with success."""
    return isinstance(response, SeeOther) or (is_part and 200 <= response.status_code < 300)


def _acknowledge(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the unsent texts of the form, and tell the browser by a cookie to forget its own copies."""
    sending = SENDING.fullmatch(request.POST.get("sending", ""))
    if sending is None:
        return
    token, form, page = sending.groups()
    person = person_of(request)
    if person is not None:
        unsent_texts.forget_form(person, page=page, form=form)
    tokens = [one for one in request.COOKIES.get(ACKNOWLEDGED, "").split(".") if re.fullmatch(r"[0-9a-f]{8,32}", one)]
    response.set_cookie(
        ACKNOWLEDGED,
        ".".join([*tokens, token][-MOST_ACKNOWLEDGED:]),
        max_age=ACKNOWLEDGED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
