"""Between Granian and Django: bodies are read by the event loop, and only whole requests are given to a thread of Django.

A connection that is silent, or sends its headers or its body slowly, costs a socket and a few kilobytes: the threads that run
Django, with the static files, are taken by requests that can be answered at once.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.conf import settings

from specapp.bodies import BodyReader, BodyRefused, Chunks, drain
from specapp.limits import Environ, limit_of_sender
from specapp.middleware import RETRY_AFTER_SECONDS, short_answer

SETTLE_SECONDS = 0.05
# The values of a repeated header are joined as RFC 9110 says (section 5.3), cookies as RFC 9113 does (section 8.2.3).
JOINTS = {"HTTP_COOKIE": "; "}


def environ_of(scope: Any) -> Environ:
    """Return the WSGI environment of a request, still without a body."""
    client, _, _ = scope.client.rpartition(":")
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": client.strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # `x_forwarded_proto` would pass for the header that only the proxy may set
        key = f"HTTP_{name.upper().replace('-', '_')}"
        environ[key] = f"{environ[key]}{JOINTS.get(key, ',')}{value}" if key in environ else value
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH", "")
    return environ


class Application:
    """A WSGI application behind Granian's RSGI interface, run by a fixed number of threads."""

    def __init__(self, wsgi: Callable[..., Any], *, threads: int) -> None:
        self.wsgi = wsgi
        self.threads = threads
        self.waiting: SimpleQueue[tuple[Callable[[], object], asyncio.Future[Any]]] = SimpleQueue()
        # Once its answer is handed over, nothing hurries a request's coroutine to its end. Waking the event loop for each one
        # cost about 100 microseconds of processor time a request, a seventh of a stored page.
        self.answered: deque[asyncio.Future[Any]] = deque()
        self.reader = BodyReader(limit_of_sender=self.limit_of_sender)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.settle_answered()
        for number in range(self.threads):
            Thread(target=self.work, name=f"web-{number}", daemon=True).start()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Read the body, if there is one, then answer from a thread."""
        environ = environ_of(scope)
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", "")
        if not chunked and environ["CONTENT_LENGTH"] in ("", "0"):
            environ["wsgi.input"] = io.BytesIO()
            await self.in_thread(lambda: self.answer(environ, proto))
            return
        chunks = Chunks(proto)
        try:
            async with self.reader.read(environ, chunks) as body:
                environ["CONTENT_LENGTH"] = str(body.getbuffer().nbytes)
                environ["wsgi.input"] = body
                await self.in_thread(lambda: self.answer(environ, proto))
        except BodyRefused as refused:
            refuse(environ, proto, refused)
            await drain(chunks)

    async def limit_of_sender(self, environ: Environ) -> int:
        """Ask in a thread, since the session or the token is looked up in the database."""
        limit: int = await self.in_thread(lambda: limit_of_sender(environ))
        return limit

    def settle_answered(self) -> None:
        """End the coroutines of answered requests, and come back for the next ones."""
        while self.answered:
            settle(self.answered.popleft(), None, None)
        self.loop.call_later(SETTLE_SECONDS, self.settle_answered)

    def in_thread(self, call: Callable[[], object]) -> asyncio.Future[Any]:
        """Run a call in one of the threads."""
        done = self.loop.create_future()
        self.waiting.put((call, done))
        return done

    def work(self) -> None:
        """Do what waits, one after the other, for as long as the process lives."""
        while True:
            call, done = self.waiting.get()
            try:
                result, error = call(), None
            except Exception as raised:
                result, error = None, raised
            if result is None and error is None:
                self.answered.append(done)
            else:
                self.loop.call_soon_threadsafe(settle, done, result, error)
            del call, done, result, error  # nothing of a request is kept alive while this thread waits

    def answer(self, environ: Environ, proto: Any) -> None:
        """Run the WSGI application and hand over its whole answer; sending it takes no thread."""
        started: list[Any] = []
        response = self.wsgi(environ, lambda status, headers, exc_info=None: started.extend((status, headers)))
        try:
            content = b"".join(response)
            status, headers = started
            proto.response_bytes(int(status[:3]), [(name.lower(), value) for name, value in headers], content)
        finally:
            response.close()


def refuse(environ: Environ, proto: Any, refused: BodyRefused) -> None:
    """Say why a body is not accepted, and close the connection: what is still to come cannot be told from a next request."""
    content_type, content = short_answer(environ["PATH_INFO"], title=refused.title, sentence=refused.sentence)
    headers = [
        ("content-type", content_type),
        ("content-security-policy", settings.CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("connection", "close"),
    ]
    if refused.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("retry-after", str(RETRY_AFTER_SECONDS)))
    proto.response_bytes(refused.status, headers, content)


def settle(done: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    """Pass on what a thread's call came to, unless nobody waits for it any more."""
    if done.cancelled():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
