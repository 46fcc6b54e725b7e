"""Reading: the draft, a release, the newest release; how many comments there are; seeing it as the public does."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from reviews.access import specs as access
from reviews.access.releases import get_visible
from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Spec
from reviews.queries import reading
from reviews.queries.reading import Ground
from reviews.rules.roles import Verb
from reviews.web.pages import reading as reading_page
from reviews.web.pages import stored
from reviews.web.pages.names import DRAFT, name_of_release
from reviews.web.pages.shell import page
from reviews.web.requests import AS_PUBLIC, person_of, standing_of
from reviews.web.responses import SeeOther


@require_safe
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """To what is in force, or to the draft while nothing is."""
    standing = standing_of(request, slug)
    return redirect(f"/{slug}/{'current' if reading.newest_label(standing) else DRAFT}/")


@require_safe
def current(request: HttpRequest, slug: str) -> HttpResponse:
    """To the newest release; a fragment goes along by itself."""
    label = reading.newest_label(standing_of(request, slug))
    if label is None:
        raise NotFound("Nothing was published yet.")
    return redirect(f"/{slug}/{label}/")


@require_safe
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole text as it is being worked on."""
    return _read(request, standing_of(request, slug), DRAFT, None)


@require_safe
def release(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """The whole text of a release."""
    standing = standing_of(request, slug)
    return _read(request, standing, label, number_of(standing, label))


@require_GET
def counts(request: HttpRequest, slug: str) -> HttpResponse:
    """How many threads each clause has, as pieces that htmx puts where they belong."""
    standing = standing_of(request, slug)
    label = request.GET.get("of", DRAFT).replace("\x00", "")
    shown = {"clauses": reading_page.counted(standing, label, number_of(standing, label))}
    response = render(request, "reviews/reading/_counts.html", shown)
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def view_as_public(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin to see the spec as somebody without an account does, or end it."""
    standing = access.standing(person_of(request), slug)
    if request.session.get(AS_PUBLIC) == slug:
        del request.session[AS_PUBLIC]
    elif standing.is_insider and standing.spec.is_public:
        request.session[AS_PUBLIC] = slug
    return SeeOther(f"/{slug}/draft/")


def number_of(standing: Standing, label: str) -> int:
    """The revision of the draft or of a release; NotFound when there is none of this label."""
    if label == DRAFT:
        return standing.spec.head
    found = get_visible(standing, label)
    return found.revision.number if found.revision else 0


def live(request: HttpRequest, standing: Standing, one: stored.Bytes, **options: Any) -> HttpResponse:
    """A stored text in the shell of the person who reads it."""
    whole = one.plain()
    return around(request, standing, {name: stored.part(whole, name) for name in stored.PLACES}, **options)


def around(request: HttpRequest, standing: Standing, parts: dict[str, bytes], **options: Any) -> HttpResponse:
    """Contents and text in the shell of the person who reads them."""
    shown = {**options["context"], "may_propose": standing.may(Verb.PROPOSE)}
    shell = {name: options.get(name, "") for name in ("version", "here")}
    response = page(request, options["template"], shown, standing=standing, **shell)
    response.content = stored.filled(response.content, **parts)
    return stored.compressed(request, response)


def _read(request: HttpRequest, standing: Standing, label: str, number: int | None) -> HttpResponse:
    spec = standing.spec
    name = DRAFT if label == DRAFT else name_of_release(label)

    def make(fresh: Spec, ground: Ground) -> bytes:
        at = ground.head if number is None else number
        return reading_page.public_page(fresh, label, at, releases=ground.releases)

    one = stored.fresh(request, spec.slug, name, make)
    if spec.is_public and stored.without_session(request):
        return stored.answer(request, one)
    context = {"title": "Draft" if label == DRAFT else label, "indexed": spec.is_public and label != DRAFT}
    return live(request, standing, one, template="reviews/reading/page.html", context=context, version=label)
