"""Members, their roles, invitations."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reviews.actions import people, specs
from reviews.models import Invitation, Job, Membership, Spec, User
from tests.factories import NOW, add_member, make_spec, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user("Olga", email="olga@example.org")


@pytest.fixture
def editor() -> User:
    return make_user("Edda", email="edda@example.org")


@pytest.fixture
def spec(owner: User, editor: User) -> Spec:
    return make_spec(slug="aster", title="Aster", members={owner: ["owner"], editor: ["editor"]})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def roles_of(spec: Spec) -> dict[str, list[str]]:
    return dict(Membership.objects.filter(spec=spec).values_list("user__name", "roles"))


def test_members_see_names_and_roles_but_no_addresses(spec: Spec, editor: User) -> None:
    page = signed_in(editor).get("/aster/members/").content.decode()
    assert ("Olga" in page, "Owner" in page, "olga@example.org" in page, "Invite" in page) == (True, True, False, False)


def test_outsiders_do_not_see_the_members(spec: Spec, client: Client) -> None:
    answer = client.get("/aster/members/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/aster/members/")
    assert signed_in(make_user("Stranger")).get("/aster/members/").status_code == 403


def test_an_owner_changes_roles(spec: Spec, owner: User, editor: User) -> None:
    address = f"/aster/members/{editor.public_id}/roles"
    answer = signed_in(owner).post(address, {"roles": ["approver", "moderator"]})
    assert (answer.status_code, answer["Location"]) == (303, "/aster/members/")
    assert roles_of(spec) == {"Olga": ["owner"], "Edda": ["approver", "moderator"]}


@pytest.mark.parametrize("sent", [{}, {"roles": ["emperor"]}])
def test_a_member_has_at_least_one_known_role(
    spec: Spec, owner: User, editor: User, sent: dict[str, list[str]]
) -> None:
    answer = signed_in(owner).post(f"/aster/members/{editor.public_id}/roles", sent)
    assert answer.status_code == 422
    assert "Edda: Choose at least one role." in answer.content.decode()
    assert roles_of(spec)["Edda"] == ["editor"]


def test_the_last_owner_stays_owner(spec: Spec, owner: User) -> None:
    client = signed_in(owner)
    answers = [
        client.post(f"/aster/members/{owner.public_id}/roles", {"roles": ["editor"]}),
        client.post(f"/aster/members/{owner.public_id}/removal", {"confirmed": "1"}),
    ]
    assert [answer.status_code for answer in answers] == [422, 409]
    assert all("A spec needs an owner" in answer.content.decode() for answer in answers)
    assert roles_of(spec)["Olga"] == ["owner"]


def test_an_owner_removes_a_member_after_being_asked(spec: Spec, owner: User, editor: User) -> None:
    asked = signed_in(owner).post(f"/aster/members/{editor.public_id}/removal")
    assert ("Remove Edda?" in asked.content.decode(), roles_of(spec)["Edda"]) == (True, ["editor"])
    assert signed_in(owner).post(f"/aster/members/{editor.public_id}/removal", {"confirmed": "1"}).status_code == 303
    assert roles_of(spec) == {"Olga": ["owner"]}


def test_only_an_owner_manages(spec: Spec, owner: User, editor: User, client: Client) -> None:
    paths = [f"members/{owner.public_id}/roles", f"members/{owner.public_id}/removal", "members/invitations"]
    assert [signed_in(editor).post(f"/aster/{path}").status_code for path in paths] == [403, 403, 403]
    assert [client.post(f"/aster/{path}").status_code for path in paths] == [403, 403, 403]
    assert roles_of(spec) == {"Olga": ["owner"], "Edda": ["editor"]}


def test_somebody_of_another_spec_is_not_a_member_here(spec: Spec, owner: User) -> None:
    make_spec(slug="other", members={(other := make_user("Other")): ["owner"]})
    assert signed_in(owner).post(f"/aster/members/{other.public_id}/roles", {"roles": ["owner"]}).status_code == 404


def test_an_invitation_is_shown_once_and_promised_by_mail(spec: Spec, owner: User) -> None:
    client = signed_in(owner)
    answer = client.post("/aster/members/invitations", {"email": "New@Example.org", "roles": ["editor"]})
    page = answer.content.decode()
    [secret] = re.findall(r"/invitations/([\w-]{20,})/", page)
    assert (answer.status_code, answer["Cache-Control"]) == (
        201,
        "no-store",
    )
    made = people.open_invitation(secret, now=NOW)
    assert (made.email, made.roles, made.created_by) == ("new@example.org", ["editor"], owner)
    assert Job.objects.get(name="mail_invitation").arguments == {"invitation": made.pk}
    listed = client.get("/aster/members/").content.decode()
    assert ("new@example.org" in listed, secret in listed) == (True, False)


def test_a_refused_invitation_keeps_what_was_typed(spec: Spec, owner: User) -> None:
    answer = signed_in(owner).post("/aster/members/invitations", {"email": "not an address", "roles": []})
    page = answer.content.decode()
    assert (answer.status_code, 'value="not an address"' in page) == (422, True)
    assert Invitation.objects.count() == 0


def test_an_invitation_is_withdrawn(spec: Spec, owner: User, editor: User) -> None:
    made, _ = people.invite(spec, email="new@example.org", roles=["editor"], by=owner, now=NOW)
    address = f"/aster/members/invitations/{made.public_id}/revocation"
    assert signed_in(editor).post(address).status_code == 403
    assert signed_in(owner).post(address).status_code == 303
    made.refresh_from_db()
    assert made.revoked_at is not None
    assert signed_in(owner).post("/aster/members/invitations/nothing/revocation").status_code == 404


def test_members_of_an_archived_spec_are_only_shown(spec: Spec, owner: User) -> None:
    specs.archive(spec, by=owner, now=NOW)
    page = signed_in(owner).get("/aster/members/").content.decode()
    assert ("Edda" in page, "Save roles" in page, "The spec is archived" in page) == (True, False, True)


def test_the_page_needs_as_many_queries_for_three_members_as_for_one(owner: User) -> None:
    spec = make_spec(slug="one", members={owner: ["owner"]})
    client = signed_in(owner)
    people.invite(spec, email="n1@example.org", roles=["editor"], by=owner, now=NOW + timedelta(days=300))
    with CaptureQueriesContext(connection) as one:
        client.get("/one/members/")
    for number in range(2):
        add_member(spec, make_user(f"Member {number}"), "member", "editor")
        people.invite(spec, email=f"m{number}@example.org", roles=["editor"], by=owner, now=NOW + timedelta(days=300))
    with CaptureQueriesContext(connection) as three:
        client.get("/one/members/")
    assert len(three) == len(one)
