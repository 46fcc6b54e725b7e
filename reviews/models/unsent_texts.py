"""Texts that people typed into forms and have not sent yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class UnsentText(models.Model):
    """What one person typed into one field of one page, kept until it is sent or discarded.

    `page` is the path of the page and `field` names the form and the field on it. Only its writer ever sees it. The texts
    of a proposal that is being written are not here: they are saved in the proposal itself.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsent_texts")
    page = models.CharField(max_length=300)
    field = models.CharField(max_length=200)
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "page", "field"], name="unsent_text_once_a_field"),
            models.CheckConstraint(condition=~Q(text=""), name="unsent_text_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.page}#{self.field}"
