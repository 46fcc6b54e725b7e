"""Keeping a file that was sent in until its sender has seen what it does, then importing or proposing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from reviews.access.specs import check
from reviews.actions import imports
from reviews.actions.images import check_all
from reviews.actions.import_changes import propose_document
from reviews.actions.imports import Imported, Upload
from reviews.actions.locks import lock_spec
from reviews.actions.wording import one_line
from reviews.errors import Invalid, NotFound
from reviews.models import KeptImage, KeptUpload, Proposal, Spec, User
from reviews.queries.incoming import Step
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Verb
from reviews.text import incoming

DAYS = 2
MOST_IMAGES = 50


@dataclass(frozen=True)
class Decision:
    """What its sender decided: the lineage, and how a proposal is to be called or why there is none.

    `accept` takes what the lineage leaves open as the texts suggest.
    """

    lineage: Sequence[Step] = ()
    accept: bool = False
    title: str = ""
    visibility: str = Visibility.PUBLIC
    reason: str = ""


@transaction.atomic
def keep(spec: Spec, *, name: str, content: bytes, images: Mapping[str, bytes], by: User, now: datetime) -> KeptUpload:
    """Keep an upload; what nobody decided on for two days goes.

    Raises Invalid, and keeps nothing, for a file that could not be imported.
    """
    check(spec, by, Verb.IMPORT)
    incoming.parsed(incoming.decoded(content))
    check_all(images)
    if len(images) > MOST_IMAGES:
        raise Invalid("These are too many images.", fields={"images": f"At most {MOST_IMAGES} at once."})
    KeptUpload.objects.filter(sent_at__lt=now - timedelta(days=DAYS)).delete()
    kept = KeptUpload.objects.create(spec=spec, sent_by=by, sent_at=now, name=name[-200:], content=content)
    KeptImage.objects.bulk_create(
        KeptImage(upload=kept, name=name[-200:], content=image) for name, image in images.items()
    )
    return kept


@transaction.atomic
def import_kept(kept: KeptUpload, decision: Decision, *, by: User, now: datetime) -> Imported | None:
    """Import it as a revision, once; None when that was done before.

    Raises what imports.import_document raises, and then keeps the upload.
    """
    kept = _locked(kept)
    if kept.used_at is not None:
        return None
    done = imports.import_document(kept.spec, _upload(kept, decision), by=by, now=now, reason=decision.reason)
    _mark_used(kept, now=now)
    return done


@transaction.atomic
def propose_kept(kept: KeptUpload, decision: Decision, *, by: User, now: datetime) -> Proposal:
    """Make a draft proposal of it and of its images, once; sent again, the same proposal is returned.

    Raises NotFound when it was imported directly before.
    """
    kept = _locked(kept)
    if kept.used_at is not None:
        if kept.proposal is None:
            raise NotFound("This upload was imported already.")
        return kept.proposal
    upload = _upload(kept, decision)
    title = decision.title or proposed_title(kept)
    proposal = propose_document(kept.spec, upload, title=title, by=by, now=now, visibility=decision.visibility)
    _mark_used(kept, now=now, proposal=proposal)
    return proposal


def proposed_title(kept: KeptUpload) -> str:
    """Return what the proposal of an upload is called unless its sender says so; a file's name can have any characters."""
    return one_line(f"Import of {kept.name}")[:200]


def _locked(kept: KeptUpload) -> KeptUpload:
    """The spec's row, then the upload's, as it is now: of two decisions that come at once the second sees the first."""
    lock_spec(kept.spec)
    rows = KeptUpload.objects.select_for_update(no_key=True, of=("self",)).select_related("spec", "proposal")
    found = rows.filter(pk=kept.pk).first()
    if found is None:
        raise NotFound("This upload was discarded or is older than two days. Upload the file again.")
    return found


def _mark_used(kept: KeptUpload, *, now: datetime, proposal: Proposal | None = None) -> None:
    """What was in it is in the spec now; the row stays for a decision that is sent again."""
    kept.images.all().delete()
    kept.used_at, kept.proposal, kept.content = now, proposal, b""
    kept.save(update_fields=["used_at", "proposal", "content"])


def forget(kept: KeptUpload) -> None:
    """Discard it: its sender doesn't want it."""
    kept.delete()


def _upload(kept: KeptUpload, decision: Decision) -> Upload:
    images = {image.name: bytes(image.content) for image in kept.images.all()}
    return Upload(bytes(kept.content), name=kept.name, images=images, lineage=decision.lineage, accept=decision.accept)
