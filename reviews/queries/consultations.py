"""Consultations as the public and as moderators see them, and what came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from reviews.access.consultations import moderated_submissions, published_submissions, visible_consultations
from reviews.access.specs import Standing, standing_in
from reviews.errors import NotFound
from reviews.models import ClauseVersion, Consultation, Submission, User
from reviews.queries.paging import NEWEST_FIRST, Slice, page_of
from reviews.rules.states import ConsultationState, SubmissionState

PAGE = 30


@dataclass(frozen=True)
class Participation:
    """How many submissions a consultation has, and how many of them are published."""

    received: int
    published: int


def listed(standing: Standing) -> list[Consultation]:
    """Return the consultations that this person may see: the permanent one first, then the newest."""
    return list(visible_consultations(standing).order_by("-is_permanent", "-pk")[:100])


def is_open(consultation: Consultation, now: datetime) -> bool:
    """Return whether submissions come in time at this moment."""
    if consultation.state not in (ConsultationState.OPEN, ConsultationState.CLOSED):
        return False
    if consultation.closes_at is None:
        return consultation.state == ConsultationState.OPEN
    return consultation.opens_at is not None and consultation.opens_at <= now < consultation.closes_at


def open_for(standing: Standing, now: datetime) -> Consultation | None:
    """Return the consultation that a reader's feedback goes to: the permanent one, else the newest that is open."""
    return next((one for one in listed(standing) if is_open(one, now)), None)


def participation(consultation: Consultation) -> Participation:
    """Return how many took part; what was withdrawn, or is held because it looks like an advertisement, is not counted."""
    rows = Submission.objects.filter(consultation=consultation)
    rows = rows.exclude(state__in=[SubmissionState.WITHDRAWN, SubmissionState.HELD])
    found = rows.aggregate(received=Count("pk"), published=Count("pk", filter=Q(state=SubmissionState.ACCEPTED)))
    return Participation(**found)


def published(consultation: Consultation, *, after: str = "", size: int = PAGE) -> Slice:
    """Return a page of what is published, the newest first, with its passages."""
    rows = published_submissions(consultation).prefetch_related("passages__clause")
    return page_of(rows, order=NEWEST_FIRST, after=after, size=size)


def desk(standing: Standing, *, state: str, after: str = "", size: int = PAGE) -> Slice:
    """Return a page of the submissions in a state, the newest first, for moderators."""
    rows = moderated_submissions(standing).filter(state=state).select_related("consultation", "decided_by")
    return page_of(rows.prefetch_related("passages__clause"), order=NEWEST_FIRST, after=after, size=size)


def desk_counts(standing: Standing) -> dict[str, int]:
    """Return how many submissions are in each state, for moderators."""
    counts = dict(moderated_submissions(standing).order_by().values_list("state").annotate(Count("pk")))
    return {state.value: counts.get(state.value, 0) for state in SubmissionState}


def for_moderator(standing: Standing, public_id: str) -> Submission:
    """Return one submission to the spec; raises NotFound when there is none of this number."""
    found = moderated_submissions(standing).filter(public_id=public_id.replace("\x00", "")).first()
    if found is None:
        raise NotFound()
    return found


def by_receipt(secret_hash: bytes, person: User | None) -> tuple[Submission, Standing]:
    """Return the submission of a receipt's link, and what the person may see of its spec.

    Raises NotFound alike for any other secret and for a spec that the person must not know of.
    """
    rows = Submission.objects.filter(secret_hash=secret_hash).select_related("spec", "consultation")
    found = rows.prefetch_related("passages__clause").first()
    standing = standing_in(found.spec, person) if found else None
    if found is None or standing is None or not (found.spec.is_public or standing.is_insider):
        raise NotFound("There is no receipt at this address.")
    return found, standing


def titles_of_passages(submissions: list[Submission]) -> dict[int, ClauseVersion]:
    """Return the newest version of each clause that these submissions are about, by clause id."""
    clauses = {one.clause_id for row in submissions for one in row.passages.all() if one.clause_id}
    rows = ClauseVersion.objects.filter(clause__in=clauses).defer("source").order_by("clause", "-valid")
    return {row.clause_id: row for row in rows.distinct("clause")}
