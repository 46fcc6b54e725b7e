"""The short way for readers without a session: stored bytes, before anything else of the page machinery is asked."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from reviews.actions.releases import RESERVED as WORDS_OF_A_SPEC
from reviews.actions.specs import RESERVED as WORDS_OF_THE_SITE
from reviews.web.pages import stored
from reviews.web.pages.names import COMPARE, DRAFT, name_of_comparison, name_of_release


class StoredPages:
    """Answers with the stored bytes of a public page; everything else goes on as if this did not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = _address(request)
        response = address and stored.public_answer(request, slug=address[0], name=address[1])
        return response or self.get_response(request)


def _address(request: HttpRequest) -> tuple[str, str] | None:
    """The spec and the name of the stored page at the request's address, if it can be one."""
    if request.method != "GET" or "\x00" in request.path_info:
        return None
    words = request.path_info.split("/")
    if not 4 <= len(words) <= 5 or words[1] in WORDS_OF_THE_SITE or not stored.without_session(request):
        return None
    name = _name(words[2:-1])
    if name.startswith(COMPARE) and request.META.get("QUERY_STRING"):
        return None
    return (words[1], name) if name and not words[-1] else None


def _name(words: list[str]) -> str:
    if len(words) == 2:
        return name_of_comparison(words[1]) if words[0] == COMPARE and ".." in words[1] else ""
    if words[0] == DRAFT:
        return DRAFT
    return "" if words[0] in WORDS_OF_A_SPEC else name_of_release(words[0])
