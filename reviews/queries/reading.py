"""What the reading pages show: the clauses of a revision in order, and the proof that stored bytes are fresh."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count

from reviews.access.releases import visible_releases
from reviews.access.specs import Standing
from reviews.access.threads import visible_threads
from reviews.models import ClauseVersion, Lineage, Spec, StoredPage
from reviews.queries.renderings import render_all
from reviews.text import dialect

GROUND = """
SELECT s.id, s.visibility, s.head, s.title, s.description,
    (SELECT count(*) FROM reviews_release r WHERE r.spec_id = s.id AND r.state = 'published'),
    (SELECT string_agg(l.name || ' ' || l.rank, ' ' ORDER BY l.rank) FROM reviews_authoritylevel l WHERE l.spec_id = s.id),
    p.stamp, p.strong
FROM reviews_spec s LEFT JOIN reviews_storedpage p ON p.spec_id = s.id AND p.name = %s WHERE s.slug = %s
"""

# Written out, like the one above, because every reader after an edit waits for them: the ORM takes longer to write them
# than the database to answer.
LINES = """
SELECT v.id, v.clause_id, c.public_id, lower(v.valid), v.title, v.anchor, v.level, a.name, a.rank,
    v.source_hash, v.depends_on, v.labels, v.shows_images, v.names, v.definitions
FROM reviews_clauseversion v
JOIN reviews_clause c ON c.id = v.clause_id
LEFT JOIN reviews_authoritylevel a ON a.id = v.authority_id
WHERE v.spec_id = %s AND v.valid @> %s::bigint ORDER BY v.order_key
"""
KEPT = "SELECT key, heading_html, body_html FROM reviews_rendering WHERE key = ANY(%s)"
OLD_ANCHORS = """
SELECT DISTINCT ON (v.anchor) v.anchor, v.clause_id FROM reviews_clauseversion v
WHERE v.spec_id = %s AND v.anchor IS NOT NULL AND lower(v.valid) <= %s AND NOT v.valid @> %s::bigint
ORDER BY v.anchor, v.valid DESC
"""


class Ground(NamedTuple):
    """Everything that the public pages of a spec may depend on, and what is stored of one page."""

    spec_id: int
    visibility: str
    head: int
    title: str
    description: str
    releases: int
    levels: str | None
    stored_stamp: str | None
    stored_strong: bool | None


class Edition(NamedTuple):
    """A published release as the version switcher and the clauses' lines need it."""

    label: str
    number: int
    day: date
    imported: bool
    published_at: datetime


class Line(NamedTuple):
    """One clause of a revision, without its text."""

    pk: int
    clause_id: int
    public_id: str
    since: int
    title: str
    anchor: str | None
    level: int
    authority: str | None
    rank: int | None
    source_hash: bytes
    depends_on: list[str]
    labels: list[str]
    shows_images: bool
    names: list[str]
    definitions: dict[str, str]


def ground(slug: str, name: str) -> Ground | None:
    """One cheap query: what a page is made from now and what is stored of it; None when there is no such spec."""
    with connection.cursor() as cursor:
        cursor.execute(GROUND, [name, slug])
        row = cursor.fetchone()
    return None if row is None else Ground(*row)


def spec_as_read(slug: str, found: Ground) -> Spec:
    """The spec exactly as the ground says it was, so that nothing read earlier or later gets into a page of this ground."""
    return Spec(
        pk=found.spec_id,
        slug=slug,
        title=found.title,
        description=found.description,
        visibility=found.visibility,
        head=found.head,
    )


def stored_page(spec_id: int, name: str, stamp: str) -> StoredPage | None:
    """The stored bytes of a page, if they were made from this."""
    return StoredPage.objects.filter(spec=spec_id, name=name, stamp=stamp).first()


def editions(standing: Standing) -> list[Edition]:
    """The published releases, newest first."""
    rows = visible_releases(standing).order_by("-published_at", "-pk")
    columns = rows.values_list("label", "revision__number", "release_date", "imported", "published_at")
    return [Edition(*row) for row in columns]


def newest_label(standing: Standing) -> str | None:
    """The label of the release in force."""
    return visible_releases(standing).order_by("-published_at", "-pk").values_list("label", flat=True).first()


def lines(spec: Spec, number: int) -> list[Line]:
    """The clauses of a revision in the order of the document."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [spec.pk, number])
        return [Line(*row[:-1], json.loads(row[-1])) for row in cursor.fetchall()]


def removed_since(spec: Spec, number: int, shown: Sequence[Line]) -> int:
    """Return how many clauses of a revision are not among the lines of a later one."""
    here = [line.clause_id for line in shown]
    return ClauseVersion.objects.at(spec, number).filter(valid__upper_inf=False).exclude(clause__in=here).count()


def html_of(wanted: Mapping[bytes, Line], resolve: dialect.Resolver) -> dict[bytes, tuple[str, str]]:
    """Heading and body of these renderings by key, kept ones from the database, others rendered now."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [list(wanted)])
        found = {bytes(key): (heading, body) for key, heading, body in cursor.fetchall()}
    missing = [line.pk for key, line in wanted.items() if key not in found]
    if missing:
        for fresh in render_all(ClauseVersion.objects.filter(pk__in=missing), resolve):
            found[fresh.key] = (fresh.heading_html, fresh.body_html)
    return found


def aliases(spec: Spec, number: int, shown: Sequence[Line]) -> dict[int, list[str]]:
    """The anchors of earlier revisions that lead to each clause of this one, by clause; none of them is used here itself."""
    current = {line.anchor for line in shown}
    with connection.cursor() as cursor:
        cursor.execute(OLD_ANCHORS, [spec.pk, number, number])
        last_owners = [(anchor, clause) for anchor, clause in cursor.fetchall() if anchor not in current]
    if not last_owners:
        return {}
    onward = _onward(spec, number)
    alive = [line.clause_id for line in shown]
    found: dict[int, list[str]] = defaultdict(list)
    for anchor, clause in last_owners:
        targets = _reached(clause, onward, set(alive))
        if targets:
            found[min(targets, key=alive.index)].append(anchor)
    return dict(found)


def _onward(spec: Spec, number: int) -> dict[int, list[int]]:
    rows = Lineage.objects.filter(spec=spec, target__isnull=False, revision__number__lte=number)
    onward: dict[int, list[int]] = defaultdict(list)
    for source, target in rows.values_list("source_id", "target_id"):
        onward[source].append(target)
    return onward


def _reached(clause: int, onward: Mapping[int, Iterable[int]], alive: set[int]) -> list[int]:
    """The living clauses that a clause went into, itself if it lives."""
    reached, seen, waiting = [], {clause}, [clause]
    while waiting:
        one = waiting.pop()
        if one in alive:
            reached.append(one)
            continue
        fresh = [target for target in onward.get(one, ()) if target not in seen]
        seen.update(fresh)
        waiting += fresh
    return reached


def thread_counts(standing: Standing) -> dict[str, int]:
    """How many discussions of each clause this person may see, by the clause's public id."""
    rows: Any = visible_threads(standing).filter(clause__isnull=False).order_by()
    return dict(rows.values_list("clause__public_id").annotate(count=Count("pk")))
