"""Specs, their members, their authority levels."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from reviews.models.fields import choices, kind_check, kind_field, public_id_field
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Role


class Spec(models.Model):
    """One document under review; `head` is the number of its newest revision, 0 while it is empty."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    visibility = kind_field(Visibility, default=Visibility.INTERNAL)
    head = models.PositiveIntegerField(default=0)
    default_supports = models.PositiveSmallIntegerField(default=1)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            kind_check("visibility", Visibility, table="spec"),
            models.CheckConstraint(condition=Q(default_supports__gte=1), name="spec_default_supports_some"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC


class AuthorityLevel(models.Model):
    """One word of a spec's vocabulary of authority; rank 1 is the highest."""

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="authority_levels")
    name = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()
    required_supports = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(F("spec"), Lower("name"), name="authority_level_name_unique"),
            models.UniqueConstraint(
                fields=["spec", "rank"], name="authority_level_rank_unique", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(required_supports__gte=1), name="authority_level_supports_some"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's roles in a spec: one row a person, so that it can be locked."""

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=choices(Role)))
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["spec", "user"], name="membership_unique"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]) & Q(roles__len__gte=1),
                name="membership_roles_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.spec_id}: {', '.join(self.roles)}"


class Invitation(models.Model):
    """A link by which one person becomes a member, until it expires or is withdrawn."""

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=20, choices=choices(Role)))
    secret_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]) & Q(roles__len__gte=1),
                name="invitation_roles_known",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
            # An invitation that is sent again replaces the one before; this stands behind the lock of the spec.
            models.UniqueConstraint(
                fields=["spec", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.spec_id}"
