"""How much may be sent, by address and by sender."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections
from django.http import parse_cookie
from django.utils import timezone

from reviews.actions.people import use_token

Environ = dict[str, Any]

# The largest ordinary form: a comment of 20,000 characters on a quote as long, each character up to nine bytes when encoded.
ANYBODY = 512 * 1024
# Whole texts: clauses, proposals, notes of releases. They are parsed in memory.
TEXTS = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# A document of 20 MB with its images.
FILES = 64 * 1024 * 1024
ADDRESSES = (
    (re.compile(r"/[^/]+/import/"), FILES),
    (re.compile(r"/[^/]+/import/[^/]+/"), TEXTS),
    (re.compile(r"/[^/]+/(proposals|releases|threads)/.*"), TEXTS),
    (re.compile(r"/api/v1/specs/[^/]+/.*"), TEXTS),
)


def limit_of_address(environ: Environ) -> int:
    """Return how many bytes a known person may send to the address of a request."""
    path = environ["PATH_INFO"]
    return next((limit for address, limit in ADDRESSES if address.fullmatch(path)), ANYBODY)


def limit_of_sender(environ: Environ) -> int:
    """Return how many bytes the sender of this request may send. Asks the database who that is, where it matters."""
    limit = limit_of_address(environ)
    if limit == ANYBODY:
        return ANYBODY
    try:
        return limit if is_known(environ) else ANYBODY
    finally:
        close_old_connections()


def is_known(environ: Environ) -> bool:
    """Return whether a request comes with a session of somebody who is signed in, or with a valid token."""
    scheme, _, secret = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer" and environ["PATH_INFO"].startswith("/api/"):
        return use_token(secret.strip(), now=timezone.now()) is not None
    key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return bool(key) and SESSION_KEY in store
