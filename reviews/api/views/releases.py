"""Releases: those that are published, and the one that is being assembled."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.access import proposals as proposal_access
from reviews.access import releases as access
from reviews.actions import releases
from reviews.api import base
from reviews.api.auth import asker
from reviews.api.serializers.pages import PageIn, page_of
from reviews.api.serializers.releases import AssemblingOut, NotesIn, ReleaseDetailOut, ReleaseIn, ReleaseOut
from reviews.errors import Invalid, NotFound
from reviews.models import Proposal, Release
from reviews.queries.paging import Order
from reviews.rules.roles import Verb

BY_LABEL = Order("-pk", "label")


class ReleaseView(base.SpecView):
    def rows(self) -> QuerySet[Release]:
        """The published ones."""
        return access.visible_releases(self.standing).select_related("revision", "previous", "published_by")

    def detail(self, label: str) -> dict[str, Any]:
        """One of them with its notes and files."""
        found = self.rows().filter(label=label).first()
        if found is None:
            raise NotFound()
        found.listed_files = list(found.files.defer("content").select_related("release"))
        return dict(ReleaseDetailOut(found, context={"standing": self.standing}).data)

    def assembling(self) -> Release:
        """The one that is being assembled; NotFound for whom may not publish."""
        found = access.assembling(self.standing)
        if found is None:
            raise NotFound("No release is being assembled.")
        return found


class Releases(ReleaseView):
    @extend_schema(tags=["releases"], parameters=[PageIn], responses={200: page_of(ReleaseOut), **base.LISTING})
    def get(self, request: Request, slug: str) -> Response:
        """The published releases, newest first."""
        return self.listed(self.slice_of(self.rows().defer("notes"), BY_LABEL), ReleaseOut)

    @extend_schema(tags=["releases"], request=ReleaseIn, responses={201: AssemblingOut, **base.REFUSALS})
    def post(self, request: Request, slug: str) -> Response:
        """Begin to assemble a release of the present draft."""
        self.standing.check(Verb.PUBLISH)
        made = releases.assemble(self.standing.spec, **self.sent(ReleaseIn), by=asker(request), now=timezone.now())
        return Response(AssemblingOut(made).data, status=201)


class OneRelease(ReleaseView):
    @extend_schema(tags=["releases"], responses={200: ReleaseDetailOut, **base.SEEING})
    def get(self, request: Request, slug: str, label: str) -> Response:
        """One release with its notes and files; it never changes."""
        return Response(self.detail(label))


class Assembling(ReleaseView):
    @extend_schema(tags=["releases"], responses={200: AssemblingOut, **base.SEEING})
    def get(self, request: Request, slug: str) -> Response:
        """The release that is being assembled, for those who publish."""
        return Response(AssemblingOut(self.assembling()).data)

    @extend_schema(tags=["releases"], request=NotesIn, responses={200: AssemblingOut, **base.REFUSALS})
    def put(self, request: Request, slug: str) -> Response:
        """Its notes, and the internal proposals that publishing shall merge."""
        found, sent = self.assembling(), self.sent(NotesIn)
        sent["includes"] = self.proposals(sent["includes"])
        kept = releases.edit_notes(found, **sent, by=asker(request), now=timezone.now())
        return Response(AssemblingOut(kept).data)

    @extend_schema(tags=["releases"], responses={204: None, **base.REFUSALS})
    def delete(self, request: Request, slug: str) -> Response:
        """Give it up; its label is free again."""
        releases.abandon(self.assembling(), by=asker(request), now=timezone.now())
        return Response(status=204)

    def proposals(self, wanted: list[str]) -> list[Proposal]:
        """The proposals that are named; Invalid when one is not there for this person."""
        found = list(proposal_access.visible_proposals(self.standing).filter(public_id__in=wanted))
        missing = sorted(set(wanted) - {proposal.public_id for proposal in found})
        if missing:
            raise Invalid("There is no such proposal.", fields={"includes": ", ".join(missing)})
        return found


class Publication(ReleaseView):
    @extend_schema(tags=["releases"], request=None, responses={200: ReleaseDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str) -> Response:
        """Publish it for good."""
        published = releases.publish(self.assembling(), by=asker(request), now=timezone.now())
        return Response(self.detail(published.label))
