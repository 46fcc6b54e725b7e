"""What a request says: who asks, before which spec they stand, and how its refusals are answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from reviews.access import specs as access
from reviews.access.specs import Standing
from reviews.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound, Refusal, TooManyRequests
from reviews.models import User
from reviews.web.typed import typed_texts

AS_PUBLIC = "as_public"
# The hidden field that static/js/autosave.js adds to a form: a token of this sending, the form's name, the page's path.
SENDING = re.compile(r"([0-9a-f]{8,32}) (\S{1,100}) (/\S{0,299})")
STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    IllegalMove: 409,
    Conflict: 409,
    Invalid: 422,
    TooManyRequests: 429,
}


def person_of(request: HttpRequest) -> User | None:
    """Who is signed in, None for nobody."""
    return request.user if isinstance(request.user, User) and request.user.is_active else None


def standing_of(request: HttpRequest, slug: str) -> Standing:
    """The person before the spec of this address; who views a public spec as the public does stands there as nobody.

    Raises NotFound alike when there is no such spec and when the person must not know of it.
    """
    found = access.standing(person_of(request), slug)
    as_public = found.spec.is_public and request.session.get(AS_PUBLIC) == slug
    return found.as_public() if found.is_insider and as_public else found


def whole_number(given: str | None) -> int:
    """Return a whole number that an address or a form sent, 0 where it is none or has ten digits or more."""
    return int(given) if given and given.isdecimal() and len(given) < 10 else 0


METHOD_NOT_ALLOWED = 405
TITLES = {
    404: "Page not found",
    403: "Not allowed",
    409: "Not possible now",
    422: "Check your input",
    429: "Wait a little",
}
SIGNED_OUT = "You are signed out"
SIGN_IN_AGAIN = "Your session has ended, or you signed out in another tab. Sign in again, then send it again."


class RefusalMiddleware:
    """Turns the refusals of the layers below into pages and fragments: one sentence, and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        bare = response.status_code == METHOD_NOT_ALLOWED and not response.streaming and not response.content
        return _not_to_be_looked_at(request, response) if bare and not request.path.startswith("/api/") else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal) or request.path.startswith("/api/"):
            return None
        if isinstance(error, NotAllowed) and person_of(request) is None and request.method == "GET":
            return redirect_to_login(request.get_full_path())
        return refused(request, error)


def refused(request: HttpRequest, error: Refusal, **context: Any) -> HttpResponse:
    """The page of a refusal, or its part for htmx; what was typed is on it."""
    status = status_of(error)
    template = "components/refusal.html" if request.headers.get("HX-Request") else "reviews/refusal.html"
    shown = {"title": TITLES[status], "text": error.sentence, "fields": getattr(error, "fields", {}), **context}
    if status != STATUS[NotFound]:  # who is told this much knows of the spec
        shown |= _back_to_spec(request)
    needs_sign_in = isinstance(error, NotAllowed) and person_of(request) is None
    if needs_sign_in and request.method != "GET":
        way_back = urlencode({"next": _page_of_form(request)})
        shown |= {
            "title": SIGNED_OUT,
            "text": SIGN_IN_AGAIN,
            "url": f"{reverse('sign_in')}?{way_back}",
            "action": "Sign in",
        }
    response = render(request, template, {**shown, "typed": typed_texts(request)}, status=status)
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(error.retry_after)
    if needs_sign_in:
        response["X-Sign-In"] = "needed"  # static/js/net.js says it beside the form
    return response


def named_page(request: HttpRequest) -> str:
    """Return the path of the page that the form of this request names as its own; empty where it names none.

    A refusal shows a page at the address of its form, so that the address alone does not tell which page it is.
    """
    sending = SENDING.fullmatch(request.POST.get("sending", "")) if request.method == "POST" else None
    return sending[3] if sending and url_has_allowed_host_and_scheme(sending[3], None) else ""


def _page_of_form(request: HttpRequest) -> str:
    """The path of the page that held the form, for the way back after signing in."""
    if named := named_page(request):
        return named
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and url_has_allowed_host_and_scheme(came_from.path, None)
    return came_from.path if is_ours else "/"


def _back_to_spec(request: HttpRequest) -> dict[str, str]:
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    return {"url": f"/{slug}/", "action": "To the spec"} if slug else {}


def _not_to_be_looked_at(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page of an address where something is sent to, for who opened or reloaded it."""
    shown = {"title": TITLES[422], "text": "There is nothing to read at this address: a form is sent to it. Go back."}
    answer = render(request, "reviews/refusal.html", shown, status=METHOD_NOT_ALLOWED)
    answer["Allow"] = response["Allow"]
    return answer


def status_of(error: Refusal) -> int:
    """The HTTP status of a refusal."""
    return next(code for kind, code in STATUS.items() if isinstance(error, kind))
