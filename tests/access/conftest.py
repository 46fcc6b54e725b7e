"""One spec with something of every visibility in it, before everybody who may look."""

import pytest

from reviews.access.specs import standing_in
from tests.actions.conftest import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def standing(world):
    """The standing of somebody by role; "nobody" has no account, "as public" is a member who looks as the public does."""

    def of(who):
        if who == "as public":
            return standing_in(world.spec, world.owner).as_public()
        return standing_in(world.spec, None if who == "nobody" else world.people[who])

    return of
