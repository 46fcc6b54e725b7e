"""Who sees consultations and submissions, and who moderates them."""

from __future__ import annotations

from django.db.models import QuerySet

from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Consultation, Submission
from reviews.rules.roles import Verb
from reviews.rules.states import ConsultationState, SubmissionState


def visible_consultations(standing: Standing) -> QuerySet[Consultation]:
    """Everybody who sees the spec sees what was opened; owners and moderators also what is still being prepared."""
    rows = Consultation.objects.filter(spec=standing.spec)
    if standing.may(Verb.MODERATE):
        return rows
    return rows.exclude(state__in=[ConsultationState.DRAFT, ConsultationState.SCHEDULED])


def get_visible(standing: Standing, public_id: str) -> Consultation:
    """Return one consultation by its identifier; raises NotFound when it is not there or not for this person."""
    found = visible_consultations(standing).filter(public_id=public_id).select_related("spec").first()
    if found is None:
        raise NotFound()
    return found


def published_submissions(consultation: Consultation) -> QuerySet[Submission]:
    """Return what everybody may read: accepted submissions only."""
    return Submission.objects.filter(consultation=consultation, state=SubmissionState.ACCEPTED)


def moderated_submissions(standing: Standing) -> QuerySet[Submission]:
    """Return all submissions to a spec, for its owners and moderators; raises NotAllowed for anybody else."""
    standing.check(Verb.MODERATE)
    return Submission.objects.filter(spec=standing.spec)
