"""Releases: the list, one of them, and one that is being assembled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from reviews.access.specs import Standing
from reviews.errors import Conflict
from reviews.models import Release, ReleaseFile
from reviews.queries import reading
from reviews.queries.comparisons import compare
from reviews.queries.release_content import discussion, merged_in, overrides_in
from reviews.queries.releases import candidates, files
from reviews.text import dialect, diff
from reviews.web.pages import comparisons
from reviews.web.pages.names import DRAFT

KINDS = {
    ".md": "Markdown, as it is written",
    ".html": "One page that needs nothing else",
    ".json": "Data: clauses, sources, examples",
}


def row(standing: Standing, release: Release) -> dict[str, Any]:
    """A release as a line of the list."""
    root = f"/{standing.spec.slug}/"
    before = release.previous
    return {
        "label": release.label,
        "day": release.release_date,
        "imported": release.imported,
        "by": release.published_by.name if release.published_by else "",
        "read_url": f"{root}{release.label}/",
        "url": f"{root}releases/{release.label}/",
        "before": before.label if before else "",
        "compare_url": f"{root}compare/{before.label}..{release.label}/" if before else "",
    }


def release_page(standing: Standing, release: Release) -> dict[str, Any]:
    """What the page of a release shows: notes, what changed in a few lines, downloads, the way to any comparison."""
    root = f"/{standing.spec.slug}/"
    before, revision = release.previous, release.revision
    changed = []
    if before and before.revision and revision:
        changed = comparisons.summary(compare(standing.spec, before.revision.number, revision.number))
    return {
        **row(standing, release),
        "title": release.label,
        "root": root,
        "notes_html": dialect.render(release.notes, dialect.Resolver()).html if release.notes.strip() else "",
        "summary": changed,
        "overrides": overrides_in(release),
        "files": [_file(f"{root}{release.label}/files/", one) for one in files(release)],
        "editions": [DRAFT, *(one.label for one in reading.editions(standing))],
        "old": before.label if before else "",
        "new": release.label,
        "revision": revision.number if revision else 0,
    }


def assembling_page(standing: Standing, release: Release, *, conflict: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the release manager sees: the changes since the last release, the notes, the internal proposals that may go in."""
    spec = standing.spec
    number = release.revision.number if release.revision else 0
    since = release.previous.revision.number if release.previous and release.previous.revision else 0
    found = compare(spec, since, number)
    pair = (release.previous.label if release.previous else DRAFT, DRAFT)
    entries = list(comparisons.entries_of(found)) if since else []
    return {
        "title": f"Release {release.label}",
        "release": release,
        "root": f"/{spec.slug}/",
        "address": f"/{spec.slug}/releases/assembling/",
        "first": not since,
        "summary": comparisons.summary(found) if since else [],
        "clauses": len(found.new),
        "entries": [
            comparisons.with_words(found, entry, f"/{spec.slug}/", pair) for entry in entries[: comparisons.SHOWN]
        ],
        "more": max(0, len(entries) - comparisons.SHOWN),
        "compare_url": f"/{spec.slug}/compare/{pair[0]}..{DRAFT}/" if since else "",
        "behind": spec.head - number,
        "candidates": candidates(standing, release, chosen=conflict["chosen"] if conflict else None),
        "notes": conflict["mine"] if conflict else release.notes,
        "version": release.notes_version,
        "base": release.notes,
        "conflict": conflict,
    }


def publishing_page(standing: Standing, release: Release) -> dict[str, Any]:
    """What the release manager looks at before publishing: the notes as they will read, and what is still open."""
    root = f"/{standing.spec.slug}/"
    return {
        "release": release,
        "root": root,
        "notes_html": dialect.render(release.notes, dialect.Resolver()).html if release.notes.strip() else "",
        "merged": merged_in(release),
        "overrides": overrides_in(release),
        "discussion": discussion(standing),
    }


def notes_conflict(refusal: Conflict, *, base: str, mine: str, chosen: Collection[str]) -> dict[str, Any]:
    """The three texts of the notes when two people edited them, and the proposals that were ticked."""
    theirs = refusal.fresh.notes
    return {
        "base": base,
        "theirs": theirs,
        "mine": mine,
        "theirs_ops": _ops(base, theirs),
        "mine_ops": _ops(base, mine),
        "name": "notes",
        "chosen": chosen,
    }


def _ops(old: str, new: str) -> Sequence[tuple[str, str]]:
    return [tuple(op) for op in diff.words(old, new).ops]


def _file(folder: str, file: ReleaseFile) -> dict[str, Any]:
    ending = file.name[file.name.rfind(".") :]
    return {
        "name": file.name,
        "url": folder + file.name,
        "what": KINDS.get(ending, ""),
        "hash": bytes(file.content_hash).hex(),
    }
