"""Releases and the files made of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.proposals import Proposal
from reviews.models.revisions import Revision
from reviews.models.specs import Spec
from reviews.rules.states import ReleaseState


class Release(models.Model):
    """A published edition of a spec at one revision; while it is assembled its notes may change, afterwards nothing.

    One that was made by importing outside history says so and claims no approvals.
    """

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.PROTECT, related_name="releases")
    state = kind_field(ReleaseState, default=ReleaseState.ASSEMBLING)
    label = models.CharField(max_length=60)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.PROTECT, related_name="releases")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    notes = models.TextField(blank=True)
    notes_version = models.PositiveIntegerField(default=1)
    imported = models.BooleanField(default=False)
    release_date = models.DateField(null=True)
    includes = models.ManyToManyField(Proposal, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            kind_check("state", ReleaseState, table="release"),
            models.UniqueConstraint(
                fields=["spec", "label"], condition=~Q(state=ReleaseState.ABANDONED), name="release_label_unique"
            ),
            models.UniqueConstraint(
                fields=["spec"], condition=Q(state=ReleaseState.ASSEMBLING), name="release_one_assembling"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.PUBLISHED)
                | Q(revision__isnull=False, published_at__isnull=False, release_date__isnull=False),
                name="release_published_whole",
            ),
        ]
        indexes = [models.Index(fields=["spec", "-published_at"], name="release_newest")]

    def __str__(self) -> str:
        return self.label


class ReleaseFile(models.Model):
    """A derived edition of a release, made by a worker; the same release always gives the same bytes."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    content_hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="release_file_once")]

    def __str__(self) -> str:
        return self.name
