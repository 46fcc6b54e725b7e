"""What the list of specs and their settings say."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from reviews.access.specs import visible_specs
from reviews.models import AuthorityLevel, Membership, Release, Spec, User
from reviews.queries.paging import Order, Slice, page_of
from reviews.rules.states import ReleaseState

BY_ADDRESS = Order("slug", "slug")
A_PAGE = 50


def listed(person: User | None, *, after: str = "", size: int = A_PAGE) -> Slice:
    """The specs that a person may see, by address: each with `newest_label` and `my_roles` (None for an outsider)."""
    return page_of(with_newest_release(visible_specs(person), person), order=BY_ADDRESS, after=after, size=size)


def with_newest_release(rows: QuerySet[Spec], person: User | None) -> QuerySet[Spec]:
    """The same specs, each with the label of its newest release and the person's roles in it."""
    published = Release.objects.filter(spec=OuterRef("pk"), state=ReleaseState.PUBLISHED)
    newest = published.order_by("-published_at", "-pk").values("label")[:1]
    mine = Membership.objects.filter(spec=OuterRef("pk"), user=person).values("roles")[:1]
    return rows.annotate(newest_label=Subquery(newest), my_roles=Subquery(mine))


def levels(spec: Spec) -> list[AuthorityLevel]:
    """The authority levels of a spec, highest first."""
    return list(AuthorityLevel.objects.filter(spec=spec).order_by("rank"))
