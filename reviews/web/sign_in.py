"""Checking passwords, and beginning sessions, with the limits that both have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from reviews.actions import rate_limits, sessions
from reviews.errors import TooManyRequests
from reviews.models import User
from reviews.queries.people import knows_network
from reviews.rules.rates import RateKind
from reviews.web.browsers import browser_name
from reviews.web.networks import client_network

BACKEND = "reviews.web.sign_in.LimitedBackend"
# A hash takes about 200 ms of processor time. Each web process has few threads, and the others answer pages meanwhile.
MOST_HASHES = 1
WAIT_SECONDS = 1.0
_hashing = BoundedSemaphore(MOST_HASHES)


@contextmanager
def hashing() -> Iterator[None]:
    """Hold one of the places for computing hashes. Raises TooManyRequests when none becomes free within a second."""
    if not _hashing.acquire(timeout=WAIT_SECONDS):
        raise TooManyRequests("Many people sign in at the moment. Try again in a few seconds.", retry_after=3)
    try:
        yield
    finally:
        _hashing.release()


class LimitedBackend(ModelBackend):
    """Checks a password, after counting the attempt: a refused attempt costs no hash, whether the account exists or not.

    It stands behind the backend of axes, which locks one account for one network.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if request is None or username is None or password is None:
            return None
        network, now = client_network(request), timezone.now()
        account = rate_limits.subject_of_address(username)
        rate_limits.count(RateKind.SIGN_IN_BY_NETWORK, network, now=now)
        is_known = knows_network(username, network)
        if not is_known:  # strangers can't lock somebody out of the places that they sign in from
            rate_limits.count(RateKind.SIGN_IN_BY_ACCOUNT, account, now=now)
        with hashing():
            user = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(user, User):
            raise PermissionDenied  # else the next backend would compute the hash again
        rate_limits.take_back(RateKind.SIGN_IN_BY_NETWORK, network, now=now)
        if not is_known:
            rate_limits.take_back(RateKind.SIGN_IN_BY_ACCOUNT, account, now=now)
        return user


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign the person in, and list the session among theirs."""
    login(request, user, backend=BACKEND)
    list_session(request, user)


def list_session(request: HttpRequest, user: User) -> None:
    """Put the request's session on the person's list of sessions."""
    sessions.begin(
        user,
        key=request.session.session_key or "",
        network=client_network(request),
        browser=browser_name(request.headers.get("User-Agent", "")),
        now=timezone.now(),
    )
