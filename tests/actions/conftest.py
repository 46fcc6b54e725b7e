"""A spec with one person of each role, for the tests of the actions."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from reviews.models import Change, Comment, Event, Job, PatchSet, Position, Proposal, Revision, Spec, Thread, User
from tests.factories import make_user
from tests.factories.conduct import make_conduct

ROLES = ("owner", "editor", "approver", "moderator", "release_manager", "member")


@dataclass(frozen=True)
class World:
    """A spec and its people; `second` is another editor, `stranger` has an account and no role."""

    spec: Spec
    people: dict[str, User]

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def make_world() -> World:
    people = {role: make_user(role.replace("_", " ").title()) for role in ROLES}
    people["second"] = make_user("Second Editor")
    people["other"] = make_user("Other Approver")
    roles = {people[role]: role for role in ROLES} | {people["second"]: "editor", people["other"]: "approver"}
    spec = make_conduct(roles)
    people["stranger"] = make_user("Stranger")
    return World(spec, people)


@pytest.fixture
def world(db) -> World:
    return make_world()


def rows() -> dict[str, int]:
    """How many rows there are of all that an action may write."""
    kinds = (Proposal, PatchSet, Change, Position, Thread, Comment, Event, Revision, Job)
    return {kind.__name__: kind.objects.count() for kind in kinds}


@pytest.fixture
def nothing_written(db):
    """Asserts at the end of its block that nothing was added or taken away: `with nothing_written(): …`."""

    @contextmanager
    def watch():
        before = rows()
        yield
        assert rows() == before

    return watch
