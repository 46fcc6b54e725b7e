"""The web server as `make run` starts it: slow, silent and far too large senders, and what others notice of them."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import psycopg
import pytest

from specapp import bodies, limits
from tests.local.conftest import Place

QUICK_SECONDS = 3
MAKE_SESSION = """
import django; django.setup()
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
store = SessionStore(); store[SESSION_KEY] = "1"; store.create(); print(store.session_key)
"""
HEAD = ("Host: localhost", f"Cookie: csrftoken={'a' * 32}", "Content-Type: application/x-www-form-urlencoded")


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    here = Place(tmp_path_factory.mktemp("site") / "var", port)
    here.start()
    yield here
    here.end()


@pytest.fixture(scope="module")
def session_key(site: Place) -> str:
    done = site.python(
        "-c", MAKE_SESSION, DATABASE_URL=site.database_url("specapp"), DJANGO_SETTINGS_MODULE="specapp.settings"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def connected(site: Place) -> socket.socket:
    return socket.create_connection(("127.0.0.1", site.port), timeout=40)


def sent(site: Place, start: str, body: bytes = b"", *, no_more: bool = False) -> Answer:
    """Send a request as it is written, and read the answer until the server closes or has said all."""
    with connected(site) as connection:
        connection.sendall(start.encode() + body)
        if no_more:
            connection.shutdown(socket.SHUT_WR)
        return read(connection)


def read(connection: socket.socket) -> Answer:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return Answer(response.status, response.headers, response.read().decode())


def asked(site: Place, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=40)) as connection:
        connection.request(method, path, body=body, headers={"Host": "localhost", **headers})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())


def post(path: str, *headers: str) -> str:
    return "\r\n".join((f"POST {path} HTTP/1.1", *HEAD, *headers, "", ""))


SLOW = {
    "silent": post("/sign-in/", "Content-Length: 100"),
    "stopped in the middle": post("/sign-in/", "Content-Length: 100") + "username=",
    "chunked and silent": post("/sign-in/", "Transfer-Encoding: chunked") + "3\r\na=b\r\n",
    "in the middle of its headers": "GET / HTTP/1.1\r\nHost: local",
    "connected only": "",
}


def test_hundreds_of_slow_connections_keep_nobody_waiting_and_are_ended(site: Place) -> None:
    with ExitStack() as opened:
        slow = {name: [opened.enter_context(connected(site)) for _ in range(50)] for name in SLOW}
        for name, connections in slow.items():
            for connection in connections:
                connection.sendall(SLOW[name].encode())
        time.sleep(0.5)

        began = time.monotonic()
        for _ in range(5):
            assert asked(site, "/sign-in/").status == 200
            assert asked(site, "/static/css/base.css").status == 200
            assert asked(site, "/sign-in/", method="POST", body=b"a=b").status == 403
        assert time.monotonic() - began < QUICK_SECONDS

        answers = {name: read(connections[0]) for name, connections in list(slow.items())[:3]}
        assert {answer.status for answer in answers.values()} == {408}
        assert {answer.headers["Connection"] for answer in answers.values()} == {"close"}
        assert all("arrived too slowly" in answer.text for answer in answers.values())
        for name in list(slow)[3:]:
            assert slow[name][0].recv(1000) == b""


def test_a_trickle_is_ended_too(site: Place) -> None:
    with connected(site) as connection:
        connection.sendall(post("/sign-in/", "Content-Length: 100000").encode())
        connection.settimeout(0.2)
        began, answer = time.monotonic(), b""
        while not answer and time.monotonic() - began < 2 * bodies.GRACE_SECONDS:
            connection.sendall(b"a")
            try:
                answer = connection.recv(4000)
            except TimeoutError:
                continue

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_an_announced_body_that_is_too_large_is_refused_before_it_is_sent(site: Place) -> None:
    answer = sent(site, post("/sign-in/", f"Content-Length: {2 * 1024**3}"))

    assert (answer.status, answer.headers["Connection"]) == (413, "close")
    assert "What you sent is too large: 512 KB are the limit here." in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_sends_all_of_it_first_reads_the_refusal(site: Place) -> None:
    megabytes = 8

    answer = sent(site, post("/sign-in/", f"Content-Length: {megabytes * 1024**2}"), b"a" * megabytes * 1024**2)

    assert answer.status == 413


@pytest.mark.parametrize("path", ["/sign-in/", "/some-spec/import/", "/some-spec/threads/new/"])
def test_an_unannounced_body_has_the_same_limit(site: Place, path: str) -> None:
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"

    answer = sent(site, post(path, "Transfer-Encoding: chunked"), chunk * 9)

    assert (answer.status, answer.headers["Connection"]) == (413, "close")
    assert ("Sign in to send more." in answer.text) is (path != "/sign-in/")


def test_only_a_session_that_exists_may_send_files(site: Place, session_key: str) -> None:
    body = b"a" * (limits.ANYBODY + 1)
    answers = [
        asked(site, path, method="POST", body=body, Cookie=f"sessionid={key}")
        for path, key in [
            ("/some-spec/import/", "a" * 32),
            ("/some-spec/import/", session_key),
            ("/some-spec/settings/", session_key),
        ]
    ]
    most = sent(
        site,
        f"POST /a/import/ HTTP/1.1\r\nHost: a\r\nCookie: sessionid={session_key}\r\nContent-Length: {2**27}\r\n\r\n",
    )

    assert [answer.status for answer in answers] == [413, 403, 413]
    assert most.status == 413
    assert "64 MB are the limit here." in most.text


def test_the_api_is_told_as_json(site: Place) -> None:
    answer = asked(site, "/api/v1/specs", method="POST", body=b"a" * (limits.ANYBODY + 1))

    assert (answer.status, answer.headers["Content-Type"]) == (413, "application/json")
    assert answer.text == '{"detail": "What you sent is too large: 512 KB are the limit here."}'


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Content-Length: 30", b"username=ana"),
        ("Transfer-Encoding: chunked", b"c\r\nusername=ana\r\n"),
        ("Transfer-Encoding: chunked", b"c\r\nuser"),
        ("Transfer-Encoding: chunked", b"c\r\nusername=ana\r\nno number\r\n"),
    ],
)
def test_a_body_that_breaks_off_reaches_nobody(site: Place, header: str, body: bytes) -> None:
    answer = sent(site, post("/sign-in/", header), body, no_more=True)

    assert answer.status == 400
    assert "did not arrive completely" in answer.text


def test_a_whole_chunked_form_is_read(site: Place) -> None:
    page = asked(site, "/sign-in/")
    token = page.headers["Set-Cookie"].split("csrftoken=")[1].split(";")[0]
    form = f"csrfmiddlewaretoken={token}&username=nobody@example.org&password=wrong-password".encode()
    start = f"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={token}\r\nTransfer-Encoding: chunked\r\n"

    answer = sent(
        site,
        start + "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (form[:20], form[20:])) + b"0\r\n\r\n",
    )

    assert "nobody@example.org" in answer.text


def test_head_has_the_headers_of_get_and_a_path_that_is_not_utf_8_is_not_found(site: Place) -> None:
    assert asked(site, "/sign-in/", method="HEAD").text == ""
    assert asked(site, "/static/css/base.css", Range="bytes=0-3").status == 206
    assert asked(site, "/%FF/").status == 404


def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_hyphen(site: Place) -> None:
    assert asked(site, "/sign-in/", Content_Length="5").status == 200


@pytest.mark.parametrize("path", ["/sign-in/", "/api/v1/specs"])
def test_a_lock_that_is_held_for_long_is_answered_with_503(site: Place, path: str) -> None:
    with psycopg.connect(site.database_url()) as connection:
        connection.execute("LOCK TABLE reviews_spec, django_session, reviews_apitoken IN ACCESS EXCLUSIVE MODE")
        answer = asked(site, path, Cookie="sessionid=" + "a" * 32)

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "This took too long" in answer.text
    assert "Traceback" not in site.log()
