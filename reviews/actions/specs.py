"""Creating, configuring, archiving specs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from reviews.access import specs as access
from reviews.actions.events import record
from reviews.actions.locks import lock_spec
from reviews.actions.wording import checked_line
from reviews.errors import Conflict, Invalid
from reviews.models import AuthorityLevel, ClauseVersion, Membership, Spec, User
from reviews.rules.kinds import EventKind, Visibility
from reviews.rules.roles import FOUNDER_ROLES, Verb

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = frozenset(
    {
        "admin",
        "api",
        "enter",
        "events",
        "health",
        "invitations",
        "me",
        "new",
        "password",
        "people",
        "receipts",
        "sign-in",
        "sign-out",
        "static",
    }
)
MOST_SUPPORTS = 99


@dataclass(frozen=True)
class Level:
    """One authority level as an owner writes it down."""

    name: str
    required_supports: int = 1


DEFAULT_LEVELS = (Level("root", 2), Level("system"), Level("developer"), Level("user"), Level("guideline"))


@transaction.atomic
def create(
    *,
    slug: str,
    title: str,
    by: User | None,
    now: datetime,
    description: str = "",
    visibility: str = Visibility.INTERNAL,
) -> Spec:
    """A new empty spec with the usual authority levels, its creator being owner, editor and release manager.

    Raises Invalid for an address that cannot be used or is taken.
    """
    check_slug(slug)
    _check_visibility(visibility)
    title = _checked_title(title)
    spec = _insert(
        slug=slug, title=title, description=description, visibility=visibility, created_at=now, created_by=by
    )
    AuthorityLevel.objects.bulk_create(_levels(spec, DEFAULT_LEVELS))
    if by is not None:
        Membership.objects.create(spec=spec, user=by, roles=list(FOUNDER_ROLES), created_at=now)
    record(EventKind.SPEC_CREATED, spec=spec, by=by, now=now, data={"slug": slug})
    return spec


@transaction.atomic
def configure(
    spec: Spec, *, title: str, description: str, visibility: str, default_supports: int, by: User, now: datetime
) -> Spec:
    """Change what the spec is called, who may read it, and how much support a clause without authority needs."""
    spec = lock_spec(spec)
    access.check(spec, by, Verb.CONFIGURE)
    _check_visibility(visibility)
    if not 1 <= default_supports <= MOST_SUPPORTS:
        raise Invalid("At least one support is needed.", fields={"default_supports": "Write 1 to 99."})
    before = {"title": spec.title, "visibility": spec.visibility, "default_supports": spec.default_supports}
    spec.title, spec.description = _checked_title(title), description
    spec.visibility, spec.default_supports = visibility, default_supports
    spec.save(update_fields=["title", "description", "visibility", "default_supports"])
    record(EventKind.SPEC_CONFIGURED, spec=spec, by=by, now=now, data={"before": before})
    return spec


@transaction.atomic
def set_levels(spec: Spec, *, levels: Sequence[Level], by: User, now: datetime) -> list[AuthorityLevel]:
    """Replace the vocabulary of authority, highest first; levels that are in use anywhere stay, by name.

    Raises Invalid when a name is missing or twice, Conflict when one that clauses carry would go.
    """
    spec = lock_spec(spec)
    access.check(spec, by, Verb.CONFIGURE)
    _check_levels(levels)
    kept = {level.name: level for level in spec.authority_levels.all()}
    _drop_unused(spec, [level for name, level in kept.items() if name not in {new.name for new in levels}])
    rows = _levels(spec, levels)
    for row in rows:
        row.pk = kept[row.name].pk if row.name in kept else None
        row.save()
    record(EventKind.SPEC_CONFIGURED, spec=spec, by=by, now=now, data={"levels": [row.name for row in rows]})
    return rows


@transaction.atomic
def archive(spec: Spec, *, by: User, now: datetime) -> Spec:
    """Make a spec read-only; it can be restored."""
    spec = lock_spec(spec)
    access.check(spec, by, Verb.CONFIGURE)
    if spec.archived_at is not None:
        raise Conflict("This spec is archived already.", fresh=spec)
    spec.archived_at = now
    spec.save(update_fields=["archived_at"])
    record(EventKind.SPEC_ARCHIVED, spec=spec, by=by, now=now)
    return spec


@transaction.atomic
def restore(spec: Spec, *, by: User, now: datetime) -> Spec:
    """Bring an archived spec back."""
    spec = lock_spec(spec)
    access.check(spec, by, Verb.CONFIGURE)
    if spec.archived_at is None:
        raise Conflict("This spec is not archived.", fresh=spec)
    spec.archived_at = None
    spec.save(update_fields=["archived_at"])
    record(EventKind.SPEC_RESTORED, spec=spec, by=by, now=now)
    return spec


def check_slug(slug: str) -> None:
    """Raise Invalid unless the address is lower-case words joined by hyphens and not one of the site's own."""
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        raise Invalid(
            "The address takes lower-case letters, digits and single hyphens, at most 60 characters.",
            fields={"slug": "For example: model-spec"},
        )
    if slug in RESERVED:
        raise _unavailable(slug)


def _checked_title(title: str) -> str:
    return checked_line(title, field="title", most=200, what="A spec needs a title of at most 200 characters.")


def _check_visibility(visibility: str) -> None:
    if visibility not in set(Visibility):
        raise Invalid("A spec is public or internal.", fields={"visibility": "Choose public or internal."})


def _insert(**columns: object) -> Spec:
    try:
        with transaction.atomic():
            return Spec.objects.create(**columns)
    except IntegrityError:
        raise _unavailable(str(columns["slug"])) from None


def _levels(spec: Spec, levels: Sequence[Level]) -> list[AuthorityLevel]:
    return [
        AuthorityLevel(spec=spec, name=level.name, rank=rank, required_supports=level.required_supports)
        for rank, level in enumerate(levels, start=1)
    ]


def _check_levels(levels: Sequence[Level]) -> None:
    names = [level.name for level in levels]
    if any(not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name) for name in names):
        raise Invalid("A level is one lower-case word.", fields={"levels": "For example: root, developer, guideline"})
    if len(set(names)) != len(names):
        raise Invalid("Each level can stand only once.", fields={"levels": "Remove the repeated one."})
    if any(not 1 <= level.required_supports <= MOST_SUPPORTS for level in levels):
        raise Invalid("Each level needs at least one support.", fields={"levels": "Write 1 to 99."})


def _drop_unused(spec: Spec, gone: Sequence[AuthorityLevel]) -> None:
    used = set(ClauseVersion.objects.filter(spec=spec, authority__in=gone).values_list("authority__name", flat=True))
    if used:
        raise Conflict(f"Clauses carry {', '.join(sorted(used))}: such a level stays, for the history's sake.")
    AuthorityLevel.objects.filter(pk__in=[level.pk for level in gone]).delete()


def _unavailable(slug: str) -> Invalid:
    """One sentence for an address of the site's own, of a spec and of one that this person must not know of."""
    return Invalid(f"The address “{slug}” is not available.", fields={"slug": "Choose another one."})
