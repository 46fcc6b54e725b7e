"""Invitations, counters and passwords with several real connections at once."""

from __future__ import annotations

from functools import partial

import pytest

from reviews.actions import people, rate_limits, sessions
from reviews.errors import Refusal
from reviews.models import Event, Invitation, Membership, RateCount, User
from reviews.rules.rates import DAY, Limit, RateKind
from tests.actions.test_races import at_once, refused
from tests.factories import NOW, add_member, make_spec, make_user

ROUNDS = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(transactional_db, broker_url):
    return make_user("Olga")


@pytest.fixture
def spec(owner):
    return make_spec(slug="aster", title="Aster", members={owner: ["owner"]})


def test_counting_at_once_lets_through_exactly_as_many_as_the_limit(owner):
    for number in range(ROUNDS):
        subject, limits = f"198.51.{number}.0", [Limit(3, DAY)]

        results = at_once(*[partial(rate_limits.count, RateKind.OLD_PASSWORD, subject, now=NOW, limits=limits)] * 6)

        assert refused(results) == 3
        assert RateCount.objects.get(subject=subject).count == 6


def test_two_invitations_of_one_address(spec, owner):
    add_member(spec, second := make_user("Second"), "owner")
    for number in range(ROUNDS):
        email = f"n{number}@example.org"

        at_once(
            *[partial(people.invite, spec, email=email, roles=["editor"], by=by, now=NOW) for by in (owner, second)]
        )

        assert Invitation.objects.filter(email=email, revoked_at=None).count() == 1
        assert Invitation.objects.filter(email=email).count() == 2


def test_an_owner_is_removed_while_their_invitation_is_accepted(spec, owner):
    for number in range(ROUNDS):
        add_member(spec, second := make_user(f"Second {number}"), "owner")
        guest = make_user(f"Guest {number}")
        _, secret = people.invite(spec, email=guest.email, roles=["owner"], by=second, now=NOW)

        joined, _ = at_once(
            partial(people.accept_invitation, secret, by=guest, now=NOW),
            partial(people.remove_member, spec, user=second, by=owner, now=NOW),
        )

        kinds = Event.objects.filter(spec=spec, kind__in=["member.joined", "member.removed"]).order_by("-pk")
        if isinstance(joined, Refusal):
            assert not Membership.objects.filter(user=guest).exists()
        else:
            assert kinds[0].kind == "member.removed"  # the guest came first


def test_one_invitation_makes_one_account(spec, owner):
    for number in range(ROUNDS):
        email = f"n{number}@example.org"
        _, secret = people.invite(spec, email=email, roles=["editor"], by=owner, now=NOW)
        join = partial(people.join_with_new_account, secret, name="Nia", password="seven green herons", now=NOW)

        results = at_once(join, join)

        assert refused(results) == 1
        assert User.objects.filter(email=email).count() == 1


def test_one_reset_link_sets_one_password(owner):
    for number in range(ROUNDS):
        token = sessions.default_token_generator.make_token(User.objects.get(pk=owner.pk))
        words = [f"{number} green herons here", f"{number} blue otters here"]

        results = at_once(
            *[partial(sessions.reset_password, owner, token=token, password=word, now=NOW) for word in words]
        )

        assert refused(results) == 1
        chosen = [word for word, result in zip(words, results, strict=True) if not isinstance(result, Refusal)]
        assert User.objects.get(pk=owner.pk).check_password(chosen[0])
