"""Creating, configuring, archiving specs."""

from __future__ import annotations

from typing import Any

import pytest

from reviews.actions import specs
from reviews.actions.specs import Level
from reviews.errors import Conflict, Invalid, NotAllowed, NotFound
from reviews.models import AuthorityLevel, Event, Membership, Spec, User
from tests.factories import NOW, make_spec, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user("Olga")


@pytest.fixture
def spec(owner: User) -> Spec:
    return make_spec(slug="aster", title="Aster", members={owner: ["owner"]})


def settings_of(**changed: Any) -> dict[str, Any]:
    return {"title": "Aster", "description": "", "visibility": "public", "default_supports": 1, "now": NOW, **changed}


def last_event(spec: Spec) -> tuple[str, str, User | None, dict[str, Any]]:
    event = Event.objects.filter(spec=spec).latest("pk")
    return event.kind, event.visibility, event.actor, event.data


def levels_of(spec: Spec) -> list[tuple[int, str, int]]:
    return list(AuthorityLevel.objects.filter(spec=spec).values_list("rank", "name", "required_supports"))


def test_a_new_spec_has_levels_its_creator_as_owner_and_an_event(owner: User) -> None:
    spec = specs.create(slug="fresh", title=" New ", by=owner, now=NOW)
    assert (spec.title, spec.visibility, spec.head, spec.created_by) == ("New", "internal", 0, owner)
    assert Membership.objects.get(spec=spec).roles == ["owner", "editor", "release_manager"]
    assert levels_of(spec) == [
        (1, "root", 2),
        (2, "system", 1),
        (3, "developer", 1),
        (4, "user", 1),
        (5, "guideline", 1),
    ]
    assert last_event(spec) == ("spec.created", "internal", owner, {"slug": "fresh"})


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "Upper"}, "slug"),
        ({"slug": "two--hyphens"}, "slug"),
        ({"slug": "-edge"}, "slug"),
        ({"slug": "x" * 61}, "slug"),
        ({"slug": "enter"}, "slug"),
        ({"slug": "aster"}, "slug"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"visibility": "secret"}, "visibility"),
    ],
)
def test_a_spec_that_cannot_be_is_refused_and_leaves_nothing(
    owner: User, spec: Spec, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        specs.create(**{"slug": "fresh", "title": "New", **changed}, by=owner, now=NOW)
    assert list(refused.value.fields) == [field]
    assert list(Spec.objects.all()) == [spec]


def test_configuring_keeps_what_was_before_in_the_record(owner: User, spec: Spec) -> None:
    done = specs.configure(spec, **settings_of(title="Better", visibility="internal", default_supports=2), by=owner)
    assert (done.title, done.visibility, done.default_supports) == ("Better", "internal", 2)
    before = {"title": "Aster", "visibility": "public", "default_supports": 1}
    assert last_event(spec) == ("spec.configured", "internal", owner, {"before": before})


@pytest.mark.parametrize(
    "changed", [{"title": ""}, {"visibility": "secret"}, {"default_supports": 0}, {"default_supports": 100}]
)
def test_settings_that_cannot_be_are_refused(owner: User, spec: Spec, changed: dict[str, Any]) -> None:
    before = last_event(spec)
    with pytest.raises(Invalid) as refused:
        specs.configure(spec, **settings_of(**changed), by=owner)
    assert (list(refused.value.fields), last_event(spec)) == (list(changed), before)


@pytest.mark.parametrize("role", ["editor", "approver", "moderator", "release_manager", "member"])
def test_nobody_but_an_owner_configures(spec: Spec, role: str) -> None:
    Membership.objects.create(spec=spec, user=(user := make_user("Ana")), roles=[role], created_at=NOW)
    before = last_event(spec)
    for action in [
        lambda: specs.configure(spec, **settings_of(title="X"), by=user),
        lambda: specs.set_levels(spec, levels=[Level("root")], by=user, now=NOW),
        lambda: specs.archive(spec, by=user, now=NOW),
        lambda: specs.restore(spec, by=user, now=NOW),
    ]:
        with pytest.raises(NotAllowed, match="you need to be owner"):
            action()
    assert last_event(spec) == before


def test_an_internal_spec_does_not_exist_for_strangers() -> None:
    closed = make_spec(visibility="internal")
    with pytest.raises(NotFound):
        specs.archive(closed, by=make_user("Stranger"), now=NOW)


def test_levels_are_replaced_by_name(owner: User, spec: Spec) -> None:
    kept = AuthorityLevel.objects.get(spec=spec, name="guideline").pk
    new = [Level("platform", 3), Level("root", 2), Level("user"), Level("guideline", 4)]
    specs.set_levels(spec, levels=new, by=owner, now=NOW)
    assert levels_of(spec) == [(1, "platform", 3), (2, "root", 2), (3, "user", 1), (4, "guideline", 4)]
    assert AuthorityLevel.objects.get(spec=spec, name="guideline").pk == kept
    names = {"levels": ["platform", "root", "user", "guideline"]}
    assert last_event(spec) == ("spec.configured", "internal", owner, names)


@pytest.mark.parametrize(
    "levels",
    [
        [Level("")],
        [Level("Root")],
        [Level("two words")],
        [Level("x" * 41)],
        [Level("root"), Level("root")],
        [Level("root", 0)],
        [Level("root", 100)],
    ],
)
def test_levels_that_cannot_be_are_refused(owner: User, spec: Spec, levels: list[Level]) -> None:
    before = levels_of(spec)
    with pytest.raises(Invalid):
        specs.set_levels(spec, levels=levels, by=owner, now=NOW)
    assert levels_of(spec) == before


def test_a_level_that_clauses_carry_stays(owner: User, spec: Spec) -> None:
    before = levels_of(spec)
    with pytest.raises(Conflict, match="Clauses carry guideline, user"):
        specs.set_levels(spec, levels=[Level("root")], by=owner, now=NOW)
    assert levels_of(spec) == before


def test_archiving_makes_read_only_until_restored(owner: User, spec: Spec) -> None:
    specs.archive(spec, by=owner, now=NOW)
    assert last_event(spec)[0] == "spec.archived"
    with pytest.raises(Conflict):
        specs.archive(spec, by=owner, now=NOW)
    restored = specs.restore(spec, by=owner, now=NOW)
    assert (restored.archived_at, last_event(spec)[0]) == (None, "spec.restored")
    with pytest.raises(Conflict):
        specs.restore(spec, by=owner, now=NOW)
