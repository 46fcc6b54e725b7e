"""A release as one page that stands alone: its styles and pictures are in the file, it needs no server."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from reviews.models import Attachment, ClauseVersion, Release, Revision, Spec
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_of
from reviews.queries.renderings import rendered
from reviews.rules.kinds import AttachmentKind

STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "css/pages.css", "css/edition.css")


def written(release: Release, revision: Revision) -> bytes:
    """The whole text with contents and badges, readable offline and printable."""
    rows = ClauseVersion.objects.at(release.spec, revision.number).order_by("order_key")
    versions = list(rows.select_related("clause", "authority"))
    images = image_addresses(release.spec, revision.number)
    kept = rendered(versions, resolver_of(versions, images=images))
    clauses = [
        {"version": version, "id": version.anchor or "opening", "html": kept[version.pk]} for version in versions
    ]
    shown = {"release": release, "spec": release.spec, "clauses": clauses, "styles": styles()}
    page = render_to_string("editions/release.html", shown)
    return _with_pictures(page, release.spec, revision.number, images).encode()


@lru_cache(maxsize=1)
def styles() -> str:
    """The styles of the site, as they stand between <style> tags."""
    found = [finders.find(name) for name in STYLES]
    text = "\n".join(Path(path).read_text() for path in found if isinstance(path, str))
    return mark_safe(text.replace("</", "<\\/"))  # noqa: S308 our own files


def _with_pictures(page: str, spec: Spec, number: int, images: dict[str, str]) -> str:
    rows = Attachment.objects.at(spec, number).filter(kind=AttachmentKind.IMAGE, name__in=list(images))
    for row in rows:
        data = base64.b64encode(bytes(row.content)).decode()
        page = page.replace(f'src="{images[row.name]}"', f'src="data:{row.media_type};base64,{data}"')
    return page
