"""The comparison of any two editions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Spec
from reviews.queries.reading import Ground, editions
from reviews.web.pages import comparisons, stored
from reviews.web.pages.names import COMPARE, DRAFT, name_of_comparison
from reviews.web.requests import standing_of
from reviews.web.views.reading import around, live, number_of

TEMPLATE = "reviews/comparisons/comparison.html"


@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """From the form with two editions to their comparison."""
    standing = standing_of(request, slug)
    asked = f"{request.GET.get('old', '')}..{request.GET.get('new', '')}"
    pair = comparisons.labels_of(asked, editions(standing))
    if pair is None:
        raise NotFound("Choose two editions of this spec to compare.")
    return redirect(f"/{slug}/{COMPARE}/{pair[0]}..{pair[1]}/")


@require_safe
def comparison(request: HttpRequest, slug: str, pair: str) -> HttpResponse:
    """What changed from one edition to another: the first page for everybody from stored bytes."""
    standing = standing_of(request, slug)
    both = comparisons.labels_of(pair, editions(standing))
    if both is None:
        raise NotFound()
    context = {"title": comparisons.title_of(both), "indexed": standing.spec.is_public and DRAFT not in both}
    start = _start(request)
    if start:
        return _further(request, standing, both, start, context)
    numbers = {label: None if label == DRAFT else number_of(standing, label) for label in both}

    def make(spec: Spec, ground: Ground) -> bytes:
        old, new = (ground.head if numbers[label] is None else numbers[label] for label in both)
        return comparisons.public_page(spec, both, (old, new))

    one = stored.fresh(request, slug, name_of_comparison(pair), make)
    if standing.spec.is_public and stored.without_session(request):
        return stored.answer(request, one)
    return live(request, standing, one, template=TEMPLATE, context=context, here="releases")


def _further(
    request: HttpRequest, standing: Standing, pair: tuple[str, str], start: int, context: dict[str, object]
) -> HttpResponse:
    numbers = number_of(standing, pair[0]), number_of(standing, pair[1])
    shown = comparisons.comparison(standing, pair, numbers, start=start)
    parts = comparisons.parts(shown)
    return around(request, standing, parts, template=TEMPLATE, context=context, here="releases")


def _start(request: HttpRequest) -> int:
    given = request.GET.get("from", "")
    return int(given) if given.isdecimal() and len(given) < 7 else 0
