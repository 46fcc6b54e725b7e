"""Clauses, their versions over ranges of revisions, their lineage, and files beside the text."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q

from reviews.models.fields import kind_check, kind_field, public_id_field
from reviews.models.revisions import Revision
from reviews.models.specs import AuthorityLevel, Spec
from reviews.rules.kinds import AttachmentKind, LineageKind


class IsEmpty(Func):
    function = "isempty"
    output_field = models.BooleanField()


class UpperIsInfinite(Func):
    function = "upper_inf"
    output_field = models.BooleanField()


def no_overlap(*columns: str, name: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows that agree in these columns are valid at the same revision; checked at once, so close before you open."""
    equal = [(column, RangeOperators.EQUAL) for column in columns]
    return ExclusionConstraint(name=name, expressions=[*equal, ("valid", RangeOperators.OVERLAPS)], condition=condition)


class ValidQuerySet(models.QuerySet):
    def at(self, spec: Spec, number: int) -> ValidQuerySet:
        """The rows of a spec that are valid at a revision."""
        return self.filter(spec=spec, valid__contains=number)


class Clause(models.Model):
    """An addressable part of a spec: its identity is permanent, all else is in its versions."""

    public_id = public_id_field()
    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="clauses")

    def __str__(self) -> str:
        return self.public_id


class ClauseVersion(models.Model):
    """An immutable state of one clause; only `valid` is ever written again, to close it.

    `source` is verbatim and ends a line; `order_key` sorts in collation C; `anchor` is null before the first heading.
    `depends_on` are the anchors whose titles its rendering may show, `labels` the reference links and footnotes that it may
    use, `shows_images` whether it may show one; `definitions` and `names` are the links, footnotes and named places that it
    defines for the whole document.
    """

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="clause_versions")
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="versions")
    valid = BigIntegerRangeField()
    source = models.TextField()
    source_hash = models.BinaryField(max_length=32)
    title = models.TextField(blank=True)
    anchor = models.TextField(null=True)
    anchor_explicit = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField()
    authority = models.ForeignKey(AuthorityLevel, null=True, on_delete=models.PROTECT, related_name="+")
    tags = ArrayField(models.TextField(), default=list, blank=True)
    order_key = models.TextField(db_collation="C")
    depends_on = ArrayField(models.TextField(), default=list, blank=True)
    labels = ArrayField(models.TextField(), default=list, blank=True)
    shows_images = models.BooleanField(default=False)
    definitions = models.JSONField(default=dict, blank=True)
    names = ArrayField(models.TextField(), default=list, blank=True)

    objects = ValidQuerySet.as_manager()

    class Meta:
        constraints = [
            no_overlap("clause", name="clause_version_one_at_a_time"),
            no_overlap("spec", "anchor", name="clause_version_anchor_one_at_a_time"),
            no_overlap("spec", "order_key", name="clause_version_place_one_at_a_time"),
            models.CheckConstraint(condition=~Q(IsEmpty("valid")), name="clause_version_valid_somewhere"),
            models.CheckConstraint(condition=Q(source__regex=r"[\n\r]$"), name="clause_version_source_ends_a_line"),
            models.CheckConstraint(
                condition=Q(level=0, anchor__isnull=True) | Q(level__range=(1, 6), anchor__isnull=False),
                name="clause_version_anchor_with_heading",
            ),
            models.UniqueConstraint(
                fields=["clause"], condition=Q(UpperIsInfinite("valid")), name="clause_version_one_current"
            ),
        ]
        indexes = [
            GistIndex("spec", "valid", name="clause_version_at_revision"),
            models.Index(fields=["spec", "anchor"], name="clause_version_by_anchor"),
        ]

    def __str__(self) -> str:
        return self.title or self.anchor or "(text before the first heading)"

    @property
    def since(self) -> int:
        """The first revision that has it."""
        return int(self.valid.lower)

    @property
    def until(self) -> int | None:
        """The first revision that no longer has it, or None while it is current."""
        return None if self.valid.upper is None else int(self.valid.upper)


class Lineage(models.Model):
    """How one clause went on in another at a revision: joined into it, split off into it, or gone with a note."""

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="lineage")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="lineage")
    kind = kind_field(LineageKind)
    source = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="lineage_onward")
    target = models.ForeignKey(Clause, null=True, on_delete=models.PROTECT, related_name="lineage_back")

    class Meta:
        constraints = [
            kind_check("kind", LineageKind, table="lineage"),
            models.UniqueConstraint(fields=["revision", "source", "target"], name="lineage_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(kind=LineageKind.GONE, target__isnull=True)
                | (~Q(kind=LineageKind.GONE) & Q(target__isnull=False)),
                name="lineage_has_target_unless_gone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id or ''}"


class Attachment(models.Model):
    """A file that belongs to the text: the prompts of an evaluation tag, or a local image; versioned like clauses."""

    spec = models.ForeignKey(Spec, on_delete=models.CASCADE, related_name="attachments")
    kind = kind_field(AttachmentKind)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    content_hash = models.BinaryField(max_length=32)
    valid = BigIntegerRangeField()

    objects = ValidQuerySet.as_manager()

    class Meta:
        constraints = [
            kind_check("kind", AttachmentKind, table="attachment"),
            no_overlap("spec", "kind", "name", name="attachment_one_at_a_time"),
            models.CheckConstraint(condition=~Q(IsEmpty("valid")), name="attachment_valid_somewhere"),
        ]
        indexes = [GistIndex("spec", "valid", name="attachment_at_revision")]

    def __str__(self) -> str:
        return self.name
