"""Who sees a release: published ones everybody who sees the spec, one being assembled its makers."""

from __future__ import annotations

from django.db.models import QuerySet

from reviews.access.specs import Standing
from reviews.errors import NotFound
from reviews.models import Release
from reviews.rules.roles import Verb
from reviews.rules.states import ReleaseState


def visible_releases(standing: Standing) -> QuerySet[Release]:
    """The published ones, newest last in time."""
    return Release.objects.filter(spec=standing.spec, state=ReleaseState.PUBLISHED)


def get_visible(standing: Standing, label: str) -> Release:
    """One published release by its label; NotFound otherwise."""
    found = visible_releases(standing).filter(label=label).select_related("revision", "spec").first()
    if found is None:
        raise NotFound()
    return found


def assembling(standing: Standing) -> Release | None:
    """The release that is being assembled, for those who may publish."""
    if not standing.may(Verb.PUBLISH):
        return None
    return Release.objects.filter(spec=standing.spec, state=ReleaseState.ASSEMBLING).first()
