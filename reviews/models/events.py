"""Events: the append-only audit record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from reviews.models.clauses import Clause
from reviews.models.fields import choices, kind_check, kind_field
from reviews.models.proposals import Proposal
from reviews.models.releases import Release
from reviews.models.revisions import Revision
from reviews.models.specs import Spec
from reviews.models.threads import Comment, Thread
from reviews.rules.kinds import EventKind, Visibility


class Event(models.Model):
    """One line: who did what to which thing when, and who may know it. Written in the transaction of the act itself."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    spec = models.ForeignKey(Spec, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40, choices=choices(EventKind))
    visibility = kind_field(Visibility)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    clause = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="events")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="events")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.PROTECT, related_name="events")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="events")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="events")
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="events")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [
            kind_check("kind", EventKind, table="event"),
            kind_check("visibility", Visibility, table="event"),
        ]
        indexes = [models.Index(fields=["spec", "-id"], name="event_by_spec")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
