"""Local images that come along with a document: which the text means, and what they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reviews.actions.revisions import Edit, NewAttachment
from reviews.errors import Conflict, Invalid
from reviews.models import Attachment, Change, ClauseVersion, Proposal, ProposalImage, Spec
from reviews.queries.clauses import shared_at
from reviews.queries.imports import image_of, images_shown
from reviews.rules.kinds import AttachmentKind
from reviews.text import outline

LARGEST = 5 * 1024 * 1024
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def named(names: Iterable[str], files: Mapping[str, bytes]) -> list[NewAttachment]:
    """The images that a text names, as far as they are among the files; files that it does not name are left out.

    Raises Invalid for a file that is no image or too large.
    """
    return [_attachment(name, file, files[file]) for name in names if (file := image_of(name, files))]


def check_all(files: Mapping[str, bytes]) -> None:
    """Raise Invalid for the first file that is no image or too large."""
    for name, content in files.items():
        _attachment(name, name, content)


def keep_for(proposal: Proposal, new: Iterable[NewAttachment]) -> None:
    """Keep images with a proposal until it is merged."""
    new = list(new)
    stored = _stored(proposal.spec, [one.name for one in new])
    ProposalImage.objects.bulk_create(
        ProposalImage(
            proposal=proposal,
            name=one.name,
            media_type=one.media_type,
            content=one.content,
            content_hash=hashlib.sha256(one.content).digest(),
            replaces=bytes(stored[one.name].content_hash) if one.name in stored else None,
        )
        for one in new
    )


def along(spec: Spec, proposal: Proposal, changes: Sequence[Change], edit: Edit) -> Edit:
    """The edit with the images of the proposal that its text shows.

    Raises Conflict when the draft has another image by now than the one to be replaced, or shows it in a clause that is
    not in the proposal: nobody would have approved what that clause shows then.
    """
    kept = list(ProposalImage.objects.filter(proposal=proposal).order_by("name"))
    if not kept:
        return edit
    inside, elsewhere = _shown(spec, changes, edit)
    stored = _stored(spec, [image.name for image in kept])
    new = [image for image in kept if image.name in {*inside, *elsewhere} and _differs(image, stored.get(image.name))]
    for image in new:
        if image.name in elsewhere:
            title = elsewhere[image.name] or "the text before the first heading"
            raise Conflict(f"The image “{image.name}” is shown in “{title}” too: take that clause into the proposal.")
    closed = {stored[image.name].pk for image in new if image.name in stored}
    opened = [NewAttachment(AttachmentKind.IMAGE, image.name, image.media_type, bytes(image.content)) for image in new]
    return replace(edit, attachments=opened, closed_attachments=frozenset(closed))


def media_type(content: bytes) -> str:
    """What an image is by its first bytes; empty for what is none (an SVG can carry scripts and is not taken)."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in BEGINNINGS if content.startswith(beginning)), "")


def _attachment(name: str, file: str, content: bytes) -> NewAttachment:
    kind = media_type(content)
    if not kind:
        raise _refused(f"“{file}” is not an image that can be shown: send PNG, JPEG, GIF or WebP.")
    if len(content) > LARGEST:
        raise _refused(f"The image “{file}” is too large: 5 MB are the limit.")
    if len(name) > 200:
        raise _refused(f"The image name “{name[:60]}…” is too long: 200 characters are the limit.")
    return NewAttachment(AttachmentKind.IMAGE, name, kind, content)


def _stored(spec: Spec, names: Iterable[str]) -> dict[str, Attachment]:
    """The images that the draft has under these names."""
    rows = Attachment.objects.at(spec, spec.head).filter(kind=AttachmentKind.IMAGE, name__in=list(names))
    return {row.name: row for row in rows.defer("content")}


def _differs(image: ProposalImage, stored: Attachment | None) -> bool:
    before = bytes(stored.content_hash) if stored else None
    if before == bytes(image.content_hash):
        return False
    if before != (bytes(image.replaces) if image.replaces is not None else None):
        raise Conflict(
            f"The image “{image.name}” is another one in the draft by now: withdraw this proposal, upload the file again."
        )
    return True


def _shown(spec: Spec, changes: Sequence[Change], edit: Edit) -> tuple[frozenset[str], dict[str, str]]:
    """The images that the clauses of a proposal show, and those that others do with the title of one of these."""
    opened = [new.parsed.source for new in edit.opens]
    sources = [*opened, *(change.source for change in changes)]
    shared = shared_at(spec, spec.head, images={})
    links = {name: url for source in opened for name, url in outline.parse(source).definitions.items()}
    shared = replace(shared, definitions={**shared.definitions, **links})
    inside = frozenset(name for source in sources for name in images_shown(source, shared))
    touched = {*edit.closes, *(change.clause_id for change in changes if change.clause_id)}
    others = ClauseVersion.objects.at(spec, spec.head).filter(shows_images=True).exclude(clause__in=touched)
    elsewhere = {
        name: title for title, source in others.values_list("title", "source") for name in images_shown(source, shared)
    }
    return inside, elsewhere


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"images": sentence})
