"""Revisions: one atomic numbered change of a spec each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.specs import Spec


class Revision(models.Model):
    """Revision n follows n − 1; it came from a proposal, an import, or both.

    `ends_in_newline` says how the document ends: clause sources always end in a newline, the document need not.
    """

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey("reviews.Proposal", null=True, on_delete=models.PROTECT, related_name="+")
    imported_from = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=300)
    ends_in_newline = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["spec", "number"], name="revision_number_unique"),
            models.CheckConstraint(
                condition=Q(number=1, parent__isnull=True) | Q(number__gt=1, parent__isnull=False),
                name="revision_has_parent",
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(proposal__isnull=False), name="revision_proposal_applied_once"
            ),
            models.CheckConstraint(
                condition=~Q(imported_from="", proposal__isnull=True, author__isnull=True), name="revision_has_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number}"
