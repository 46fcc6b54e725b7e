"""What the list of specs and their settings say."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from reviews.access.proposals import visible_proposals
from reviews.access.releases import visible_releases
from reviews.access.specs import Standing, people_with, visible_specs
from reviews.access.threads import visible_threads
from reviews.models import AuthorityLevel, ClauseVersion, Comment, Membership, Release, Spec, User
from reviews.queries.paging import Order, Slice, page_of
from reviews.rules.roles import Role
from reviews.rules.states import ReleaseState

BY_ADDRESS = Order("slug", "slug")
A_PAGE = 50


def listed(person: User | None, *, after: str = "", size: int = A_PAGE) -> Slice:
    """The specs that a person may see, by address: each with `newest_label` and `my_roles` (None for an outsider)."""
    return page_of(with_newest_release(visible_specs(person), person), order=BY_ADDRESS, after=after, size=size)


def with_newest_release(rows: QuerySet[Spec], person: User | None) -> QuerySet[Spec]:
    """Return these specs, each with the label of its newest release and the person's roles in it."""
    published = Release.objects.filter(spec=OuterRef("pk"), state=ReleaseState.PUBLISHED)
    newest = published.order_by("-published_at", "-pk").values("label")[:1]
    mine = Membership.objects.filter(spec=OuterRef("pk"), user=person).values("roles")[:1]
    return rows.annotate(newest_label=Subquery(newest), my_roles=Subquery(mine))


@dataclass(frozen=True)
class PublicPart:
    """How much of a spec everybody could read if it were public."""

    clauses: int
    releases: int
    proposals: int
    threads: int
    writers: int


def public_part(spec: Spec) -> PublicPart:
    """Return what becomes visible to everybody when the spec is made public."""
    nobody = Standing(spec, None, frozenset())
    threads = visible_threads(nobody)
    return PublicPart(
        clauses=ClauseVersion.objects.at(spec, spec.head).count(),
        releases=visible_releases(nobody).count(),
        proposals=visible_proposals(nobody).count(),
        threads=threads.count(),
        writers=Comment.objects.filter(thread__in=threads).values("author").distinct().count(),
    )


@dataclass(frozen=True)
class Approvers:
    """How many approvers a spec has, and how many its policy asks for at the most."""

    have: int
    need: int
    level: str

    @property
    def are_enough(self) -> bool:
        return self.have >= self.need


def approvers(spec: Spec) -> Approvers:
    """Return whether enough people can approve changes at every authority level."""
    needs = [(spec.default_supports, "")]
    needs += [(level.required_supports, level.name) for level in levels(spec)]
    need, level = max(needs, key=lambda pair: pair[0])
    return Approvers(have=len(people_with(spec, Role.APPROVER)), need=need, level=level)


def levels(spec: Spec) -> list[AuthorityLevel]:
    """The authority levels of a spec, highest first."""
    return list(AuthorityLevel.objects.filter(spec=spec).order_by("rank"))
