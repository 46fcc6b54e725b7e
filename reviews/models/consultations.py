"""Public calls for feedback."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.specs import Spec
from reviews.rules.kinds import Moderation
from reviews.rules.states import ConsultationState


class Consultation(models.Model):
    """What the public is asked about a spec, and from when to when.

    A permanent one has no end; a spec has one of them at most. The stored state follows the window a few seconds late, so
    whether a submission comes in time is decided by the window itself.
    """

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="consultations")
    state = kind_field(ConsultationState, default=ConsultationState.DRAFT)
    title = models.CharField(max_length=200)
    question = models.TextField()
    next_steps = models.TextField(blank=True)
    moderation = kind_field(Moderation, default=Moderation.BEFORE)
    is_permanent = models.BooleanField(default=False)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            kind_check("state", ConsultationState, table="consultation"),
            kind_check("moderation", Moderation, table="consultation"),
            models.UniqueConstraint(
                fields=["spec"], condition=Q(is_permanent=True), name="consultation_one_permanent_a_spec"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="consultation_window_has_length"),
            models.CheckConstraint(
                condition=Q(is_permanent=False) | Q(closes_at__isnull=True), name="consultation_permanent_has_no_end"
            ),
        ]

    def __str__(self) -> str:
        return self.title
