"""Rendered clauses: taken from what is kept, rendered anew where nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reviews.models import ClauseVersion, Rendering
from reviews.text import dialect


def key_of(version: ClauseVersion, resolve: dialect.Resolver) -> bytes:
    """The identity of a rendering: `dialect.cache_key` of its source, from what the version has kept of it."""
    return keys_of([version], resolve)[0]


def keys_of(versions: Sequence[Any], resolve: dialect.Resolver) -> list[bytes]:
    """The same for many versions (or whatever has their hash and their needs) in order."""
    needs = (dialect.Needs(one.depends_on, one.labels, one.shows_images) for one in versions)
    kept = zip(versions, needs, strict=True)
    return [dialect.rendering_key(bytes(one.source_hash), needed, resolve) for one, needed in kept]


def rendered(versions: Sequence[ClauseVersion], resolve: dialect.Resolver) -> dict[int, Rendering]:
    """The renderings of these versions, by version id."""
    keys = dict(zip([version.pk for version in versions], keys_of(versions, resolve), strict=True))
    kept = {bytes(row.key): row for row in Rendering.objects.filter(key__in=list(keys.values()))}
    missing = [version for version in versions if keys[version.pk] not in kept]
    fresh = {row.key: row for row in render_all(missing, resolve)}
    return {version.pk: kept.get(keys[version.pk]) or fresh[keys[version.pk]] for version in versions}


def render_all(versions: Iterable[ClauseVersion], resolve: dialect.Resolver) -> list[Rendering]:
    """The same versions rendered now, not stored."""
    return [_rendering(version, resolve) for version in versions]


def _rendering(version: ClauseVersion, resolve: dialect.Resolver) -> Rendering:
    done = dialect.render(version.source, resolve)
    return Rendering(
        key=key_of(version, resolve),
        heading_html=done.heading_html,
        body_html=done.body_html,
        stable_text=done.stable_text,
    )
