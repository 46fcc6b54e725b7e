"""Local images that come along with a document: which the text means, and what they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviews.actions.revisions import NewAttachment
from reviews.errors import Invalid
from reviews.queries.imports import image_of
from reviews.rules.kinds import AttachmentKind

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


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, fields={"images": sentence})
