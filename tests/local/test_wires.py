"""The settings as they work: headers on every page, a lost database, the broker known to every thread, addresses read."""

from __future__ import annotations

import logging
import re
import threading
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.test import Client

from specapp import env
from specapp.mail import ConsoleAndFileBackend
from specapp.middleware import ShortWhenDatabaseIsLost
from tests.house.__main__ import PRODUCTION
from tests.local.conftest import Place

ASK = """
import django; django.setup()
from django.test import Client
for path in ("/", "/api/v1/specs"):
    answer = Client(raise_request_exception=False).get(path, headers={"host": "localhost"})
    print(answer.status_code, answer.headers.get("Retry-After"), answer.headers["Content-Type"].split(";")[0])
"""


def test_a_lost_database_is_answered_with_503_and_when_to_come_back(place: Place) -> None:
    done = place.python(
        "-c", ASK, DATABASE_URL="postgresql://specapp@127.0.0.1:1/specapp", DJANGO_SETTINGS_MODULE="specapp.settings"
    )

    assert done.stdout.splitlines() == ["503 5 text/html", "503 5 application/json"], done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/login/", "/not/there/", "/static/not-there.css"])
def test_every_answer_carries_the_strict_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == settings.CONTENT_SECURITY_POLICY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")


def test_in_production_modules_import_one_another_by_the_names_of_their_content(place: Place) -> None:
    done = place.python("manage.py", "collectstatic", "--noinput", **PRODUCTION)
    assert done.returncode == 0, done.stderr

    scripts = [path for path in (place.var / "static" / "js").glob("*.js") if re.search(r"\.[0-9a-f]{12}\.", path.name)]
    imported = {name for path in scripts for name in re.findall(r'(?:from|import) "\./([^"]+)"', path.read_text())}

    assert any(name.startswith("offsets.") for name in imported)
    assert imported <= {path.name for path in scripts}


def test_every_thread_knows_the_broker() -> None:
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(current_app.main))
    thread.start()
    thread.join()

    assert seen == ["specapp"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ana:p%40ss@db.example.org:5433/specs?sslmode=require",
            ("specs", "ana", "p@ss", "db.example.org", "5433", {"sslmode": "require"}),
        ),
        ("postgres://ana@/specs?host=/run/postgresql", ("specs", "ana", "", "/run/postgresql", "", {})),
        ("postgresql://[2001:db8::1]/specs", ("specs", "", "", "2001:db8::1", "", {})),
    ],
)
def test_a_database_address_is_read(url: str, expected: tuple[Any, ...]) -> None:
    found = env.database(url)

    assert tuple(found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", 25, False, False),
        ("smtp+tls://ana:p%3Aw@mail.example.org", 587, True, False),
        ("smtps://mail.example.org:4465", 4465, False, True),
    ],
)
def test_a_mail_address_is_read(url: str, port: int, *, tls: bool, ssl: bool) -> None:
    found = env.mail(url)

    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


@pytest.mark.parametrize("url", ["mail.example.org", "pop3://mail.example.org", "smtp://"])
def test_a_mail_address_without_sense_is_refused_with_an_example(url: str) -> None:
    with pytest.raises(env.NotConfigured, match="EMAIL_URL looks like"):
        env.mail(url)


def test_mail_in_development_is_shown_and_kept(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    message = EmailMessage("You are invited", "Come in:\nhttp://localhost/x", "specs@localhost", ["ana@example.org"])

    sent = ConsoleAndFileBackend(file_path=str(tmp_path)).send_messages([message])

    assert sent == 1
    shown = "mail to ana@example.org: You are invited\n    Come in:\n    http://localhost/x\n"
    assert capsys.readouterr().out == shown
    kept = next(tmp_path.iterdir())
    assert "You are invited" in kept.read_text()
    assert (kept.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_lost_database_is_one_line_in_the_log() -> None:
    error = OperationalError("server closed the connection\nunexpectedly")
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Error: %s", ("/",), (type(error), error, None))

    assert ShortWhenDatabaseIsLost().filter(record) is True
    assert (record.getMessage(), record.exc_info) == ("no database: server closed the connection", None)
