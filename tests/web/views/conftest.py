"""People, a spec and their browsers, for the tests of the pages about proposals and discussions."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.actions.conftest import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()


@pytest.fixture
def browser_of(world):
    """A client signed in as one of the people; "nobody" is not signed in."""

    def of(who):
        client = Client()
        if who != "nobody":
            client.force_login(world.people[who])
        return client

    return of


def hidden(response, name):
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', response.content.decode())
    return unescape(found[1]) if found else None


def words(response):
    """The text of a page in one line, without tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return unescape(re.sub(r"\s+", " ", text))
