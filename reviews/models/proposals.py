"""Proposals, their patch sets, the changes in them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from reviews.models.clauses import Clause, ClauseVersion
from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.specs import Spec
from reviews.rules.kinds import ChangeKind, Visibility
from reviews.rules.states import ProposalState


class Proposal(models.Model):
    """A suggested change over one or more clauses; `coauthors` are all who ever changed its words beside the author."""

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="proposals")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    state = kind_field(ProposalState, default=ProposalState.DRAFT)
    visibility = kind_field(Visibility, default=Visibility.PUBLIC)
    title = models.CharField(max_length=200)
    rationale = models.TextField(blank=True)
    closing_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    coauthors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    details_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            kind_check("state", ProposalState, table="proposal"),
            kind_check("visibility", Visibility, table="proposal"),
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.WITHDRAWN, ProposalState.REJECTED]) | ~Q(closing_reason=""),
                name="proposal_closed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["spec", "state", "-created_at"], name="proposal_list")]

    def __str__(self) -> str:
        return self.title


class PatchSet(models.Model):
    """One content of a proposal: open to edits until it is submitted, then frozen. At most one is open.

    `difference` is the class of change from the patch set before, computed once when it is submitted, since positions carry
    over by it in every list; empty for the first one and while it is open.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="patch_sets")
    number = models.PositiveSmallIntegerField()
    base = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    difference = models.CharField(max_length=20, blank=True, default="")
    details_version = models.PositiveIntegerField(
        default=0
    )  # of the title and rationale it was submitted with; 0: open

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="patch_set_number_unique"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(submitted_at__isnull=True), name="patch_set_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"patch set {self.number}"


class ProposalImage(models.Model):
    """An image that came with the document which a proposal was made from; it joins the draft when that is merged.

    `replaces` is the hash of the image that the draft had under this name, null for none.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    content_hash = models.BinaryField(max_length=32)
    replaces = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "name"], name="proposal_image_name_unique")]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """What a patch set does to one clause.

    `base_version` is the clause version it was written against (null when a clause is added); `source` is the new text (empty
    when it is deleted); `after` is the clause that it shall follow (null with `placed`: the beginning), `alone` without the
    parts below either of them, as in a document that was uploaded; `onward` are the anchors that the text of a deleted
    clause went to; `version` counts the saves of a draft, so that the second of two people who save sees the first.
    `source_before_delete` is what was written before the clause was marked for deletion, so that taking the deletion back
    loses no words.
    """

    public_id = public_id_field()
    patch_set = models.ForeignKey(PatchSet, on_delete=models.CASCADE, related_name="changes")
    kind = kind_field(ChangeKind)
    clause = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="changes")
    base_version = models.ForeignKey(ClauseVersion, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.TextField(blank=True)
    source_before_delete = models.TextField(blank=True, default="")
    placed = models.BooleanField(default=False)
    after = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="+")
    alone = models.BooleanField(default=False)
    onward = ArrayField(models.TextField(), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            kind_check("kind", ChangeKind, table="change"),
            models.UniqueConstraint(
                fields=["patch_set", "clause"], condition=Q(clause__isnull=False), name="change_once_a_clause"
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.ADD, clause__isnull=True, base_version__isnull=True)
                | (~Q(kind=ChangeKind.ADD) & Q(clause__isnull=False, base_version__isnull=False)),
                name="change_has_base_unless_added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clause_id or ''}"
