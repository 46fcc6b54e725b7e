"""Assembling a release, editing its notes, publishing it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from reviews.access.specs import check
from reviews.actions import merging
from reviews.actions.events import record
from reviews.actions.locks import lock_proposal, lock_release, lock_spec
from reviews.actions.revisions import current_revision
from reviews.errors import Conflict, Invalid
from reviews.jobs import JobName, enqueue
from reviews.models import Proposal, Release, Revision, Spec, User
from reviews.queries.notes import generated_notes
from reviews.rules import states
from reviews.rules.kinds import EventKind, Visibility
from reviews.rules.roles import Verb
from reviews.rules.states import ProposalState, ReleaseState

# A date or a version, perhaps with a word behind it (2026-11-23, 2026-11-23-b, v2.1.0, 3.0-rc1): it stands in addresses and
# titles for ever. Labels that were stored before are read as they are.
LABEL = re.compile(r"v?\d{1,8}([.-]\d{1,8}){0,5}([._-]?[A-Za-z]{1,12}[.-]?\d{0,4})?")
LONGEST_LABEL = 40
# What an address may hold as a label: also those that were stored before labels had to be dates or versions.
LABEL_IN_ADDRESS = r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}"
RESERVED = frozenset(
    {
        "draft",
        "current",
        "assembling",
        "new",
        "releases",
        "proposals",
        "threads",
        "clauses",
        "compare",
        "settings",
        "members",
        "import",
        "images",
        "history",
        "feedback",
        "activity",
    }
)


@dataclass(frozen=True)
class Edition:
    """What outside history says of one of its releases."""

    label: str
    day: date
    notes: str = ""


@transaction.atomic
def assemble(spec: Spec, *, label: str, by: User, now: datetime) -> Release:
    """Begin a release of the present draft, with notes generated from what was merged since the last one.

    Raises Invalid for a label that cannot be an address or is taken, Conflict while another one is being assembled.
    """
    spec = lock_spec(spec)
    check(spec, by, Verb.PUBLISH)
    check_label(label)
    revision = current_revision(spec)
    if revision is None:
        raise Invalid("There is nothing to publish yet: import a document first.")
    previous = newest_release(spec)
    release = _insert(
        spec=spec,
        label=label,
        revision=revision,
        previous=previous,
        notes=generated_notes(spec, previous, revision),
        created_at=now,
        created_by=by,
    )
    record(EventKind.RELEASE_ASSEMBLED, spec=spec, by=by, now=now, release=release)
    return release


@transaction.atomic
def edit_notes(
    release: Release, *, notes: str, includes: Iterable[Proposal], expected_version: int, by: User, now: datetime
) -> Release:
    """Keep the notes and the choice of internal proposals that the release shall merge.

    Raises Conflict with the fresh release when somebody else saved since, Invalid for a proposal that is not an internal one
    of this spec in review: what is public is merged by editors.
    """
    release = lock_release(release)
    check(release.spec, by, Verb.PUBLISH)
    _check_assembling(release)
    includes = list(includes)
    if any(not _may_be_included(proposal, release) for proposal in includes):
        raise Invalid(
            "A release takes in internal proposals that are in review.", fields={"includes": "Choose among these only."}
        )
    if release.notes_version != expected_version:
        raise Conflict("Somebody else changed the notes meanwhile.", fresh=release)
    release.notes = notes
    release.notes_version += 1
    release.save(update_fields=["notes", "notes_version"])
    release.includes.set(includes)
    return release


@transaction.atomic
def publish(release: Release, *, by: User, now: datetime) -> Release:
    """Publish it for good: merge the internal proposals that it includes, fix its revision, promise its files.

    Raises Conflict when one of them is not approved, or when it was published or abandoned meanwhile.
    """
    spec = lock_spec(release.spec)
    check(spec, by, Verb.PUBLISH)
    release = lock_release(release)
    release.state = states.after(states.RELEASE, state=release.state, verb="publish")
    merged = [_merged(spec, proposal, by=by, now=now) for proposal in release.includes.order_by("pk")]
    release.revision = merged[-1] if merged else release.revision
    release.published_at, release.published_by, release.release_date = now, by, now.date()
    release.save(update_fields=["state", "revision", "published_at", "published_by", "release_date"])
    _announce(release, by=by, now=now)
    return release


@transaction.atomic
def abandon(release: Release, *, by: User, now: datetime) -> Release:
    """Give up a release that is being assembled; its label is free again."""
    release = lock_release(release)
    check(release.spec, by, Verb.PUBLISH)
    release.state = states.after(states.RELEASE, state=release.state, verb="abandon")
    release.save(update_fields=["state"])
    record(EventKind.RELEASE_ABANDONED, spec=release.spec, by=by, now=now, release=release)
    return release


def publish_imported(spec: Spec, revision: Revision, edition: Edition, *, by: User | None, now: datetime) -> Release:
    """A release of outside history, in the transaction of its import; it says that it was imported and claims nothing."""
    check_label(edition.label)
    release = _insert(
        spec=spec,
        label=edition.label,
        revision=revision,
        previous=newest_release(spec),
        state=ReleaseState.PUBLISHED,
        imported=True,
        notes=edition.notes,
        release_date=edition.day,
        created_at=now,
        created_by=by,
        published_at=now,
        published_by=by,
    )
    _announce(release, by=by, now=now)
    return release


def newest_release(spec: Spec) -> Release | None:
    """The one that was published last."""
    rows = Release.objects.filter(spec=spec, state=ReleaseState.PUBLISHED)
    return rows.order_by("-published_at", "-pk").first()


def check_label(label: str) -> None:
    """Raise Invalid unless the label can be part of an address."""
    if not LABEL.fullmatch(label) or len(label) > LONGEST_LABEL or label in RESERVED:
        raise Invalid(
            "A release is named by a date or a version.", fields={"label": "Write for example 2026-11-23, or 2.1.0."}
        )


def _merged(spec: Spec, proposal: Proposal, *, by: User, now: datetime) -> Revision:
    locked = lock_proposal(proposal)
    if locked.state != ProposalState.IN_REVIEW:
        raise Conflict(f"“{locked.title}” is {ProposalState(locked.state).label}: take it out of the release.")
    return merging.apply(spec, locked, by=by, now=now)


def _may_be_included(proposal: Proposal, release: Release) -> bool:
    here = proposal.spec_id == release.spec_id and proposal.visibility == Visibility.INTERNAL
    return here and proposal.state == ProposalState.IN_REVIEW


def _announce(release: Release, *, by: User | None, now: datetime) -> None:
    record(
        EventKind.RELEASE_PUBLISHED,
        spec=release.spec,
        by=by,
        now=now,
        visibility=Visibility.PUBLIC,
        release=release,
        revision=release.revision,
        data={"label": release.label},
    )
    enqueue(JobName.WRITE_RELEASE_FILES, key=release.public_id, now=now, release=release.pk)


def _check_assembling(release: Release) -> None:
    if release.state != ReleaseState.ASSEMBLING:
        raise Conflict(f"This release is {release.state}: it does not change any more.", fresh=release)


def _insert(**columns: object) -> Release:
    try:
        with transaction.atomic():
            return Release.objects.create(**columns)
    except IntegrityError as error:
        if "release_one_assembling" in str(error):
            raise Conflict("Another release is being assembled: publish or abandon that one first.") from None
        label = columns["label"]
        raise Invalid(f"There is a release “{label}” already.", fields={"label": "Choose another one."}) from None
