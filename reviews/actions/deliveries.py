"""Noting which mail was sent to whom."""

from __future__ import annotations

from datetime import datetime

from reviews.models import Delivery, Event, User


def note(event: Event, person: User, *, now: datetime) -> None:
    """Note that the mail of the event was sent to the person, or that they may not have it; twice is once."""
    Delivery.objects.bulk_create([Delivery(event=event, person=person, delivered_at=now)], ignore_conflicts=True)
