"""Taking a position on a patch set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from reviews.actions import positions
from reviews.errors import Invalid
from reviews.models import Proposal, User
from reviews.web.forms.proposals import PositionForm
from reviews.web.views.proposals import step


@require_POST
def take(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Say what one thinks of the patch set that one has read."""
    form = PositionForm(request.POST)

    def act(proposal: Proposal, person: User) -> str:
        if not form.is_valid():
            raise Invalid("This position cannot be used: read the newest patch set and take it again.")
        given = form.cleaned_data
        positions.take(proposal, **given, by=person, now=timezone.now())
        return "Your position is kept. You may take another one at any time; the last one counts."

    return step(request, slug, public_id, act)
