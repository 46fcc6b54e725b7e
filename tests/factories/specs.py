"""Specs with a text, members and releases for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count

from reviews.actions import imports, specs
from reviews.actions.imports import Imported, Upload
from reviews.actions.releases import Edition
from reviews.models import Clause, ClauseVersion, Membership, Release, Spec, User
from reviews.rules.kinds import Visibility
from tests.factories.people import NOW

SOURCE = """\
# Aims {#aims authority=root}

The assistant is useful to the people it works for. It says what is true.

## Be honest {#be_honest authority=user}

The assistant does not lie. See [?](#stay_calm) for its tone.

## Stay calm {#stay_calm authority=guideline}

The assistant keeps a calm tone, also when people are rude.
"""
_numbers = count(1)


def make_spec(
    *,
    source: str = SOURCE,
    slug: str = "",
    title: str = "Test Spec",
    visibility: str = Visibility.PUBLIC,
    members: Mapping[User, Iterable[str]] | None = None,
    release: str = "",
) -> Spec:
    """A public spec with this document in it (empty: no document), these members, and perhaps one imported release."""
    spec = specs.create(
        slug=slug or f"spec-{next(_numbers)}", title=title, by=None, now=NOW, visibility=Visibility(visibility)
    )
    for user, roles in (members or {}).items():
        add_member(spec, user, *roles)
    if source:
        import_into(spec, source, label=release)
    spec.refresh_from_db()
    return spec


def add_member(spec: Spec, user: User, *roles: str) -> Membership:
    """Make somebody a member with these roles; written as it is, since an invitation is not what is tested."""
    return Membership.objects.create(spec=spec, user=user, roles=list(roles) or ["member"], created_at=NOW)


def import_into(spec: Spec, source: str | bytes, *, label: str = "", now: datetime = NOW, **upload: object) -> Imported:
    """Import a document as the command line does, accepting the lineage, perhaps as a release."""
    edition = Edition(label, now.date()) if label else None
    given = Upload(source=source, name="test.md", **{"accept": True, **upload})
    done = imports.import_document(spec, given, by=None, now=now, edition=edition)
    spec.refresh_from_db()
    return done


def make_release(spec: Spec, *, label: str = "2026-11-01", now: datetime = NOW) -> Release:
    """Publish the head of the spec as it is, as an imported release."""
    source = b"".join(row.source.encode() for row in ClauseVersion.objects.at(spec, spec.head).order_by("order_key"))
    done = import_into(spec, source, label=label, now=now)
    assert done.release is not None
    return done.release


def version(spec: Spec, anchor: str) -> ClauseVersion:
    """The version of a clause at the head, by its anchor."""
    return ClauseVersion.objects.select_related("clause", "authority").get(
        spec=spec, anchor=anchor, valid__upper_inf=True
    )


def clause(spec: Spec, anchor: str) -> Clause:
    """A clause at the head, by its anchor."""
    return version(spec, anchor).clause
