"""Who sees a spec, what a person's standing in it is, and what is said to whom may not."""

import pytest

from reviews.access import specs as access
from reviews.errors import NotAllowed, NotFound
from reviews.models import Spec
from reviews.rules.roles import Role, Verb
from tests.factories import NOW, add_member, make_spec, make_user


@pytest.fixture
def hidden(db):
    return make_spec(visibility="internal", slug="hidden", source="")


def test_outsiders_list_public_specs_and_members_theirs(hidden):
    shown, ana = make_spec(slug="shown", source=""), make_user()
    add_member(hidden, ana, "member")

    def slugs(person):
        return sorted(access.visible_specs(person).values_list("slug", flat=True))

    assert (slugs(None), slugs(make_user()), slugs(ana)) == (["shown"], ["shown"], ["hidden", "shown"])
    assert shown.slug == "shown"


def test_what_is_hidden_and_what_is_not_there_answer_alike(hidden):
    refusals = []
    for slug in ("hidden", "nowhere"):
        for person in (None, make_user()):
            with pytest.raises(NotFound) as refusal:
                access.standing(person, slug)
            refusals.append(refusal.value.sentence)

    assert len(set(refusals)) == 1


def test_a_member_stands_with_the_roles_of_now(hidden):
    ana = make_user()
    row = add_member(hidden, ana, "editor", "approver")
    found = access.standing(ana, "hidden")
    assert (found.roles, found.is_insider, found.visibilities) == (
        {"editor", "approver"},
        True,
        ["public", "internal"],
    )

    row.delete()
    with pytest.raises(NotFound):
        access.standing(ana, "hidden")


def test_an_account_that_was_closed_is_nobody(hidden):
    ana = make_user()
    add_member(hidden, ana, "owner")
    ana.is_active = False
    ana.save()

    with pytest.raises(NotFound):
        access.standing(ana, "hidden")
    assert access.people_with(hidden, Role.OWNER) == access.members_of(hidden) == set()


def test_looking_as_the_public_leaves_nothing_of_the_roles(db):
    found = access.Standing(Spec(visibility="public"), make_user(), frozenset({"owner"})).as_public()

    assert (found.person, found.roles, found.is_insider, found.visibilities) == (None, frozenset(), False, ["public"])
    assert not any(found.may(verb) for verb in Verb)


def test_a_refusal_says_what_would_be_needed(db):
    spec, ana = make_spec(source=""), make_user()
    with pytest.raises(NotAllowed, match="To propose you need to be editor or owner of this spec."):
        access.check(spec, ana, Verb.PROPOSE)
    with pytest.raises(NotAllowed, match="To comment you need to be a member of this spec."):
        access.check(spec, ana, Verb.COMMENT)
    spec.archived_at = NOW
    with pytest.raises(NotAllowed, match="This spec is archived"):
        access.check(spec, ana, Verb.COMMENT)


def test_whom_a_spec_is_hidden_from_is_not_told_what_would_be_needed(hidden):
    with pytest.raises(NotFound):
        access.check(hidden, make_user(), Verb.COMMENT)


def test_signed_in(db):
    ana = make_user()
    assert access.check_signed_in(ana) == ana
    with pytest.raises(NotAllowed):
        access.check_signed_in(None)
