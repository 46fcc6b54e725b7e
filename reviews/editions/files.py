"""The files of a release. The same release gives the same Markdown and JSON at any time."""

from __future__ import annotations

from reviews.actions.release_files import File
from reviews.editions import data, html
from reviews.models import Release, Revision
from reviews.queries.clauses import document


def files_of(release: Release) -> list[File]:
    """The document byte for byte, the page that stands alone, and the clauses as JSON."""
    stem = f"{release.spec.slug}-{release.label}"
    return [
        File(
            f"{stem}.md", "text/markdown; charset=utf-8", document(release.spec, revision_of(release).number).encode()
        ),
        File(f"{stem}.html", "text/html; charset=utf-8", html.written(release, revision_of(release))),
        File(f"{stem}.json", "application/json", data.written(release, revision_of(release))),
    ]


def revision_of(release: Release) -> Revision:
    """The revision that a published release is of."""
    if release.revision is None:
        raise ValueError(f"release {release.label} has no revision")
    return release.revision
