"""Keeping renderings: a clause is rendered when it is written or when a title that it shows changes, not when it is read."""

from __future__ import annotations

from django.db.models import Q

from reviews.models import ClauseVersion, Rendering, Revision, Spec
from reviews.queries.attachments import image_addresses
from reviews.queries.clauses import resolver_for
from reviews.queries.renderings import key_of, render_all


def keep_for_revision(spec: Spec, revision: Revision) -> int:
    """Render and keep what a new revision shows differently; answers how many clauses that were."""
    versions = _affected(spec, revision.number)
    resolve = resolver_for(spec, revision.number, versions, images=image_addresses(spec, revision.number))
    keys = {key_of(version, resolve): version for version in versions}
    kept = {bytes(key) for key in Rendering.objects.filter(key__in=list(keys)).values_list("key", flat=True)}
    rows = render_all([version for key, version in keys.items() if key not in kept], resolve)
    Rendering.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _affected(spec: Spec, number: int) -> list[ClauseVersion]:
    """The versions that the revision opened, and those that show a title that it may have changed."""
    here = ClauseVersion.objects.at(spec, number)
    opened = list(here.filter(valid__startswith=number))
    closed = ClauseVersion.objects.at(spec, number - 1).filter(valid__endswith=number)
    before = list(closed.values_list("anchor", "title", "definitions"))
    if any(links for _, _, links in before) or any(version.definitions for version in opened):
        return list(here)
    titles = {(anchor, title) for anchor, title, _ in before} ^ {(version.anchor, version.title) for version in opened}
    retitled = [anchor for anchor, _ in titles if anchor]
    return list(here.filter(Q(valid__startswith=number) | Q(depends_on__overlap=retitled))) if retitled else opened
