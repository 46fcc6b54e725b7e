"""Job rows: the outbox. Work promised in a transaction is a row of that transaction."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.events import Event


class Job(models.Model):
    """One effect to come: done at least once, by name and arguments; `key` makes the same promise twice one row.

    `attempts` counts the leases and tells the holder of one from the holder of the next. `give_up_at` is set by the first
    failure. `reported_at` is when the operator was told that it failed for good.
    """

    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    give_up_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(done_at__isnull=True, failed_at__isnull=True), name="job_waiting"
            ),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="job_failed"),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="job_done"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class Delivery(models.Model):
    """That the mail of an event was handed to the mail server for one person, so that a second attempt leaves it out."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="delivery_once")]
        indexes = [models.Index(fields=["delivered_at"], name="delivery_by_age")]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.person_id}"
