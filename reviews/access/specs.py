"""Who sees a spec, and what a person's roles in it allow."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from reviews.errors import NotAllowed, NotFound
from reviews.models import Membership, Spec, User
from reviews.rules.kinds import Visibility
from reviews.rules.roles import Role, Verb, may


@dataclass(frozen=True)
class Standing:
    """A person before a spec: `person` is None for somebody without an account, `roles` is empty for an outsider."""

    spec: Spec
    person: User | None
    roles: frozenset[str]

    def may(self, verb: Verb) -> bool:
        """Whether the roles allow it, an archived spec being read-only."""
        return may(self.roles, verb, archived=self.spec.archived_at is not None)

    def check(self, verb: Verb) -> None:
        """Raise NotAllowed, with what would be needed, unless the roles allow it."""
        if not self.may(verb):
            raise NotAllowed(_why_not(self.spec, verb))

    @property
    def is_insider(self) -> bool:
        """A member, who may know of internal things."""
        return bool(self.roles)

    @property
    def visibilities(self) -> list[str]:
        """Which kinds of things this person may know of."""
        return [Visibility.PUBLIC, Visibility.INTERNAL] if self.is_insider else [Visibility.PUBLIC]

    def as_public(self) -> Standing:
        """The same spec as somebody without an account sees it."""
        return Standing(self.spec, None, frozenset())


def visible_specs(person: User | None) -> QuerySet[Spec]:
    """Public specs, and those that the person is a member of."""
    if person is None:
        return Spec.objects.filter(visibility=Visibility.PUBLIC)
    mine = Membership.objects.filter(user=person).values("spec")
    return Spec.objects.filter(Q(visibility=Visibility.PUBLIC) | Q(pk__in=mine))


def standing(person: User | None, slug: str) -> Standing:
    """The spec of this address with the person's roles in it.

    Raises NotFound alike when there is none and when the person must not know of it.
    """
    spec = Spec.objects.filter(slug=slug).first()
    if spec is None:
        raise NotFound()
    found = standing_in(spec, person)
    if not (spec.is_public or found.is_insider):
        raise NotFound()
    return found


def standing_in(spec: Spec, person: User | None) -> Standing:
    """The person's roles in a spec, read now."""
    if person is None or not person.is_active:
        return Standing(spec, None, frozenset())
    row = Membership.objects.filter(spec=spec, user=person).values_list("roles", flat=True).first()
    return Standing(spec, person, frozenset(row or ()))


def check(spec: Spec, person: User | None, verb: Verb) -> Standing:
    """The standing of somebody who may do this.

    Raises NotFound to whom the spec does not exist, NotAllowed otherwise.
    """
    found = standing_in(spec, person)
    if not (spec.is_public or found.is_insider):
        raise NotFound()
    found.check(verb)
    return found


def check_signed_in(person: User | None) -> User:
    """The person, unless nobody is signed in: then NotAllowed."""
    if person is None or not person.is_active:
        raise NotAllowed("Sign in first.")
    return person


def people_with(spec: Spec, role: Role) -> frozenset[int]:
    """The ids of the active members that have this role now."""
    rows = Membership.objects.filter(spec=spec, roles__contains=[role.value], user__is_active=True)
    return frozenset(rows.values_list("user_id", flat=True))


def members_of(spec: Spec) -> frozenset[int]:
    """The ids of the active members, whatever their roles."""
    rows = Membership.objects.filter(spec=spec, user__is_active=True)
    return frozenset(rows.values_list("user_id", flat=True))


def _why_not(spec: Spec, verb: Verb) -> str:
    if spec.archived_at is not None:
        return "This spec is archived: it can be read, and an owner can bring it back."
    from_table = sorted(role.label for role in Role if may([role], verb))
    who = "a member" if len(from_table) == len(Role) else " or ".join(from_table)
    return f"To {verb.value} you need to be {who} of this spec."
