"""Threads and their comments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reviews.models.clauses import Clause, ClauseVersion
from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.proposals import Proposal
from reviews.models.specs import Spec
from reviews.rules.kinds import ThreadKind, Visibility
from reviews.rules.states import ThreadState


class Thread(models.Model):
    """A thread about a clause, about words in it, or about a proposal; who may see it is fixed when it is opened.

    The quote is kept as first written, with the clause version it was made on; offsets count code points of the rendered
    text in which each resolved title is one U+FFFC.
    """

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="threads")
    clause = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="threads")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.CASCADE, related_name="threads")
    visibility = kind_field(Visibility)
    kind = kind_field(ThreadKind)
    state = kind_field(ThreadState, default=ThreadState.OPEN)
    quoted_version = models.ForeignKey(ClauseVersion, null=True, on_delete=models.PROTECT, related_name="+")
    quote = models.TextField(blank=True)
    quote_prefix = models.TextField(blank=True)
    quote_suffix = models.TextField(blank=True)
    quote_start = models.PositiveIntegerField(null=True)
    quote_end = models.PositiveIntegerField(null=True)
    closing_reason = models.TextField(blank=True)
    addressed_by = models.ForeignKey(Proposal, null=True, on_delete=models.SET_NULL, related_name="addresses")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")

    class Meta:
        constraints = [
            kind_check("visibility", Visibility, table="thread"),
            kind_check("kind", ThreadKind, table="thread"),
            kind_check("state", ThreadState, table="thread"),
            models.CheckConstraint(
                condition=Q(clause__isnull=False) | Q(proposal__isnull=False), name="thread_is_about_something"
            ),
            models.CheckConstraint(
                condition=Q(quote="", quote_start__isnull=True, quote_end__isnull=True)
                | Q(quoted_version__isnull=False, quote_start__lt=F("quote_end")) & ~Q(quote=""),
                name="thread_quote_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ThreadState.DECLINED) | ~Q(closing_reason=""), name="thread_declined_with_reason"
            ),
            # Threads from before this rule are not checked: the migration adds it as NOT VALID.
            models.CheckConstraint(
                condition=~Q(state=ThreadState.ADDRESSED) | ~Q(closing_reason="") | Q(addressed_by__isnull=False),
                name="thread_addressed_with_proposal_or_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["spec", "-id"], name="thread_by_spec"),
            models.Index(fields=["clause", "-id"], name="thread_by_clause"),
            models.Index(fields=["proposal", "-id"], name="thread_by_proposal"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Comment(models.Model):
    """One contribution to a thread; the same key from the same person is stored once.

    `body` is what everybody reads: the newest text, or a fixed sentence once its author has withdrawn it.
    """

    public_id = public_id_field()
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    body = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    idempotency_key = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="comment_stored_once"),
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.public_id


class CommentVersion(models.Model):
    """A text that a comment had before it was edited or withdrawn; rows are only ever added.

    The earlier texts of an edited comment are shown to everybody who sees its thread. Those of a withdrawn comment are shown
    to nobody: only an operator can read them in the database.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="earlier_versions")
    body = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="comment_version_says_something")]

    def __str__(self) -> str:
        return f"{self.comment_id} at {self.written_at:%Y-%m-%d %H:%M}"
