"""Specs, revisions, clauses and their versions; who one is."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.access.specs import visible_specs
from reviews.actions import specs
from reviews.api import base
from reviews.api.auth import asker, person_of
from reviews.api.serializers.pages import PageIn, RefusalOut, page_of
from reviews.api.serializers.people import MeOut
from reviews.api.serializers.specs import (
    ClauseVersionDetailOut,
    ClauseVersionOut,
    RevisionFilters,
    RevisionOut,
    SpecDetailOut,
    SpecIn,
    SpecOut,
)
from reviews.errors import NotFound
from reviews.models import ClauseVersion, Revision, Spec
from reviews.queries.clauses import clause_of, document
from reviews.queries.history import origins
from reviews.queries.paging import Order, Slice
from reviews.queries.specs import BY_ADDRESS, with_newest_release

BY_NUMBER = Order("-number", "number")
IN_ORDER = Order("order_key", "clause__public_id")
BY_REVISION = Order("begins", "begins")


class Me(base.View):
    permission_classes = [IsAuthenticated]

    @extend_schema(tags=["people"], responses={200: MeOut, 401: RefusalOut})
    def get(self, request: Request) -> Response:
        """The person whose session or token this is."""
        return Response(MeOut(asker(request)).data)


class Specs(base.View):
    @extend_schema(tags=["specs"], parameters=[PageIn], responses={200: page_of(SpecOut), **base.LISTING})
    def get(self, request: Request) -> Response:
        """The specs that you may see, by address."""
        person = person_of(request)
        rows = with_newest_release(visible_specs(person), person)
        return self.listed(self.slice_of(rows, BY_ADDRESS), SpecOut)

    @extend_schema(tags=["specs"], request=SpecIn, responses={201: SpecDetailOut, **base.REFUSALS})
    def post(self, request: Request) -> Response:
        """A new empty spec; you become its owner, editor and release manager."""
        made = specs.create(**self.sent(SpecIn), by=asker(request), now=timezone.now())
        return Response(spec_detail(made, request), status=201)


class OneSpec(base.SpecView):
    @extend_schema(tags=["specs"], responses={200: SpecDetailOut, **base.SEEING})
    def get(self, request: Request, slug: str) -> Response:
        """One spec with its authority levels."""
        return Response(spec_detail(self.standing.spec, request))


class Revisions(base.SpecView):
    @extend_schema(tags=["revisions"], parameters=[PageIn], responses={200: page_of(RevisionOut), **base.LISTING})
    def get(self, request: Request, slug: str) -> Response:
        """The revisions of a spec, newest first."""
        found = self.slice_of(Revision.objects.filter(spec=self.standing.spec), BY_NUMBER)
        told = origins(self.standing, [revision.number for revision in found.rows])
        rows = [told[revision.number] for revision in found.rows]
        return self.listed(Slice(rows, found.after), RevisionOut)


class OneRevision(base.SpecView):
    @extend_schema(tags=["revisions"], responses={200: RevisionOut, **base.SEEING})
    def get(self, request: Request, slug: str, number: int) -> Response:
        """One revision, which never changes."""
        revision = revision_of(self.standing.spec, number)
        return Response(RevisionOut(origins(self.standing, [revision.number])[revision.number]).data)


class Document(base.SpecView):
    @extend_schema(tags=["revisions"], responses={(200, "text/markdown"): OpenApiTypes.STR, **base.SEEING})
    def get(self, request: Request, slug: str, number: int) -> HttpResponse:
        """The whole document at a revision, byte for byte as it was imported or merged."""
        revision = revision_of(self.standing.spec, number)
        text = document(self.standing.spec, revision.number)
        return HttpResponse(text, content_type="text/markdown; charset=utf-8")


class Clauses(base.SpecView):
    @extend_schema(
        tags=["clauses"],
        parameters=[PageIn, RevisionFilters],
        responses={200: page_of(ClauseVersionOut), **base.LISTING},
    )
    def get(self, request: Request, slug: str) -> Response:
        """The clauses at a revision in the order of the document, without their sources."""
        rows = ClauseVersion.objects.at(self.standing.spec, self.revision()).select_related("clause", "authority")
        return self.listed(self.slice_of(rows.defer("source"), IN_ORDER), ClauseVersionOut)

    def revision(self) -> int:
        """The number of the revision that was asked for; the newest one by default."""
        wanted = self.asked(RevisionFilters)["revision"]
        spec = self.standing.spec
        return spec.head if wanted is None else revision_of(spec, wanted).number


class OneClause(Clauses):
    @extend_schema(
        tags=["clauses"], parameters=[RevisionFilters], responses={200: ClauseVersionDetailOut, **base.LISTING}
    )
    def get(self, request: Request, slug: str, clause: str) -> Response:
        """A clause as it is at a revision, with its source."""
        rows = ClauseVersion.objects.at(self.standing.spec, self.revision())
        return Response(version_detail(rows.filter(clause=clause_of(self.standing.spec, clause)).first()))


class Versions(base.SpecView):
    @extend_schema(tags=["clauses"], parameters=[PageIn], responses={200: page_of(ClauseVersionOut), **base.LISTING})
    def get(self, request: Request, slug: str, clause: str) -> Response:
        """All versions of a clause, the oldest first, without their sources."""
        rows = ClauseVersion.objects.filter(clause=clause_of(self.standing.spec, clause))
        rows = rows.select_related("clause", "authority").defer("source").annotate(begins=F("valid__startswith"))
        return self.listed(self.slice_of(rows, BY_REVISION), ClauseVersionOut)


class OneVersion(base.SpecView):
    @extend_schema(tags=["clauses"], responses={200: ClauseVersionDetailOut, **base.SEEING})
    def get(self, request: Request, slug: str, clause: str, since: int) -> Response:
        """The version of a clause that is valid from this revision on; its words never change."""
        revision = revision_of(self.standing.spec, since)
        rows = ClauseVersion.objects.filter(clause=clause_of(self.standing.spec, clause))
        return Response(version_detail(rows.filter(valid__startswith=revision.number).first()))


def revision_of(spec: Spec, number: int) -> Revision:
    """One revision by its number; NotFound otherwise."""
    found = Revision.objects.filter(spec=spec, number=number).first()
    if found is None:
        raise NotFound("There is no such revision in this spec.")
    return found


def spec_detail(spec: Spec, request: Request) -> dict[str, object]:
    """A spec as its own page tells of it."""
    found = with_newest_release(Spec.objects.filter(pk=spec.pk), person_of(request)).get()
    return dict(SpecDetailOut(found).data)


def version_detail(found: ClauseVersion | None) -> dict[str, object]:
    """A clause version with its source; NotFound for none."""
    if found is None:
        raise NotFound("The clause is not there at this revision.")
    return dict(ClauseVersionDetailOut(found).data)
