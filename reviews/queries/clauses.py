"""Clauses at a revision: their order, their titles, what an anchor leads to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reviews.errors import NotFound
from reviews.models import Clause, ClauseVersion, Lineage, Revision, Spec
from reviews.text import dialect
from reviews.text.page import NUMBERED


def versions_at(spec: Spec, number: int) -> list[ClauseVersion]:
    """The clause versions of a revision in the order of the document, without their sources."""
    rows = ClauseVersion.objects.at(spec, number).order_by("order_key").defer("source")
    return list(rows.select_related("clause", "authority"))


def document(spec: Spec, number: int) -> str:
    """The document of a revision, byte for byte; empty for revision 0."""
    rows = ClauseVersion.objects.at(spec, number).order_by("order_key").values_list("source", flat=True)
    text = "".join(rows)
    revision = Revision.objects.filter(spec=spec, number=number).first()
    return text if revision is None or revision.ends_in_newline else text.removesuffix("\n")


def resolver_of(versions: Iterable[ClauseVersion], *, images: dict[str, str] | None = None) -> dialect.Resolver:
    """Titles by anchor, reference links and named places, as these versions in the order of the document define them."""
    versions = list(versions)
    titles = {version.anchor: version.title for version in versions if version.anchor is not None}
    shared = ((version.definitions, version.names) for version in versions)
    return _resolver(shared, titles=titles, images=images or {})


def resolver_for(
    spec: Spec, number: int, versions: Sequence[ClauseVersion], *, images: dict[str, str]
) -> dialect.Resolver:
    """Return the resolver of a revision with only the titles that these versions show.

    The cost doesn't grow with the document, unless a link ends in a number: `details-1` may stand for the second of two
    clauses titled “Details”, which only the titles in the order of the document can tell.
    """
    shared = shared_at(spec, number, images=images)
    anchors = {anchor for version in versions for anchor in version.depends_on}
    linked = {shared.definitions.get(label, "") for version in versions for label in version.labels}
    anchors.update(name for url in linked if url.startswith("#") for name in dialect.names_of(url[1:]))
    rows = ClauseVersion.objects.at(spec, number).filter(anchor__isnull=False).order_by("order_key")
    if not any(NUMBERED.search(anchor) for anchor in anchors):
        rows = rows.filter(anchor__in=anchors)
    return replace(shared, titles=dict(rows.values_list("anchor", "title")) if anchors else {})


def shared_at(spec: Spec, number: int, *, images: dict[str, str]) -> dialect.Resolver:
    """What the clauses of a revision define for one another, without their titles."""
    rows = ClauseVersion.objects.at(spec, number).exclude(definitions={}, names=[]).order_by("order_key")
    return _resolver(rows.values_list("definitions", "names"), titles={}, images=images)


def _resolver(
    shared: Iterable[tuple[dict[str, str], list[str]]], *, titles: dict[str, str], images: dict[str, str]
) -> dialect.Resolver:
    """From the definitions and the named places of clauses in order; as in the whole document, the first one wins."""
    definitions: dict[str, str] = {}
    places: set[str] = set()
    for links, names in shared:
        places.update(names)
        for label, url in links.items():
            definitions.setdefault(label, url)
    return dialect.Resolver(titles=titles, definitions=definitions, images=images, names=frozenset(places))


def current_version(spec: Spec, anchor: str) -> ClauseVersion | None:
    """The version at the head that has this anchor."""
    rows = ClauseVersion.objects.at(spec, spec.head).filter(anchor=anchor)
    return rows.select_related("clause", "authority").first()


def clause_of(spec: Spec, public_id: str) -> Clause:
    """A clause of this spec by its identifier; NotFound otherwise."""
    found = Clause.objects.filter(spec=spec, public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such clause in this spec.")
    return found


def version_of(clause_id: int, spec: Spec, number: int) -> ClauseVersion | None:
    """The version of a clause at a revision."""
    rows = ClauseVersion.objects.at(spec, number).filter(clause=clause_id)
    return rows.select_related("clause", "authority").first()


def successors(spec: Spec, anchor: str, number: int) -> list[ClauseVersion]:
    """Where an anchor of some earlier revision leads at revision `number`: the clause under its new name, or those it went into.

    Empty when nobody ever had the anchor, or nothing of it is left.
    """
    rows = ClauseVersion.objects.filter(spec=spec, anchor=anchor, valid__startswith__lte=number)
    last = rows.order_by("-valid").values_list("clause_id", flat=True).first()
    return [] if last is None else _living(spec, [last], number)


def _living(spec: Spec, clauses: Sequence[int], number: int, depth: int = 0) -> list[ClauseVersion]:
    alive = list(
        ClauseVersion.objects.at(spec, number).filter(clause__in=clauses).select_related("clause", "authority")
    )
    if alive or depth > 20:
        return alive
    onward = Lineage.objects.filter(source__in=clauses, target__isnull=False, revision__number__lte=number)
    targets = list(onward.values_list("target_id", flat=True))
    return _living(spec, targets, number, depth + 1) if targets else []
