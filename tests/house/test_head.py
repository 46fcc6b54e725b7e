"""HEAD is answered at every address as GET is, without the body."""

import pytest
from django.test import Client

from tests.actions.conftest import make_world
from tests.house.addresses import every_route

# Times and tokens that are new in each answer; everything else of the headers is the same.
NEW_IN_EACH = {"Set-Cookie", "Content-Length"}


@pytest.fixture
def world(db):
    return make_world()


def public_addresses(world):
    """The addresses whose only parameter is the spec."""
    routes = [route.replace("<slug:slug>", world.spec.slug) for route in every_route()]
    return [route for route in routes if "<" not in route and "(" not in route]


@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_head_answers_as_get_without_a_body(world, who):
    client = Client()
    if who != "nobody":
        client.force_login(world.people[who])

    for address in public_addresses(world):
        got, head = client.get(address), client.head(address)

        assert (address, head.status_code, head.content) == (address, got.status_code, b"")
        differing = {name for name in {*got.headers, *head.headers} if got.headers.get(name) != head.headers.get(name)}
        assert differing - NEW_IN_EACH <= {"ETag"}, address
        if not got.streaming and "csrf" not in got.content.decode(errors="replace"):
            assert int(head["Content-Length"]) == len(got.content), address
