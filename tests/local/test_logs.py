"""Secrets of links never reach the log."""

from __future__ import annotations

import logging
import logging.config
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from specapp.logs import HideSecrets, without_secrets

SECRET = "Qm9-Ab_" + "x" * 36


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Not Found: /invitations/{SECRET}/", "Not Found: /invitations/[hidden]/"),
        (f"GET /enter/{SECRET} HTTP/1.1", "GET /enter/[hidden] HTTP/1.1"),
        (f"/password/abc23/{SECRET}/ refused", "/password/abc23/[hidden]/ refused".replace("abc23/", "")),
        (f"/sign-in/?next=/invitations/{SECRET}/", "/sign-in/?next=/invitations/[hidden]/"),
        (f"/sign-in/?next=%2Fenter%2F{SECRET}%2F", "/sign-in/?next=%2Fenter%2F[hidden]%2F"),
        (f"https://specs.example.org/invitations/{SECRET}?x=1", "https://specs.example.org/invitations/[hidden]?x=1"),
        (f"'/enter/{SECRET}/' and '/invitations/{SECRET}/'", "'/enter/[hidden]/' and '/invitations/[hidden]/'"),
        ("/password/change/ and /password/sent/", "/password/change/ and /password/sent/"),
        ("/aster/members/invitations/k7m2p/revocation", "/aster/members/invitations/k7m2p/revocation"),
    ],
)
def test_only_the_secret_is_hidden(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_arguments_tracebacks_and_stacks_are_cleaned() -> None:
    try:
        raise ValueError(f"/invitations/{SECRET}/")
    except ValueError:
        error = sys.exc_info()
    arguments = ("Refused: %s", (f"/enter/{SECRET}/",), error)
    record = logging.LogRecord("any", logging.WARNING, __file__, 1, *arguments, sinfo=f"at /password/u/{SECRET}/")
    assert HideSecrets().filter(record)
    written = logging.Formatter().format(record)
    assert SECRET not in written
    assert "Refused: /enter/[hidden]/" in written
    assert "ValueError: /invitations/[hidden]/" in written


def test_every_handler_of_the_settings_hides_them() -> None:
    handlers: dict[str, Any] = settings.LOGGING["handlers"]
    assert [name for name, handler in handlers.items() if "hide_secrets" not in handler["filters"]] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/invitations/{}/", "/enter/{}/", "/password/abc23/{}/", "/invitations/{}"])
@pytest.mark.parametrize("method", ["get", "head", "post", "delete"])
def test_requests_with_a_secret_leave_none_in_the_log(
    capsys: pytest.CaptureFixture[str], path: str, method: str
) -> None:
    logging.config.dictConfig(settings.LOGGING)  # its handler writes to what is captured now
    getattr(Client(), method)(path.format(SECRET))
    logging.getLogger("django.request").warning("Last: %s", path.format(SECRET))
    written = capsys.readouterr().err
    assert "[hidden]" in written
    assert SECRET not in written
