"""Positions: what each person said of a patch set, in order; the latest of a person stands. And overrides of concerns."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.proposals import PatchSet
from reviews.rules.kinds import PositionKind


class Position(models.Model):
    """Append-only."""

    public_id = public_id_field()
    patch_set = models.ForeignKey(PatchSet, on_delete=models.CASCADE, related_name="positions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="positions")
    kind = kind_field(PositionKind)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            kind_check("kind", PositionKind, table="position"),
            models.CheckConstraint(
                condition=~Q(kind=PositionKind.CONCERN) | ~Q(reason=""), name="position_concern_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["patch_set", "person", "-id"], name="position_latest")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class ConcernOverride(models.Model):
    """That a concern no longer keeps its proposal from being merged, who decided so and why. Append-only.

    `patch_set` is the one that the decision is about, the newest of then; a concern may be overridden again for a later one.
    """

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="overrides")
    patch_set = models.ForeignKey(PatchSet, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="concern_override_with_reason"),
            models.UniqueConstraint(fields=["position", "patch_set"], name="concern_override_once"),
        ]

    def __str__(self) -> str:
        return f"override of {self.position_id}"
