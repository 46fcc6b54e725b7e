"""Members, invitations, tokens, sign-in links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reviews.actions import people, specs
from reviews.errors import Conflict, Invalid, NotAllowed, NotFound, TooManyRequests
from reviews.models import ApiToken, Event, Invitation, Job, Membership, SignInLink, Spec, User
from tests.factories import NOW, add_member, make_spec, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "seven green herons"
LATER = NOW + timedelta(days=14, seconds=1)


@pytest.fixture
def owner() -> User:
    return make_user("Olga")


@pytest.fixture
def spec(owner: User) -> Spec:
    return make_spec(slug="aster", title="Aster", visibility="internal", members={owner: ["owner"]})


@pytest.fixture
def secret(spec: Spec, owner: User) -> str:
    return people.invite(spec, email="new@example.org", roles=["editor"], by=owner, now=NOW)[1]


def last_event(spec: Spec) -> tuple[str, User | None, dict[str, Any]]:
    event = Event.objects.filter(spec=spec).latest("pk")
    return event.kind, event.actor, event.data


def roles_of(spec: Spec) -> dict[str, list[str]]:
    return dict(Membership.objects.filter(spec=spec).values_list("user__name", "roles"))


def test_inviting_keeps_only_the_hash_of_the_secret_and_promises_mail(spec: Spec, owner: User) -> None:
    made, secret = people.invite(spec, email=" New@Example.org ", roles=["editor", "owner"], by=owner, now=NOW)
    assert (made.email, made.roles, made.expires_at - NOW) == ("new@example.org", ["editor", "owner"], timedelta(14))
    assert secret not in str(Invitation.objects.values().get())
    assert last_event(spec) == ("member.invited", owner, {"roles": ["editor", "owner"]})
    job = Job.objects.get(name="mail_invitation")
    assert (job.arguments, job.key) == (
        {"invitation": made.pk},
        f"mail_invitation:{made.public_id}",
    )


@pytest.mark.parametrize(
    ("email", "roles", "field"),
    [("nobody", ["editor"], "email"), ("a@example.org", [], "roles"), ("a@example.org", ["emperor"], "roles")],
)
def test_an_invitation_that_cannot_be_leaves_nothing(
    spec: Spec, owner: User, email: str, roles: list[str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        people.invite(spec, email=email, roles=roles, by=owner, now=NOW)
    assert list(refused.value.fields) == [field]
    assert (Invitation.objects.count(), Job.objects.filter(name="mail_invitation").count()) == (0, 0)


def test_accepting_adds_roles_to_those_one_has(spec: Spec, owner: User, secret: str) -> None:
    add_member(spec, ana := make_user("Ana", email="new@example.org"), "approver")
    people.accept_invitation(secret, by=ana, now=NOW)
    assert roles_of(spec) == {"Olga": ["owner"], "Ana": ["approver", "editor"]}
    assert last_event(spec) == ("member.joined", ana, {"roles": ["approver", "editor"]})
    with pytest.raises(NotFound):
        people.accept_invitation(secret, by=ana, now=NOW)


def test_an_invitation_ends(spec: Spec, owner: User, secret: str) -> None:
    with pytest.raises(NotFound):
        people.open_invitation(secret, now=LATER)
    with pytest.raises(NotFound):
        people.open_invitation("nothing", now=NOW)
    people.revoke_invitation(Invitation.objects.get(), by=owner, now=NOW)
    with pytest.raises(NotFound):
        people.accept_invitation(secret, by=make_user("Ana"), now=NOW)
    assert roles_of(spec) == {"Olga": ["owner"]}


def test_joining_with_a_new_account(spec: Spec, secret: str) -> None:
    user = people.join_with_new_account(secret, name=" Nia ", password=PASSWORD, now=NOW)
    assert (user.name, user.email, user.check_password(PASSWORD)) == ("Nia", "new@example.org", True)
    assert roles_of(spec)["Nia"] == ["editor", "member"]


@pytest.mark.parametrize(
    ("name", "password", "field"), [("", PASSWORD, "name"), ("Nia", "12345", "password"), ("x" * 151, PASSWORD, "name")]
)
def test_an_account_that_cannot_be_leaves_nothing(
    spec: Spec, secret: str, name: str, password: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        people.join_with_new_account(secret, name=name, password=password, now=NOW)
    assert list(refused.value.fields) == [field]
    assert (User.objects.count(), roles_of(spec)) == (1, {"Olga": ["owner"]})


def test_an_address_with_an_account_is_not_taken_over(spec: Spec, secret: str) -> None:
    make_user("Known", email="new@example.org", password="old words here")
    with pytest.raises(Invalid, match="sign in to accept"):
        people.join_with_new_account(secret, name="Thief", password=PASSWORD, now=NOW)
    assert User.objects.get(email="new@example.org").check_password("old words here")
    assert people.open_invitation(secret, now=NOW).accepted_at is None


def test_roles_change_and_members_go(spec: Spec, owner: User) -> None:
    add_member(spec, ana := make_user("Ana"), "approver")
    people.change_roles(spec, user=ana, roles=["moderator", "editor"], by=owner, now=NOW)
    assert roles_of(spec)["Ana"] == ["editor", "moderator"]
    told = {"user": ana.public_id, "roles": ["editor", "moderator"]}
    assert last_event(spec) == ("member.changed", owner, told)
    people.remove_member(spec, user=ana, by=owner, now=NOW)
    assert roles_of(spec) == {"Olga": ["owner"]}
    assert last_event(spec) == ("member.removed", owner, {"user": ana.public_id})
    with pytest.raises(NotFound):
        people.remove_member(spec, user=ana, by=owner, now=NOW)


def test_somebody_who_can_sign_in_stays_owner(spec: Spec, owner: User) -> None:
    add_member(spec, make_user("Gone", is_active=False), "owner")
    before = last_event(spec)
    with pytest.raises(Conflict):
        people.change_roles(spec, user=owner, roles=["editor"], by=owner, now=NOW)
    with pytest.raises(Conflict):
        people.remove_member(spec, user=owner, by=owner, now=NOW)
    assert (roles_of(spec)["Olga"], last_event(spec)) == (["owner"], before)


@pytest.mark.parametrize("role", ["editor", "approver", "moderator", "release_manager", "member"])
def test_nobody_but_an_owner_manages_members(spec: Spec, owner: User, role: str) -> None:
    made, _ = people.invite(spec, email="a@example.org", roles=["member"], by=owner, now=NOW)
    add_member(spec, ana := make_user("Ana"), role)
    before = last_event(spec)
    for action in [
        lambda: people.invite(spec, email="b@example.org", roles=["owner"], by=ana, now=NOW),
        lambda: people.revoke_invitation(made, by=ana, now=NOW),
        lambda: people.change_roles(spec, user=ana, roles=["owner"], by=ana, now=NOW),
        lambda: people.remove_member(spec, user=owner, by=ana, now=NOW),
    ]:
        with pytest.raises(NotAllowed):
            action()
    assert last_event(spec) == before


def test_a_token_lives_as_long_as_it_says(owner: User) -> None:
    token, secret = people.create_token(owner, name=" Notebook ", now=NOW, days=2)
    assert (token.name, token.expires_at) == ("Notebook", NOW + timedelta(days=2))
    moments = [NOW, NOW + timedelta(days=2, seconds=-1), NOW + timedelta(days=2)]
    assert [people.use_token(secret, now=moment) for moment in moments] == [owner, owner, None]
    assert people.use_token("nothing", now=NOW) is None


@pytest.mark.parametrize(("name", "days"), [("", 1), ("x" * 101, 1), ("x", 0), ("x", 366)])
def test_a_token_that_cannot_be_is_refused(owner: User, name: str, days: int) -> None:
    with pytest.raises(Invalid):
        people.create_token(owner, name=name, days=days, now=NOW)
    assert ApiToken.objects.count() == 0


def test_revoking_twice_keeps_the_first_moment(owner: User) -> None:
    token, secret = people.create_token(owner, name="x", now=NOW)
    for moment in [NOW, LATER]:
        people.revoke_token(owner, public_id=token.public_id, now=moment)
    token.refresh_from_db()
    assert (token.revoked_at, people.use_token(secret, now=NOW)) == (NOW, None)
    with pytest.raises(NotFound):
        people.revoke_token(make_user("Other"), public_id=token.public_id, now=NOW)


def test_a_sign_in_link_is_spent_by_its_use_and_not_by_a_look(owner: User) -> None:
    secret = people.make_sign_in_link(owner, now=NOW)
    assert people.open_sign_in_link(secret, now=NOW).used_at is None
    assert people.use_sign_in_link(secret, now=NOW) == owner
    for way in [people.open_sign_in_link, people.use_sign_in_link]:
        with pytest.raises(NotFound):
            way(secret, now=NOW)


def test_a_reusable_link_works_until_it_expires(owner: User) -> None:
    secret = people.make_sign_in_link(owner, now=NOW, days=3, reusable=True)
    assert [people.use_sign_in_link(secret, now=NOW) for _ in range(2)] == [owner, owner]
    with pytest.raises(NotFound):
        people.use_sign_in_link(secret, now=NOW + timedelta(days=3))
    assert secret not in str(SignInLink.objects.values().get())


def test_a_profile_has_a_name(owner: User) -> None:
    assert people.update_profile(owner, name=" Olga R. ").name == "Olga R."
    for name in ["", " ", "x" * 151]:
        with pytest.raises(Invalid):
            people.update_profile(owner, name=name)
    owner.refresh_from_db()
    assert owner.name == "Olga R."


def test_a_password_reset_is_promised_to_an_active_account_once_a_minute(owner: User) -> None:
    make_user("Gone", email="gone@example.org", is_active=False)
    for address in [owner.email.upper(), owner.email, "gone@example.org", "nobody@example.org"]:
        people.ask_password_reset(address, now=NOW)
    people.ask_password_reset(owner.email, now=NOW + timedelta(minutes=1))
    assert [job.arguments for job in Job.objects.all()] == [{"user": owner.pk}] * 2


def revoked(spec: Spec) -> list[User | None]:
    """Who revoked an invitation, once for each."""
    return [event.actor for event in Event.objects.filter(spec=spec, kind="invitation.revoked").order_by("pk")]


@pytest.mark.parametrize("change", ["removed", "demoted", "account closed"])
def test_who_may_invite_nobody_any_more_comes_not_back_by_their_own_invitation(
    spec: Spec, owner: User, change: str
) -> None:
    add_member(spec, second := make_user("Second"), "owner")
    _, secret = people.invite(spec, email="alias@example.org", roles=["owner"], by=second, now=NOW)
    people.invite(spec, email="kept@example.org", roles=["editor"], by=owner, now=NOW)
    if change == "removed":
        people.remove_member(spec, user=second, by=owner, now=NOW)
    elif change == "demoted":
        people.change_roles(spec, user=second, roles=["editor", "moderator"], by=owner, now=NOW)
    else:
        User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(NotFound):
        people.accept_invitation(secret, by=make_user("Alias", email="alias@example.org"), now=NOW)
    with pytest.raises(NotFound):
        people.join_with_new_account(secret, name="Alias", password=PASSWORD, now=NOW)
    assert revoked(spec) == ([] if change == "account closed" else [owner])
    assert Invitation.objects.get(email="kept@example.org").revoked_at is None


def test_who_stays_owner_keeps_their_invitations(spec: Spec, owner: User, secret: str) -> None:
    people.change_roles(spec, user=owner, roles=["owner", "editor"], by=owner, now=NOW)
    assert people.open_invitation(secret, now=NOW).email == "new@example.org"
    assert revoked(spec) == []


def test_an_invitation_is_for_its_address_only(spec: Spec, secret: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        people.accept_invitation(secret, by=make_user("Other", email="other@example.org"), now=NOW)
    assert ("n…@example.org" in refused.value.sentence, "new@" in refused.value.sentence) == (True, False)
    assert roles_of(spec) == {"Olga": ["owner"]}
    assert people.open_invitation(secret, now=NOW).accepted_at is None


def test_an_invitation_waits_while_its_spec_is_archived(spec: Spec, owner: User, secret: str) -> None:
    ana = make_user("Ana", email="new@example.org")
    specs.archive(spec, by=owner, now=NOW)
    with pytest.raises(NotFound):
        people.accept_invitation(secret, by=ana, now=NOW)
    specs.restore(spec, by=owner, now=NOW)
    assert people.accept_invitation(secret, by=ana, now=NOW).roles == ["editor", "member"]


def test_an_invitation_to_the_same_address_replaces_the_one_before(spec: Spec, owner: User, secret: str) -> None:
    _, second = people.invite(spec, email="NEW@example.org", roles=["member"], by=owner, now=NOW)
    with pytest.raises(NotFound):
        people.open_invitation(secret, now=NOW)
    assert people.open_invitation(second, now=NOW).roles == ["member"]
    assert revoked(spec) == [owner]
    make_spec(slug="other", members={owner: ["owner"]})
    people.invite(Spec.objects.get(slug="other"), email="new@example.org", roles=["member"], by=owner, now=NOW)
    assert people.open_invitation(second, now=NOW).spec == spec


def test_a_member_is_not_invited_again(spec: Spec, owner: User) -> None:
    add_member(spec, make_user("Ana", email="ana@example.org"), "member")
    with pytest.raises(Invalid, match="member already") as refused:
        people.invite(spec, email=" ANA@example.org", roles=["editor"], by=owner, now=NOW)
    assert (list(refused.value.fields), Invitation.objects.count()) == (["email"], 0)


def test_revoking_an_invitation_is_recorded_once(spec: Spec, owner: User, secret: str) -> None:
    made = Invitation.objects.get()
    for moment in (NOW, LATER):
        people.revoke_invitation(made, by=owner, now=moment)
    made.refresh_from_db()
    assert (made.revoked_at, revoked(spec)) == (NOW, [owner])
    assert last_event(spec)[2] == {"invitation": made.public_id, "roles": ["editor"]}


def test_an_accepted_invitation_is_not_revoked(spec: Spec, owner: User, secret: str) -> None:
    people.accept_invitation(secret, by=make_user("Ana", email="new@example.org"), now=NOW)
    with pytest.raises(Conflict):
        people.revoke_invitation(Invitation.objects.get(), by=owner, now=NOW)
    assert revoked(spec) == []


def test_a_new_account_invites_few_people_over_all_its_specs(spec: Spec, owner: User) -> None:
    other = make_spec(slug="other", members={owner: ["owner"]})
    for number in range(10):
        people.invite([spec, other][number % 2], email=f"p{number}@example.org", roles=["member"], by=owner, now=NOW)
    for refusing in (spec, other):
        with pytest.raises(TooManyRequests):
            people.invite(refusing, email="last@example.org", roles=["member"], by=owner, now=NOW)
    assert Job.objects.filter(name="mail_invitation").count() == 10
    old = owner.joined_at + timedelta(days=60)
    people.invite(spec, email="last@example.org", roles=["member"], by=owner, now=old)


@pytest.mark.parametrize("name", ["Ana\nBuy now", "Ana\u202eziuR", "A\u200bna", "Ana\rBcc: x@example.org"])
def test_names_are_one_line_that_people_see(spec: Spec, owner: User, secret: str, name: str) -> None:
    for action in [
        lambda: people.update_profile(owner, name=name),
        lambda: people.create_token(owner, name=name, now=NOW),
        lambda: people.create_person(email="x@example.org", name=name),
        lambda: people.join_with_new_account(secret, name=name, password=PASSWORD, now=NOW),
    ]:
        with pytest.raises(Invalid) as refused:
            action()
        assert list(refused.value.fields) == ["name"]


@pytest.mark.parametrize("scopes", [[], ["write"], ["read", "everything"]])
def test_a_token_has_known_scopes(owner: User, scopes: list[str]) -> None:
    with pytest.raises(Invalid):
        people.create_token(owner, name="x", scopes=scopes, now=NOW)
    assert people.create_token(owner, name="x", scopes=["propose", "read"], now=NOW)[0].scopes == ["read", "propose"]


def test_reusable_links_are_for_development_only(owner: User, settings: Any) -> None:
    secret = people.make_sign_in_link(owner, now=NOW, reusable=True)
    settings.PRODUCTION = True
    for way in [people.open_sign_in_link, people.use_sign_in_link]:
        with pytest.raises(NotFound):
            way(secret, now=NOW)
    with pytest.raises(NotAllowed):
        people.make_sign_in_link(owner, now=NOW, reusable=True)
