"""Production on one machine: PRODUCTION=1 with the PostgreSQL and the Valkey that the program brings."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import time
from contextlib import closing

import psycopg
import pytest

from specapp import env
from tests.house.__main__ import PRODUCTION
from tests.local.conftest import Place

HOST = "specs.example.org"
ELSEWHERE = ("DATABASE_URL", "BROKER_URL")
ONE_MACHINE = {
    **{name: value for name, value in PRODUCTION.items() if name not in ELSEWHERE},
    "BEHIND_PROXY": "1",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "SSL_REDIRECT": "1",
}

ASK_HSTS = """
from specapp import settings
print((settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD))
"""


@pytest.fixture
def production(place: Place) -> Place:
    place.more = {**ONE_MACHINE, "DEMO": ""}
    return place


def asked(place: Place, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", place.port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https", **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def stop(launcher: subprocess.Popen[str]) -> None:
    launcher.send_signal(signal.SIGTERM)
    assert launcher.wait(60) == 0


def test_it_starts_from_nothing_serves_securely_and_makes_its_daily_backup(production: Place) -> None:
    production.var.mkdir()
    (production.var / "log").mkdir()
    (production.var / "log" / "specapp.log").touch()
    production.more["OPERATOR_EMAIL"] = "olga@example.org"
    launcher, _ = production.start()

    status, headers, page = asked(production, "/sign-in/")
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "; Secure" in headers["Set-Cookie"]
    style = re.search(r'href="(/static/css/base\.[0-9a-f]{12}\.css)"', page)
    assert style is not None, "static files are named by their content"
    assert asked(production, style[1])[0] == 200
    sent_on = asked(production, "/sign-in/", **{"X-Forwarded-Proto": "http"})
    assert (sent_on[0], sent_on[1]["Location"]) == (301, f"https://{HOST}/sign-in/")

    secrets = re.findall(rf"https://{HOST}/enter/([\w-]+)/", production.log())
    assert len(secrets) == 1, "one link for the first owner, and no demo"
    assert "The demo is there" not in production.log()
    assert secrets[0] not in (production.var / "log" / "specapp.log").read_text()
    with psycopg.connect(production.database_url()) as connection:
        assert connection.execute("SELECT email FROM reviews_user").fetchall() == [("olga@example.org",)]
    assert asked(production, f"/enter/{secrets[0]}/")[0] == 200
    assert "Traceback" not in production.log()
    assert asked(production, "/sign-in/", Host="elsewhere.example.org")[0] == 400

    deadline = time.monotonic() + 20
    while not (dumps := list((production.var / "backup").glob("daily-*.dump"))) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(dumps) == 1
    open_to_others = [
        path
        for path in (production.var, *production.var.rglob("*"))
        if path.relative_to(production.var).parts[:1] not in {("postgres",), ("static",)}
        and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []

    stop(launcher)
    assert production.processes() == []
    launcher, _ = production.start()
    assert asked(production, "/sign-in/")[0] == 200
    stop(launcher)
    assert len(list((production.var / "backup").glob("daily-*.dump"))) == 1, "the one of today is there already"


def test_all_missing_names_are_said_at_once(place: Place) -> None:
    for words in (("-m", "specapp.local"), ("manage.py", "check")):
        done = place.python(*words, PRODUCTION="1", MAIL_FROM="specs@example.org")

        assert done.returncode == 1
        assert re.findall(r"^  (\w+)=\S", done.stderr, re.M) == ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL"]
        assert "Traceback" not in done.stderr
    assert not place.var.exists()


def test_an_address_that_it_would_not_answer_to_is_refused(production: Place) -> None:
    done = production.python("-m", "specapp.local", ALLOWED_HOSTS="www.example.org,.example.net")

    assert (done.returncode, done.stderr) == (
        1,
        f"ALLOWED_HOSTS does not name {HOST}, the host of SITE_URL: set ALLOWED_HOSTS={HOST}.\n",
    )


def test_the_demo_is_refused(production: Place) -> None:
    done = production.python("-m", "specapp.local", DEMO="1")

    assert (done.returncode, done.stderr) == (
        1,
        "DEMO=1 is not possible with PRODUCTION=1: anybody could sign in as the people of the demo.\n",
    )


def test_a_command_or_web_server_of_its_own_says_that_the_services_do_not_run(production: Place) -> None:
    command = production.python("manage.py", "first_owner_link")
    sentence = "Not running: the embedded PostgreSQL (or set DATABASE_URL) and Valkey (or set BROKER_URL)."
    assert command.returncode == 1
    assert command.stderr.startswith(sentence)
    assert "Traceback" not in command.stderr

    web = production.python("-c", "import specapp.rsgi")
    assert sentence in web.stderr


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({}, (31536000, False, False)),
        ({"HSTS_SECONDS": "600", "HSTS_SUBDOMAINS": "1"}, (600, True, False)),
        ({"HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, (31536000, True, True)),
        ({"HSTS_SECONDS": "0"}, (0, False, False)),
        ({"PRODUCTION": "0", "HSTS_SUBDOMAINS": "1"}, (0, False, False)),
    ],
)
def test_the_operator_decides_for_how_much_of_the_domain_https_is_promised(
    production: Place, names: dict[str, str], expected: tuple[int, bool, bool]
) -> None:
    done = production.python("-c", ASK_HSTS, **names)

    assert done.stdout.strip() == str(expected), done.stderr


def test_the_deployment_check_passes_with_the_embedded_services(production: Place) -> None:
    done = production.python("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


def test_make_hands_the_signal_of_a_service_manager_on(production: Place) -> None:
    log = production.var.parent / "make.log"
    with log.open("w") as output:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=env.ROOT,
            env=production.surroundings,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + 90
    while "Ctrl-C stops" not in log.read_text():
        assert make.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)

    make.send_signal(signal.SIGTERM)
    make.wait(60)

    assert re.findall(r"\| (\w+) stopped", log.read_text()) == ["web", "worker", "broker", "PostgreSQL"]
    assert production.processes() == []
