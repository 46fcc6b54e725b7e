"""Reviewing a proposal, and overriding a concern about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reviews.actions import positions
from reviews.errors import Invalid
from reviews.models import Proposal, User
from reviews.rules.kinds import PositionKind
from reviews.web.forms.proposals import OverrideForm, PositionForm
from reviews.web.views.proposals import step

SUBMITTED = "Your review is submitted. You can submit another one at any time; the last one counts."


@require_POST
def take(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Say what one thinks of the patch set that one has read."""
    form = PositionForm(request.POST)

    def act(proposal: Proposal, person: User) -> str:
        if not form.is_valid():
            raise Invalid("This review can’t be used. Read the newest version and submit it again.")
        given = form.cleaned_data
        if "withdraw" in request.POST:
            given |= {"kind": PositionKind.WITHDRAWN}
        positions.take(proposal, **given, by=person, now=timezone.now())
        return "Your review is withdrawn." if "withdraw" in request.POST else SUBMITTED

    return step(request, slug, public_id, act, form="position")


@require_POST
def override(request: HttpRequest, slug: str, public_id: str, position: str) -> HttpResponse:
    """Decide that a concern no longer keeps the proposal from being merged."""
    form = OverrideForm(request.POST)

    def act(proposal: Proposal, person: User) -> str:
        if not form.is_valid():
            raise Invalid("This form can’t be used. Read the newest version and send it again.")
        positions.override(proposal, position=position, **form.cleaned_data, by=person, now=timezone.now())
        return "The concern is overridden."

    return step(request, slug, public_id, act)
