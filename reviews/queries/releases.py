"""Releases: the list, the files of one, what one that is being assembled could include."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reviews.access.proposals import visible_proposals
from reviews.access.releases import get_visible, visible_releases
from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Proposal, Release, ReleaseFile
from reviews.queries.approval import changes_of, newest_patch_set, verdict_of
from reviews.queries.paging import NEWEST_FIRST, Slice, page_of
from reviews.rules.kinds import Visibility
from reviews.rules.policy import Verdict
from reviews.rules.states import ProposalState

PAGE = 30
MOST_INCLUDED = 50


@dataclass(frozen=True)
class Candidate:
    """An internal proposal that a release could merge, and where it stands."""

    proposal: Proposal
    verdict: Verdict
    chosen: bool


def listed(standing: Standing, *, after: str = "", size: int = PAGE) -> Slice:
    """The published releases, newest first."""
    rows = visible_releases(standing).select_related("revision", "previous", "published_by")
    return page_of(rows, order=NEWEST_FIRST, after=after, size=size)


def get_published(standing: Standing, label: str) -> Release:
    """One release with the people and revisions that its page names; NotFound when there is none."""
    return (
        visible_releases(standing)
        .select_related("revision", "previous__revision", "published_by", "spec")
        .get(pk=get_visible(standing, label).pk)
    )


def files(release: Release) -> list[ReleaseFile]:
    """The files of a release, without their bytes."""
    return list(ReleaseFile.objects.filter(release=release).defer("content"))


def get_file(standing: Standing, label: str, name: str) -> ReleaseFile:
    """One file of a published release. NotFound says when it is only not made yet."""
    release = get_visible(standing, label)
    found = ReleaseFile.objects.filter(release=release, name=name).first()
    if found is None:
        made = ReleaseFile.objects.filter(release=release).exists()
        raise NotFound() if made else NotFound("The files of this release are being made. Try again in a moment.")
    return found


def candidates(standing: Standing, release: Release, *, chosen: Collection[str] | None = None) -> list[Candidate]:
    """The internal proposals in review, the chosen ones first: those that the release includes, unless others are named."""
    rows = visible_proposals(standing).filter(visibility=Visibility.INTERNAL, state=ProposalState.IN_REVIEW)
    if chosen is None:
        chosen = set(release.includes.values_list("public_id", flat=True))
    found = [
        _candidate(one, chosen=one.public_id in chosen) for one in rows.select_related("spec", "author")[:MOST_INCLUDED]
    ]
    return sorted(found, key=lambda one: not one.chosen)


def _candidate(proposal: Proposal, *, chosen: bool) -> Candidate:
    patch_set = newest_patch_set(proposal)
    changes = changes_of(patch_set) if patch_set else []
    return Candidate(proposal, verdict_of(proposal, patch_set, changes), chosen)
