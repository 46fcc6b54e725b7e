"""Counting by window, refusing beyond the limit, forgetting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reviews.actions import rate_limits
from reviews.errors import TooManyRequests
from reviews.models import RateCount
from reviews.rules.rates import LIMITS, Limit, RateKind, invitation_limits
from tests.factories import NOW

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LIMITED = {"limits": (Limit(3, MINUTE),)}
KIND = RateKind.OLD_PASSWORD


def refusals(times: int, *, subject: str = "203.0.113.0", now=NOW) -> list[bool]:
    """Count so often; whether each was refused."""
    results = []
    for _ in range(times):
        try:
            rate_limits.count(KIND, subject, now=now, **LIMITED)
            results.append(False)
        except TooManyRequests:
            results.append(True)
    return results


def test_the_limit_holds_for_each_subject_and_each_window() -> None:
    assert refusals(5) == [False, False, False, True, True]
    assert refusals(1, subject="198.51.100.0") == [False]
    assert refusals(1, now=NOW + MINUTE) == [False]


def test_a_refusal_says_when_to_try_again() -> None:
    refusals(3, now=NOW + timedelta(seconds=40))
    with pytest.raises(TooManyRequests, match="Try again in a minute") as refused:
        rate_limits.count(KIND, "203.0.113.0", now=NOW + timedelta(seconds=40), **LIMITED)
    assert refused.value.retry_after == 20


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "a minute"), (61, "2 minutes"), (5400, "90 minutes"), (5401, "2 hours"), (86_400, "24 hours")],
)
def test_the_wait_is_said_in_words(seconds: int, words: str) -> None:
    assert TooManyRequests(retry_after=seconds).sentence == f"There were too many attempts. Try again in {words}."


def test_what_was_no_attack_is_taken_back() -> None:
    most = LIMITS[KIND][0].most
    for _ in range(most * 2):
        rate_limits.count(KIND, "ana", now=NOW)
        rate_limits.take_back(KIND, "ana", now=NOW)
    assert RateCount.objects.get(kind=KIND, subject="ana").count == 0


def test_forgetting_starts_again_from_zero() -> None:
    refusals(4)
    rate_limits.forget(KIND, "203.0.113.0")
    assert refusals(1) == [False]


def test_old_counters_are_cleared_when_a_new_window_begins() -> None:
    refusals(1, subject="old")
    refusals(1, subject="new", now=NOW + timedelta(days=3))
    assert list(RateCount.objects.values_list("subject", flat=True)) == ["new"]


def test_addresses_are_counted_however_they_are_typed_and_are_not_stored() -> None:
    subject = rate_limits.subject_of_address(" Ana@Example.org ", "203.0.113.0")
    assert subject == rate_limits.subject_of_address("ana@example.org", "203.0.113.0")
    assert "ana" not in subject
    assert subject != rate_limits.subject_of_address("ana@example.org", "198.51.100.0")


def test_invitation_limits_grow_with_the_age_of_the_account() -> None:
    days = [-4, 0, 6, 7, 29, 30, 400]
    assert [[limit.most for limit in invitation_limits(timedelta(days=age))] for age in days] == [
        *[[10, 20]] * 3,
        *[[20, 60]] * 2,
        *[[60, 200]] * 2,
    ]
