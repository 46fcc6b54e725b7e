"""What goes into a release: the proposals it merges, who approved them, what was overridden, what is still being discussed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from reviews.access.specs import Standing
from reviews.access.threads import visible_threads
from reviews.models import ConcernOverride, Event, Proposal, Release, Revision, Thread
from reviews.queries.approval import positions_of_each
from reviews.rules.kinds import EventKind, PositionKind, ThreadKind
from reviews.rules.states import ThreadState

MOST_OBJECTIONS = 20


@dataclass(frozen=True)
class Merged:
    """A proposal of a release, with the names of those whose support counts."""

    proposal: Proposal
    supporters: list[str]


@dataclass(frozen=True)
class Override:
    """A rule that was set aside: a standing concern, or review as a whole by a direct import. `what` names the thing."""

    kind: str
    what: str
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Discussion:
    """What is still open when a release is published."""

    open_threads: int
    objections: list[Thread]


def merged_in(release: Release) -> list[Merged]:
    """Return the proposals that were merged since the release before, and those that this one will merge."""
    rows = Proposal.objects.filter(pk__in=_revisions(release).values("proposal")) | release.includes.all()
    proposals = list(rows.select_related("author", "spec").distinct().order_by("closed_at", "pk"))
    positions = positions_of_each(proposals)
    return [
        Merged(
            proposal,
            sorted(
                one.person.name
                for one in positions[proposal.pk]
                if one.kind is PositionKind.SUPPORT and one.status.counts
            ),
        )
        for proposal in proposals
    ]


def overrides_in(release: Release) -> list[Override]:
    """Return what was overridden in the proposals and imports of a release, in order of time."""
    proposals = Proposal.objects.filter(pk__in=_revisions(release).values("proposal")) | release.includes.all()
    concerns = ConcernOverride.objects.filter(position__patch_set__proposal__in=proposals.values("pk"))
    found = [
        Override("concern", one.position.patch_set.proposal.title, one.by.name, one.reason, one.created_at)
        for one in concerns.select_related("by", "position__patch_set__proposal")
    ]
    return sorted(found + _direct_imports(release), key=lambda one: one.at)


def discussion(standing: Standing) -> Discussion:
    """Return what this person can see of open threads, with the newest objections among them."""
    rows = visible_threads(standing).filter(state=ThreadState.OPEN)
    objections = rows.filter(kind=ThreadKind.OBJECTION).select_related("created_by", "clause", "proposal")
    return Discussion(rows.count(), list(objections.order_by("-pk")[:MOST_OBJECTIONS]))


def _direct_imports(release: Release) -> list[Override]:
    """Those of the command line or of an owner; the import that an imported release was made of is no override of it."""
    revisions = _revisions(release)
    if release.imported and release.revision is not None:
        revisions = revisions.exclude(pk=release.revision.pk)
    rows = Event.objects.filter(
        spec=release.spec_id, kind=EventKind.REVISION_IMPORTED, revision__in=revisions, data__has_key="override"
    )
    return [
        Override(
            "import",
            str(event.data.get("file", "")),
            event.actor.name if event.actor else "The command line",
            str(event.data["override"].get("reason", "")),
            event.at,
        )
        for event in rows.select_related("actor")
    ]


def _revisions(release: Release) -> QuerySet[Revision]:
    since = release.previous.revision.number if release.previous and release.previous.revision else 0
    until = release.revision.number if release.revision else 0
    return Revision.objects.filter(spec=release.spec_id, number__gt=since, number__lte=until)
