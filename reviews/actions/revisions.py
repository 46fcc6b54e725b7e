"""Writing revisions: the one place where clause versions come to be and are closed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import F, Func, Value

from reviews.models import Attachment, AuthorityLevel, Clause, ClauseVersion, Lineage, Proposal, Revision, Spec, User
from reviews.rules.kinds import AttachmentKind, LineageKind
from reviews.text import dialect, outline


@dataclass(frozen=True)
class NewVersion:
    """A clause version to be opened; `clause_id` is None for a clause that begins with it."""

    clause_id: int | None
    parsed: outline.Clause
    order_key: str


@dataclass(frozen=True)
class Descent:
    """One step of lineage; clauses that begin with this revision are named by their anchor."""

    kind: LineageKind
    source: int
    target: int | str | None


@dataclass(frozen=True)
class NewAttachment:
    """A file to be opened in place of the one with its kind and name."""

    kind: AttachmentKind
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Edit:
    """What one revision does: the clauses that it closes, the versions it opens, and what goes with them."""

    closes: frozenset[int] = frozenset()
    opens: Sequence[NewVersion] = ()
    descents: Sequence[Descent] = ()
    attachments: Sequence[NewAttachment] = ()
    closed_attachments: frozenset[int] = frozenset()
    ends_in_newline: bool | None = None

    @property
    def is_empty(self) -> bool:
        """It changes nothing but perhaps the end of the document."""
        return not (self.closes or self.opens or self.attachments or self.closed_attachments)


@dataclass(frozen=True)
class Origin:
    """Where a revision comes from."""

    by: User | None
    now: datetime
    summary: str
    proposal: Proposal | None = None
    imported_from: str = ""


def write(spec: Spec, edit: Edit, origin: Origin) -> Revision:
    """Append one revision to a spec whose row the caller has locked, and move its head.

    Closes before it opens, since the database allows no overlap even for a moment.
    """
    parent = current_revision(spec)
    revision = _insert(spec, edit, origin, parent)
    _close(ClauseVersion.objects.filter(clause__in=edit.closes, valid__contains=spec.head), revision)
    _close(Attachment.objects.filter(pk__in=edit.closed_attachments), revision)
    versions = _open(spec, edit.opens, revision)
    Attachment.objects.bulk_create(_attachment(spec, new, revision) for new in edit.attachments)
    Lineage.objects.bulk_create(_lineage(spec, revision, edit.descents, versions))
    spec.head = revision.number
    spec.save(update_fields=["head"])
    return revision


def current_revision(spec: Spec) -> Revision | None:
    """The revision at the head, None while the spec is empty."""
    return Revision.objects.filter(spec=spec, number=spec.head).first()


def _insert(spec: Spec, edit: Edit, origin: Origin, parent: Revision | None) -> Revision:
    ends = edit.ends_in_newline
    return Revision.objects.create(
        spec=spec,
        number=spec.head + 1,
        parent=parent,
        author=origin.by,
        proposal=origin.proposal,
        imported_from=origin.imported_from,
        summary=origin.summary[:300],
        ends_in_newline=ends if ends is not None else (parent is None or parent.ends_in_newline),
        created_at=origin.now,
    )


def _close(rows: Iterable[object], revision: Revision) -> None:
    closed = Func(
        Func(F("valid"), function="lower"),
        Value(revision.number),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )
    rows.update(valid=closed)  # type: ignore[attr-defined]


def _open(spec: Spec, opens: Sequence[NewVersion], revision: Revision) -> list[ClauseVersion]:
    begun = Clause.objects.bulk_create(Clause(spec=spec) for new in opens if new.clause_id is None)
    fresh = iter(begun)
    levels = {level.name: level for level in AuthorityLevel.objects.filter(spec=spec)}
    rows = [
        _version(spec, new, revision, clause_id=new.clause_id or next(fresh).pk, level=levels.get(new.parsed.authority))
        for new in opens
    ]
    return ClauseVersion.objects.bulk_create(rows)


def _version(
    spec: Spec, new: NewVersion, revision: Revision, *, clause_id: int, level: AuthorityLevel | None
) -> ClauseVersion:
    parsed = new.parsed
    needs, alone = dialect.needs(parsed.source), outline.parse(parsed.source)
    return ClauseVersion(
        spec=spec,
        clause_id=clause_id,
        valid=NumericRange(revision.number, None),
        source=parsed.source,
        source_hash=hashlib.sha256(parsed.source.encode()).digest(),
        title=parsed.title,
        anchor=parsed.anchor or None,
        anchor_explicit=parsed.explicit,
        level=parsed.level,
        authority=level,
        tags=list(parsed.tags),
        order_key=new.order_key,
        depends_on=list(needs.anchors),
        labels=list(needs.labels),
        shows_images=needs.images,
        definitions=dict(alone.definitions),
        names=sorted(alone.names),
    )


def _attachment(spec: Spec, new: NewAttachment, revision: Revision) -> Attachment:
    return Attachment(
        spec=spec,
        kind=new.kind,
        name=new.name,
        media_type=new.media_type,
        content=new.content,
        content_hash=hashlib.sha256(new.content).digest(),
        valid=NumericRange(revision.number, None),
    )


def _lineage(
    spec: Spec, revision: Revision, descents: Sequence[Descent], versions: Sequence[ClauseVersion]
) -> list[Lineage]:
    by_anchor = {version.anchor: version.clause_id for version in versions}
    rows = []
    for descent in descents:
        target = by_anchor[descent.target] if isinstance(descent.target, str) else descent.target
        rows.append(
            Lineage(spec=spec, revision=revision, kind=descent.kind, source_id=descent.source, target_id=target)
        )
    return rows
