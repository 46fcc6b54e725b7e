"""Who sees a line of the audit record."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from reviews.access.proposals import visible_proposals
from reviews.access.specs import Standing
from reviews.models import Event


def visible_events(standing: Standing) -> QuerySet[Event]:
    """Events of the visibilities that the person may know of, and of no proposal that they may not see."""
    rows = Event.objects.filter(spec=standing.spec, visibility__in=standing.visibilities)
    return rows.filter(Q(proposal__isnull=True) | Q(proposal__in=visible_proposals(standing)))
