"""What every answer carries, and what is answered when the database is lost."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error
from psycopg.errors import IdleInTransactionSessionTimeout, LockNotAvailable, QueryCanceled

RETRY_AFTER_SECONDS = 5
SORRY = "The database cannot be reached at the moment. Nothing that was confirmed is lost; please try again shortly."
TOO_LONG = (
    "This took too long because much is going on here at the moment. "
    "Nothing that was confirmed is lost; please try again shortly."
)


def head_as_get(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers HEAD everywhere as GET, without the body and with its length (RFC 9110, section 9.3.2)."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        # The views that answer GET need not know of HEAD, and none can forget it.
        request.method = request.META["REQUEST_METHOD"] = "GET"
        response = get_response(request)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        else:
            response.streaming_content = ()
        return response

    return answer


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The strict Content-Security-Policy and its companions on every page; a download may bring a stricter one."""

    def add(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    return add


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to an error nobody expected: 503 with Retry-After where the database is the reason, else 500."""
    error = sys.exc_info()[1]
    if not is_of_database(error):
        return server_error(request)
    sentence = TOO_LONG if is_timeout(error) else SORRY
    content_type, content = short_answer(request.path, title="Back soon", sentence=sentence)
    response = HttpResponse(content, content_type=content_type, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def is_of_database(error: BaseException | None) -> bool:
    """Return whether an error says that the database is lost or busy, and not that the program is wrong."""
    return isinstance(error, OperationalError | InterfaceError) or is_timeout(error)


def is_timeout(error: BaseException | None) -> bool:
    """Return whether the database was reached but ended a statement or a transaction that took too long.

    Django tells the last of the three as an InternalError.
    """
    timeouts = QueryCanceled | LockNotAvailable | IdleInTransactionSessionTimeout
    return error is not None and isinstance(error.__cause__, timeouts)


def short_answer(path: str, *, title: str, sentence: str) -> tuple[str, bytes]:
    """Return the content type and the content of an answer that is made without a template: JSON for the API, else a page."""
    if path.startswith("/api/"):
        return "application/json", json.dumps({"detail": sentence}).encode()
    page = f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{sentence}</p>"
    return "text/html; charset=utf-8", page.encode()


class ShortWhenDatabaseIsLost(logging.Filter):
    """One line instead of a traceback for each request that found no database."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and is_of_database(record.exc_info[1]):
            reason = str(record.exc_info[1]).strip().splitlines()
            said = "the database gave up" if is_timeout(record.exc_info[1]) else "no database"
            record.msg, record.args = f"{said}: {reason[0] if reason else 'connection lost'}", ()
            record.exc_info, record.exc_text = None, None
        return True
