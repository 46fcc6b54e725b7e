"""Keeping renderings: a clause is rendered when it is written or when a title that it shows changes, not when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from reviews.models import ClauseVersion, Rendering, Revision, Spec
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for, shared_at
from reviews.queries.renderings import key_of, render_all
from reviews.text import dialect
from reviews.text.outline import slug

# Links such as `details-1` count the clauses of one title; what stands beyond so many equal titles is not rendered again.
MOST_REPEATED = 20


def keep_for_revision(spec: Spec, revision: Revision) -> int:
    """Render and keep what a new revision shows differently; answers how many clauses that were."""
    images = image_addresses(spec, revision.number)
    versions = _affected(spec, revision.number, images=images)
    resolve = resolver_for(spec, revision.number, versions, images=images)
    keys = {key_of(version, resolve): version for version in versions}
    kept = {bytes(key) for key in Rendering.objects.filter(key__in=list(keys)).values_list("key", flat=True)}
    rows = render_all([version for key, version in keys.items() if key not in kept], resolve)
    Rendering.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _affected(spec: Spec, number: int, *, images: dict[str, str]) -> list[ClauseVersion]:
    """The versions that the revision opened, and those whose text takes in something that it may have changed."""
    here = ClauseVersion.objects.at(spec, number)
    opened = list(here.filter(valid__startswith=number))
    before = ClauseVersion.objects.at(spec, number - 1).filter(valid__endswith=number)
    closed = list(before.only("anchor", "title", "definitions", "names"))
    anchors, labels = _changed(spec, number, closed, opened)
    touched = Q(depends_on__overlap=sorted(anchors)) | Q(labels__overlap=sorted(labels))
    if image_addresses(spec, number - 1) != images:
        touched |= Q(shows_images=True)
    elif not anchors and not labels:
        return opened
    return list(here.filter(Q(valid__startswith=number) | touched))


def _changed(
    spec: Spec, number: int, closed: Sequence[ClauseVersion], opened: Sequence[ClauseVersion]
) -> tuple[set[str], set[str]]:
    """The anchors and named places that a revision gave another title or none, the labels that mean something else now."""
    changed = _titles(closed) ^ _titles(opened)
    anchors = {anchor for anchor, _ in changed if anchor}
    anchors |= {f"{slug(title)}-{n}" for _, title in changed for n in range(1, MOST_REPEATED)}
    defines = any(version.definitions or version.names for version in (*closed, *opened))
    if not anchors and not defines:
        return set(), set()
    now = shared_at(spec, number, images={})
    then = shared_at(spec, number - 1, images={}) if defines else now
    anchors |= then.names ^ now.names
    labels = {label for label, _ in then.definitions.items() ^ now.definitions.items()}
    return anchors, labels | {label for label, url in now.definitions.items() if anchors & _meant(url)}


def _titles(versions: Iterable[ClauseVersion]) -> set[tuple[str | None, str]]:
    return {(version.anchor, version.title) for version in versions}


def _meant(url: str) -> set[str]:
    return set(dialect.names_of(url[1:])) if url.startswith("#") else set()
