"""Job rows: the outbox. Work promised in a transaction is a row of that transaction."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One effect to come: done at least once, by name and arguments; `key` makes the same promise twice one row."""

    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at__isnull=True, failed_at__isnull=True), name="job_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"
