"""Counting how often something is done, and refusing it beyond a limit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import connection
from django.utils.crypto import salted_hmac

from reviews.errors import TooManyRequests
from reviews.models import RateCount
from reviews.rules.rates import LIMITS, Limit, RateKind

KEPT = timedelta(days=2)  # twice the longest window
MOST_CLEARED = 1000

# One statement: two requests at the same moment get two different numbers, and no request reads before it writes.
UPSERT = """
INSERT INTO reviews_ratecount (kind, subject, seconds, starts_at, count) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (kind, subject, seconds, starts_at) DO UPDATE SET count = reviews_ratecount.count + 1
RETURNING count
"""
# Rows that somebody else is clearing are left to them, so that nobody waits here.
CLEAR = """
DELETE FROM reviews_ratecount WHERE id IN (
    SELECT id FROM reviews_ratecount WHERE starts_at < %s LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def count(kind: RateKind, subject: str, *, now: datetime, limits: Iterable[Limit] | None = None) -> None:
    """Count one more. Raises TooManyRequests when that is more than one of the limits of its kind allows.

    What is refused is counted too, unless the caller's transaction is undone by the refusal.
    """
    for limit in LIMITS[kind] if limits is None else limits:
        starts_at = _window_start(limit, now)
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [kind.value, subject, _seconds(limit), starts_at])
            number = cursor.fetchone()[0]
            if number == 1:
                cursor.execute(CLEAR, [now - KEPT, MOST_CLEARED])
        if number > limit.most:
            raise TooManyRequests(retry_after=ceil((starts_at + limit.window - now).total_seconds()))


def take_back(kind: RateKind, subject: str, *, now: datetime) -> None:
    """Uncount one, because what was counted turned out to be no attack."""
    for limit in LIMITS[kind]:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE reviews_ratecount SET count = greatest(count - 1, 0) "
                "WHERE kind = %s AND subject = %s AND seconds = %s AND starts_at = %s",
                [kind.value, subject, _seconds(limit), _window_start(limit, now)],
            )


def forget(kind: RateKind, subject: str) -> None:
    """Start again from zero."""
    RateCount.objects.filter(kind=kind, subject=subject).delete()


def subject_of_address(address: str, network: str = "") -> str:
    """Return what an e-mail address is counted under: a hash, so that the counters are no list of addresses."""
    digest = hashlib.sha256(address.strip().lower().encode(errors="replace")).hexdigest()
    return f"{digest} {network}".strip()


def subject_of_network(network: str, *, now: datetime) -> str:
    """Return what a network of the public is counted under: a keyed hash that is another one every week, so that what is
    stored tells nothing about anybody."""
    return salted_hmac("reviews.feedback.network", f"{now:%G-%V} {network}").hexdigest()


def _seconds(limit: Limit) -> int:
    return int(limit.window.total_seconds())


def _window_start(limit: Limit, now: datetime) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // _seconds(limit) * _seconds(limit), UTC)
