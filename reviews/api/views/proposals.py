"""Proposals and what becomes of them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reviews.access import proposals as access
from reviews.actions import merging, positions, proposals
from reviews.api import base
from reviews.api.auth import asker
from reviews.api.serializers.pages import PageIn, page_of
from reviews.api.serializers.proposals import (
    DetailsIn,
    GroundsIn,
    OverrideIn,
    PatchSetDetailOut,
    PatchSetOut,
    PositionIn,
    PositionOut,
    ProposalDetailOut,
    ProposalFilters,
    ProposalIn,
    ProposalOut,
    ReasonIn,
)
from reviews.api.serializers.specs import RevisionOut
from reviews.models import Position, Proposal
from reviews.queries import patch_sets
from reviews.queries.history import origins
from reviews.queries.paging import NEWEST_FIRST, OLDEST_FIRST, Order

BY_NUMBER = Order("number", "number")


class ProposalView(base.SpecView):
    proposal: Proposal

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.proposal = access.get_visible(self.standing, kwargs["proposal"])

    def now(self) -> dict[str, Any]:
        """Who asks, and when: what every action wants to know."""
        return {"by": asker(self.request), "now": timezone.now()}

    def told(self, status: int = 200) -> Response:
        """The proposal as it is now, with where its approval stands."""
        found = access.get_visible(self.standing, self.proposal.public_id)
        return Response(detail_of(self.standing, found), status=status)


class Proposals(base.SpecView):
    @extend_schema(
        tags=["proposals"], parameters=[PageIn, ProposalFilters], responses={200: page_of(ProposalOut), **base.LISTING}
    )
    def get(self, request: Request, slug: str) -> Response:
        """The proposals that you may see, newest first."""
        seen = access.visible_proposals(self.standing).select_related("author")
        rows = seen.filter(**self.asked(ProposalFilters))
        return self.listed(self.slice_of(rows, NEWEST_FIRST, among=seen), ProposalOut)

    @extend_schema(tags=["proposals"], request=ProposalIn, responses={201: ProposalDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str) -> Response:
        """A draft with an empty first patch set."""
        sent = self.sent(ProposalIn)
        made = proposals.create(self.standing.spec, **sent, by=asker(request), now=timezone.now())
        return Response(detail_of(self.standing, made), status=201)


class OneProposal(ProposalView):
    @extend_schema(tags=["proposals"], responses={200: ProposalDetailOut, **base.SEEING})
    def get(self, request: Request, slug: str, proposal: str) -> Response:
        """One proposal, and what it still needs."""
        return self.told()

    @extend_schema(tags=["proposals"], request=DetailsIn, responses={200: ProposalDetailOut, **base.REFUSALS})
    def put(self, request: Request, slug: str, proposal: str) -> Response:
        """Another title and rationale."""
        proposals.describe(self.proposal, **self.sent(DetailsIn), **self.now())
        return self.told()


class PatchSets(ProposalView):
    @extend_schema(tags=["proposals"], parameters=[PageIn], responses={200: page_of(PatchSetOut), **base.LISTING})
    def get(self, request: Request, slug: str, proposal: str) -> Response:
        """The patch sets that you may see, the first one first."""
        rows = patch_sets.listed(self.standing, self.proposal)
        return self.listed(self.slice_of(rows, BY_NUMBER), PatchSetOut)

    @extend_schema(tags=["proposals"], request=None, responses={201: PatchSetOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Open the next patch set with the changes of the newest; the open one, when there is one."""
        return Response(PatchSetOut(proposals.revise(self.proposal, **self.now())).data, status=201)


class OnePatchSet(ProposalView):
    @extend_schema(tags=["proposals"], responses={200: PatchSetDetailOut, **base.SEEING})
    def get(self, request: Request, slug: str, proposal: str, number: int) -> Response:
        """A patch set with its changes; once submitted it never changes."""
        found = patch_sets.numbered(self.standing, self.proposal, number)
        return Response(PatchSetDetailOut(found).data)


class Positions(ProposalView):
    @extend_schema(tags=["proposals"], parameters=[PageIn], responses={200: page_of(PositionOut), **base.LISTING})
    def get(self, request: Request, slug: str, proposal: str) -> Response:
        """All positions that were taken, oldest first; the last one of a person counts."""
        rows = Position.objects.filter(patch_set__proposal=self.proposal).select_related("person", "patch_set")
        return self.listed(self.slice_of(rows, OLDEST_FIRST), PositionOut)

    @extend_schema(tags=["proposals"], request=PositionIn, responses={201: PositionOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Say what you think of the patch set that you have read."""
        taken = positions.take(self.proposal, **self.sent(PositionIn), **self.now())
        return Response(PositionOut(taken).data, status=201)


class Override(ProposalView):
    @extend_schema(tags=["proposals"], request=OverrideIn, responses={200: ProposalDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str, position: str) -> Response:
        """Decide that a concern no longer keeps the proposal from being merged; the release prints the reason."""
        positions.override(self.proposal, position=position, **self.sent(OverrideIn), **self.now())
        return self.told()


class Submission(ProposalView):
    @extend_schema(tags=["proposals"], request=None, responses={200: ProposalDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Freeze the open patch set and ask for review."""
        proposals.submit(self.proposal, **self.now())
        return self.told()


class Withdrawal(ProposalView):
    @extend_schema(tags=["proposals"], request=ReasonIn, responses={200: ProposalDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Take your own proposal back."""
        proposals.withdraw(self.proposal, **self.sent(ReasonIn), **self.now())
        return self.told()


class Rejection(ProposalView):
    @extend_schema(tags=["proposals"], request=ReasonIn, responses={200: ProposalDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Turn a proposal down."""
        proposals.reject(self.proposal, **self.sent(ReasonIn), **self.now())
        return self.told()


class Reopening(ProposalView):
    @extend_schema(tags=["proposals"], request=GroundsIn, responses={200: ProposalDetailOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Make a draft of a closed proposal again, on new grounds."""
        proposals.reopen(self.proposal, **self.sent(GroundsIn), **self.now())
        return self.told()


class Merge(ProposalView):
    @extend_schema(tags=["proposals"], request=None, responses={201: RevisionOut, **base.REFUSALS})
    def post(self, request: Request, slug: str, proposal: str) -> Response:
        """Apply an approved proposal to the draft; 409 with its verdict while something is missing."""
        revision = merging.merge(self.proposal, **self.now())
        return Response(RevisionOut(origins(self.standing, [revision.number])[revision.number]).data, status=201)


def detail_of(standing: Any, proposal: Proposal) -> dict[str, Any]:
    """A proposal with the number of its newest patch set and its verdict."""
    number, verdict = patch_sets.approval_of(standing, proposal)
    proposal.patch_set, proposal.approval = number, verdict
    return dict(ProposalDetailOut(proposal).data)
