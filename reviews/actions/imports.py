"""Importing a document as one revision that changes only what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from reviews.access.specs import check
from reviews.actions import images, releases, renderings, revisions
from reviews.actions.events import record
from reviews.actions.locks import lock_spec
from reviews.actions.releases import Edition
from reviews.actions.revisions import Descent, Edit, NewAttachment, NewVersion, Origin
from reviews.actions.wording import checked_text, one_line
from reviews.errors import Conflict, IllegalMove, Invalid
from reviews.models import Attachment, AuthorityLevel, Release, Revision, Spec, User
from reviews.queries.imports import Beside, Report, beside, new_levels, report
from reviews.queries.incoming import Comparison, Step, compare
from reviews.rules.kinds import AttachmentKind, EventKind, LineageKind, Visibility
from reviews.rules.roles import Verb
from reviews.text import incoming
from reviews.text.order import filled


@dataclass(frozen=True)
class Upload:
    """A document with what comes along.

    Evaluation files by tag (None leaves those that are stored), images by file name, and what became of anchors that
    vanish (`accept` takes what the texts suggest).
    """

    source: str | bytes
    name: str = "upload.md"
    evaluations: Mapping[str, bytes] | None = None
    images: Mapping[str, bytes] = field(default_factory=dict)
    lineage: Sequence[Step] = ()
    accept: bool = False


@dataclass(frozen=True)
class Imported:
    """What an import did; `revision` is None when the spec was as the document says already."""

    report: Report
    revision: Revision | None = None
    release: Release | None = None


@transaction.atomic
def import_document(
    spec: Spec, upload: Upload, *, by: User | None, now: datetime, edition: Edition | None = None, reason: str = ""
) -> Imported:
    """Make the document the head of the spec as one revision that changes only what differs, and perhaps a release.

    `by` is None for the command line. Into a spec that has a text it is an override: an owner needs a reason, which
    the event and the revision keep. Raises Invalid for a document that cannot be stored, Conflict with the report as
    `fresh` when anchors vanish and nobody has confirmed what became of them.
    """
    text = incoming.decoded(upload.source)
    spec = lock_spec(spec)
    reason = checked_text(reason, field="reason")
    override = check_may_import(spec, by, reason=reason)
    found = compare(spec, text, given=upload.lineage)
    told = report(found, beside_of(spec, upload))
    if told.to_confirm and not upload.accept:
        raise Conflict(unconfirmed(told), fresh=told)
    add_levels(spec, found)
    edit = edit_of(found, upload, told)
    revision = None
    if changes_anything(found, edit):
        summary = f"Import of {one_line(upload.name)}" + (f": {reason}" if override and reason else "")
        origin = Origin(by=by, now=now, summary=summary, imported_from=upload.name[:200])
        revision = _write(spec, edit, origin, told, override={"reason": reason} if override else {})
    return Imported(told, revision, _published(spec, revision, edition, by=by, now=now))


def check_may_import(spec: Spec, by: User | None, *, reason: str) -> bool:
    """Whether a direct import is an override, which it is in a spec that has a text already.

    Raises NotAllowed to whom may not, IllegalMove for an archived spec, Invalid when an owner gives no reason.
    """
    has_text = spec.head > 0
    if by is None and spec.archived_at is not None:
        raise IllegalMove("This spec is archived: an owner has to bring it back first.")
    if by is None:
        return has_text
    check(spec, by, Verb.IMPORT_DIRECTLY if has_text else Verb.IMPORT)
    if has_text and not reason:
        raise Invalid(
            "This spec has a text already. Say why the document is imported without a proposal.",
            fields={"reason": "It will be printed with the release."},
        )
    return has_text


def beside_of(spec: Spec, upload: Upload) -> Beside:
    """The files that the spec would have beside its text with this upload."""
    return beside(spec, evaluations=upload.evaluations, images=upload.images)


def unconfirmed(told: Report) -> str:
    """The sentence that asks for the lineage to be confirmed."""
    many = len(told.to_confirm)
    names = ", ".join(f"“{step.source}”" for step in told.to_confirm[:3])
    names += f" and {many - 3} more" if many > 3 else ""
    if many == 1:
        return f"The anchor {names} vanishes: confirm what became of it."
    return f"{many} anchors vanish ({names}): confirm what became of them."


def add_levels(spec: Spec, found: Comparison) -> None:
    """Add the authority levels that the spec does not know, at the lowest rank.

    Raises Invalid for one that is no word.
    """
    names = new_levels(found)
    for name in names:
        if not incoming.LEVEL.fullmatch(name):
            raise Invalid(f"“{name[:60]}” cannot be an authority level: it takes one word of at most 40 letters.")
    lowest = max(spec.authority_levels.values_list("rank", flat=True), default=0)
    rows = [AuthorityLevel(spec=spec, name=name, rank=lowest + n) for n, name in enumerate(names, start=1)]
    AuthorityLevel.objects.bulk_create(rows)


def edit_of(found: Comparison, upload: Upload, told: Report) -> Edit:
    """What has to be closed and opened so that the head becomes the document."""
    opens = _opens(found)
    gone = {found.versions[i].clause_id for i in found.diff.removed}
    attachments, closed = attachments_of(found.spec, upload, told)
    return Edit(
        closes=frozenset({new.clause_id for new in opens if new.clause_id} | gone),
        opens=opens,
        descents=descents_of(found),
        attachments=attachments,
        closed_attachments=closed,
        ends_in_newline=found.ends_in_newline,
    )


def changes_anything(found: Comparison, edit: Edit) -> bool:
    """Whether an edit needs a revision; a last newline that came or went does."""
    head = revisions.current_revision(found.spec)
    return not edit.is_empty or head is None or head.ends_in_newline != edit.ends_in_newline


def descents_of(found: Comparison) -> list[Descent]:
    """The lineage of every clause that goes, and of those that a part was split off."""
    steps = {step.source: step for step in found.lineage}
    places = {clause.anchor: j for j, clause in enumerate(found.new.clauses) if clause.anchor}
    rows = [
        Descent(LineageKind.SPLIT, _clause(found, flow.old), _target(found, flow.new)) for flow in found.diff.splits
    ]
    for i in found.diff.removed:
        step = steps.get(found.old.clauses[i].anchor)
        targets = [places[target] for target in step.targets] if step else []
        kind = step.kind if step and targets else LineageKind.GONE
        source = _clause(found, i)
        rows += [Descent(kind, source, _target(found, j)) for j in targets] or [Descent(kind, source, None)]
    return rows


def _clause(found: Comparison, old: int) -> int:
    return found.versions[old].clause_id


def _target(found: Comparison, new: int) -> int | str:
    """A clause of the new document: by id when it was there before, else by its anchor."""
    pair = found.pair_of.get(new)
    return _clause(found, pair.old) if pair else found.new.clauses[new].anchor


def _opens(found: Comparison) -> list[NewVersion]:
    keys = filled(
        [
            found.versions[found.pair_of[j].old].order_key if j in found.stays else None
            for j in range(len(found.new.clauses))
        ]
    )
    return [
        NewVersion(_clause(found, found.pair_of[j].old) if j in found.pair_of else None, clause, keys[j])
        for j, clause in enumerate(found.new.clauses)
        if not found.is_kept(j)
    ]


def attachments_of(spec: Spec, upload: Upload, told: Report) -> tuple[list[NewAttachment], frozenset[int]]:
    """The files to be opened, and the ids of those that they replace or that are no longer given."""
    wanted = {(image.kind, image.name): image for image in images.named(told.images, upload.images)}
    for tag, content in (upload.evaluations or {}).items():
        kind = AttachmentKind.EVALUATION
        wanted[kind, tag] = NewAttachment(kind, tag, "text/markdown; charset=utf-8", content)
    closed = set()
    for row in Attachment.objects.at(spec, spec.head):
        new = wanted.get((row.kind, row.name))
        if new is not None and new.content == bytes(row.content):
            del wanted[row.kind, row.name]
        elif new is not None or (row.kind == AttachmentKind.EVALUATION and upload.evaluations is not None):
            closed.add(row.pk)
    return list(wanted.values()), frozenset(closed)


def _write(spec: Spec, edit: Edit, origin: Origin, told: Report, *, override: dict[str, str]) -> Revision:
    revision = revisions.write(spec, edit, origin)
    renderings.keep_for_revision(spec, revision)
    counts = {name: len(getattr(told, name)) for name in ("added", "removed", "edited", "moved")}
    data = {"file": origin.imported_from, **counts, **({"override": override} if override else {})}
    record(
        EventKind.REVISION_IMPORTED,
        spec=spec,
        by=origin.by,
        now=origin.now,
        visibility=Visibility.PUBLIC,
        revision=revision,
        data=data,
    )
    return revision


def _published(
    spec: Spec, revision: Revision | None, edition: Edition | None, *, by: User | None, now: datetime
) -> Release | None:
    """The release of this import; the one that has the label already, when it is of the same revision."""
    if edition is None:
        return None
    head = revision or revisions.current_revision(spec)
    same = Release.objects.filter(spec=spec, label=edition.label, revision=head, imported=True).first()
    if same is not None or head is None:
        return same
    return releases.publish_imported(spec, head, edition, by=by, now=now)
