"""Links by which the demo people and the first owner sign in."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from reviews.actions import people
from reviews.errors import NotFound
from reviews.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def said(command, *words):
    out = StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue().splitlines()


def secret_of(line):
    return re.fullmatch(rf".* — .* — {re.escape(settings.SITE_URL)}/enter/([\w-]+)/", line)[1]


def test_demo_people_get_links_that_can_be_used_again():
    call_command("demo", stdout=StringIO())
    lines = said("sign_in_links")
    names = [line.split(" — ")[:2] for line in lines]

    assert len(lines) == 8
    assert names[0] == ["Ines Okonjo-Lind", "owner"]
    assert ["Linnea Duarte", "release manager"] in names
    for _ in range(2):
        assert people.use_sign_in_link(secret_of(lines[0]), now=timezone.now()).email == "ines@example.org"


def test_there_are_no_such_links_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="for development only"):
        call_command("sign_in_links")


def test_the_first_owner_gets_a_link_that_works_once():
    [line] = said("first_owner_link", "--email", "Ana@example.org", "--name", "Ana Ruiz")
    person = people.use_sign_in_link(secret_of(line), now=timezone.now())

    assert (person.email, person.name, person.has_usable_password()) == ("ana@example.org", "Ana Ruiz", False)
    with pytest.raises(NotFound):
        people.use_sign_in_link(secret_of(line), now=timezone.now())


def test_a_lost_link_is_made_anew_until_the_first_owner_was_here():
    said("first_owner_link")
    [again] = said("first_owner_link")
    User.objects.update(last_login=timezone.now())

    assert people.use_sign_in_link(secret_of(again), now=timezone.now()).name == "First Owner"
    assert said("first_owner_link") == []
    assert User.objects.count() == 1


def test_where_there_are_people_nothing_is_printed():
    make_user(), make_user()

    assert said("first_owner_link") == []


def test_a_bad_address_is_said_so():
    with pytest.raises(CommandError, match="This is not an e-mail address"):
        call_command("first_owner_link", "--email", "x")
