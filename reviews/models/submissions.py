"""What people without an account send in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reviews.models.clauses import Clause, ClauseVersion
from reviews.models.consultations import Consultation
from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.specs import Spec
from reviews.rules.kinds import RestrictionReason
from reviews.rules.states import SubmissionState


class Submission(models.Model):
    """One letter: its passages, and the name under which they are published, if any.

    The same key sent again to the same consultation is stored once. `secret_hash` is that of the link on the receipt, and
    `content_hash` that of the words as they were stored, which the receipt shows. Nothing is deleted by moderation.
    """

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="submissions")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="submissions")
    state = kind_field(SubmissionState, default=SubmissionState.PENDING)
    name = models.CharField(max_length=150, blank=True)
    organisation = models.CharField(max_length=150, blank=True)
    is_late = models.BooleanField(default=False)
    is_suspicious = models.BooleanField(default=False)
    restriction = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    idempotency_key = models.CharField(max_length=64)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    content_hash = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            kind_check("state", SubmissionState, table="submission"),
            models.UniqueConstraint(fields=["consultation", "idempotency_key"], name="submission_stored_once"),
            models.CheckConstraint(
                condition=Q(restriction__in=["", *(reason.value for reason in RestrictionReason)]),
                name="submission_restriction_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RESTRICTED) | (~Q(restriction="") & ~Q(reason="")),
                name="submission_restricted_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["spec", "state", "-id"], name="submission_desk")]

    def __str__(self) -> str:
        return self.public_id


class SubmissionContact(models.Model):
    """The address of somebody who wants to hear what became of their submission; never shown, in a table of its own."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField()
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"contact of {self.submission_id}"


class Passage(models.Model):
    """One point of a submission, about a clause, about words in it, or in general."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveSmallIntegerField()
    clause = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="passages")
    quoted_version = models.ForeignKey(ClauseVersion, null=True, on_delete=models.PROTECT, related_name="+")
    quote = models.TextField(blank=True)
    quote_prefix = models.TextField(blank=True)
    quote_suffix = models.TextField(blank=True)
    quote_start = models.PositiveIntegerField(null=True)
    quote_end = models.PositiveIntegerField(null=True)
    body = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="passage_number_unique"),
            models.CheckConstraint(condition=~Q(body=""), name="passage_says_something"),
            models.CheckConstraint(
                condition=Q(quote="", quote_start__isnull=True, quote_end__isnull=True)
                | Q(quoted_version__isnull=False, clause__isnull=False, quote_start__lt=F("quote_end")) & ~Q(quote=""),
                name="passage_quote_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"passage {self.number} of {self.submission_id}"
