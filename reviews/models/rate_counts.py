"""How often something was done in a window of time."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """One counter; `subject` is a network, an account's identifier, or a hash where it would be an address."""

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=120)
    seconds = models.PositiveIntegerField()
    starts_at = models.DateTimeField(db_index=True)
    count = models.IntegerField()

    class Meta:
        # The upsert of reviews.actions.rate_limits names these columns.
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "seconds", "starts_at"], name="rate_count_once_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"
