"""The page of one clause, and where the address of one that is gone leads."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import ClauseVersion
from reviews.queries import history
from reviews.queries.clauses import successors
from reviews.rules.roles import Verb
from reviews.web.pages.clauses import clause_page, gone_page
from reviews.web.pages.names import DRAFT
from reviews.web.pages.shell import page
from reviews.web.requests import standing_of
from reviews.web.views.reading import number_of


@require_safe
def in_draft(request: HttpRequest, slug: str, anchor: str) -> HttpResponse:
    """A clause of the draft."""
    return _clause(request, standing_of(request, slug), DRAFT, anchor)


@require_safe
def in_release(request: HttpRequest, slug: str, label: str, anchor: str) -> HttpResponse:
    """The permanent address of a clause in a release."""
    return _clause(request, standing_of(request, slug), label, anchor)


def _clause(request: HttpRequest, standing: Standing, label: str, anchor: str) -> HttpResponse:
    number = number_of(standing, label)
    version = _version(standing, anchor, number)
    if version is None:
        return _elsewhere(request, standing, label, anchor, number)
    shown = clause_page(standing, version, label=label, number=number, asked=request.GET)
    shown |= {"may_propose": standing.may(Verb.PROPOSE), "indexed": standing.spec.is_public and label != DRAFT}
    return page(request, "reviews/clauses/clause.html", shown, standing=standing, version=label)


def _version(standing: Standing, anchor: str, number: int) -> ClauseVersion | None:
    rows = ClauseVersion.objects.at(standing.spec, number).select_related("clause", "authority")
    found = rows.filter(anchor=anchor).first()
    if found is None and anchor.startswith("~"):
        found = rows.filter(anchor__isnull=True, clause__public_id=anchor[1:]).first()
    return found


def _elsewhere(request: HttpRequest, standing: Standing, label: str, anchor: str, number: int) -> HttpResponse:
    """To the clause under its new name; else a page that says when it went and where its words are."""
    found = history.gone(standing, anchor, until=number)
    if found is not None:
        shown = gone_page(standing, found, label=label)
        return page(
            request,
            "reviews/clauses/gone.html",
            shown,
            standing=standing,
            version=label,
            status=200 if found.targets else 410,
        )
    living = successors(standing.spec, anchor, number)
    if not living:
        raise NotFound()
    name = living[0].anchor or f"~{living[0].clause.public_id}"
    return redirect(f"/{standing.spec.slug}/{label}/{quote(name, safe='~')}/")
