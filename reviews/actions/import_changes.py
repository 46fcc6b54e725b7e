"""An uploaded document as a proposal: a change set that makes exactly the document of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from reviews.access.specs import check
from reviews.actions import images, imports, proposals
from reviews.actions.imports import Upload
from reviews.actions.locks import lock_spec
from reviews.errors import Conflict, Invalid
from reviews.models import Change, Proposal, Spec, User
from reviews.queries.approval import open_patch_set
from reviews.queries.imports import images_shown, report
from reviews.queries.incoming import Comparison, compare
from reviews.rules.kinds import AttachmentKind, ChangeKind, LineageKind, Visibility
from reviews.rules.roles import Verb
from reviews.text import dialect, incoming


@transaction.atomic
def propose_document(
    spec: Spec, upload: Upload, *, title: str, by: User, now: datetime, visibility: str = Visibility.PUBLIC
) -> Proposal:
    """A draft proposal whose changes make the document of the head; who sends it reads it through and submits it.

    Images that the draft has not come with it, and with them every clause that shows one, changed or not.
    Raises Invalid for a document that cannot be stored or differs in nothing that a proposal can change, Conflict with
    the report as `fresh` when anchors vanish and nobody has confirmed what became of them.
    """
    text = incoming.decoded(upload.source)
    spec = lock_spec(spec)
    check(spec, by, Verb.PROPOSE)
    found = compare(spec, text, given=upload.lineage)
    told = report(found, imports.beside_of(spec, upload))
    if told.to_confirm and not upload.accept:
        raise Conflict(imports.unconfirmed(told), fresh=told)
    imports.add_levels(spec, found)
    pictures = [one for one in imports.attachments_of(spec, upload, told)[0] if one.kind == AttachmentKind.IMAGE]
    rows = changes_of(found, showing=_showing(found, [one.name for one in pictures]))
    if not rows:
        raise Invalid("The clauses of this file are those of the draft: there is nothing to propose.")
    proposal = proposals.create(spec, title=title, by=by, now=now, visibility=visibility)
    patch_set = open_patch_set(proposal)
    for row in rows:
        row.patch_set, row.saved_by, row.saved_at = patch_set, by, now
    Change.objects.bulk_create(rows)
    images.keep_for(proposal, pictures)
    return proposal


def changes_of(found: Comparison, *, showing: frozenset[int] = frozenset()) -> list[Change]:
    """Unsaved changes in the order in which they are applied: what goes, then the new document from its beginning.

    The clauses of the new document that are `showing` a new image are opened in any case, since it is theirs to approve.
    Each clause that is new, or that leaves the longest run that kept its order, is placed alone behind the clause before
    it that exists already; those that begin stand there in their order.
    """
    rows = _deletions(found)
    after: int | None = None
    for j, clause in enumerate(found.new.clauses):
        pair = found.pair_of.get(j)
        if pair is None:
            rows.append(Change(kind=ChangeKind.ADD, source=clause.source, placed=True, after_id=after, alone=True))
            continue
        base = found.versions[pair.old]
        placed = j not in found.stays
        if placed or clause.source != base.source or j in showing:
            kind = ChangeKind.EDIT if clause.source != base.source or not placed else ChangeKind.MOVE
            place = {"placed": True, "after_id": after, "alone": True} if placed else {}
            rows.append(Change(kind=kind, clause_id=base.clause_id, base_version=base, source=clause.source, **place))
        after = base.clause_id
    return rows


def _showing(found: Comparison, names: Sequence[str]) -> frozenset[int]:
    """The clauses of the new document that show one of these images."""
    if not names:
        return frozenset()
    shared, wanted = dialect.Resolver.of(found.new), frozenset(names)
    return frozenset(j for j, clause in enumerate(found.new.clauses) if wanted & images_shown(clause.source, shared))


def _deletions(found: Comparison) -> list[Change]:
    onward = {step.source: list(step.targets) for step in found.lineage if step.kind != LineageKind.RENAMED}
    return [
        Change(
            kind=ChangeKind.DELETE,
            clause_id=found.versions[i].clause_id,
            base_version=found.versions[i],
            onward=onward.get(found.old.clauses[i].anchor, []),
        )
        for i in found.diff.removed
    ]
