"""Eight people posting comments at once over real connections, each answer counted."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from reviews.models import User

CSRF = "b" * 32


@dataclass
class Tally:
    """What came back: seconds of each accepted post, and every other answer."""

    seconds: list[float] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    took: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.took

    @property
    def p99_ms(self) -> float:
        return statistics.quantiles(self.seconds, n=100)[98] * 1000 if len(self.seconds) > 1 else float("nan")


def post_at_once(address: str, path: str, *, people: Sequence[User], each: int, fields: Mapping[str, str]) -> Tally:
    """Let every person post `each` comments, one after the other, all people at once; keys are fresh."""
    tally = Tally()
    cookies = [_cookie(user) for user in people]
    start = time.perf_counter()
    threads = [threading.Thread(target=_post, args=(address, path, cookie, each, fields, tally)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.took = time.perf_counter() - start
    return tally


def _cookie(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def _post(address: str, path: str, cookie: str, each: int, fields: Mapping[str, str], tally: Tally) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    # As the page posts: by htmx, which gets the new thread back.
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "HX-Request": "true"}
    for number in range(each):
        key = str(uuid.uuid4())
        sent = {**fields, "key": key, "body": f"Comment {number} {key}", "csrfmiddlewaretoken": CSRF}
        start = time.perf_counter()
        connection.request("POST", path, urlencode(sent), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status in (200, 201, 303):
            tally.seconds.append(time.perf_counter() - start)
        else:
            tally.errors.append(answer.status)
