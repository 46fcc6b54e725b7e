"""What every answer carries, and what is answered when the database is lost."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import server_error

RETRY_AFTER_SECONDS = 5
SORRY = "The database cannot be reached at the moment. Nothing that was confirmed is lost; please try again shortly."
SORRY_PAGE = (
    f"<!doctype html><html lang=en><meta charset=utf-8><title>Back soon</title><h1>Back soon</h1><p>{SORRY}</p>"
)


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
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"detail": SORRY}, status=503)
    else:
        response = HttpResponse(SORRY_PAGE, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


class ShortWhenDatabaseIsLost(logging.Filter):
    """One line instead of a traceback for each request that found no database."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], OperationalError | InterfaceError):
            reason = str(record.exc_info[1]).strip().splitlines()
            record.msg, record.args = f"no database: {reason[0] if reason else 'connection lost'}", ()
            record.exc_info, record.exc_text = None, None
        return True
