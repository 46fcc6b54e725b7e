"""All that one machine needs to run, started side by side where that is safe, watched, and stopped in order."""

from __future__ import annotations

import http.client
import os
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from specapp import env
from specapp.local import collected, daily, ground, stamp, valkey
from specapp.local.children import Child, Log, end_leftovers, wait_until
from specapp.local.postgres import Postgres
from specapp.local.trouble import Trouble

START_SECONDS = 120
MOST_PREPARING_SECONDS = 3600
MOST_RESTARTS, RESTARTS_WITHIN = 4, 60
NOISE = ("Memory overcommit must be enabled", "Received SIGTERM scheduling", "ready to exit, bye bye")
LOOK_SECONDS = 60
STOPPING_ORDER = ("prepare", "static", "web", "worker", "broker")
SERVER_ERROR = 500


class Preparation(Log):
    """The lines of the preparing process: what comes after `prepared` are the links, kept for the end."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self.log = log
        self.prepared = False
        self.links: list[str] = []

    def say(self, line: str, *, name: str = "prepare") -> None:
        """Pass on, keep, or take as the sign that pages can be served."""
        if line == ground.PREPARED:
            self.prepared = True
        elif self.prepared:
            self.links.append(line)
        else:
            self.log.say(line, name=name)


@dataclass
class Everything:
    """What is started here, and how it is doing."""

    log: Log
    bind: str
    port: int
    var: Path = env.VAR
    postgres: Postgres | None = None
    children: dict[str, Child] = field(default_factory=dict)
    restarts: list[float] = field(default_factory=list)
    backup: Child | None = None
    next_look: float = 0.0

    def start(self) -> None:
        """Start all; returns when pages are served and the ways in are shown."""
        began = time.monotonic()
        self.clear_ground()
        preparation = Preparation(self.log)
        prepare = self.add("prepare", [sys.executable, "-m", "specapp.local.prepare"], log=preparation)
        if collected.needed():
            self.add("static", collected.COMMAND)
        self.start_services()
        self.wait_for_static_files()
        commands = programs(self.bind, self.port)
        if stamp.matches():
            self.add("web", commands["web"])
        self.wait_for_preparation(preparation, prepare)
        if "web" not in self.children:
            self.add("web", commands["web"])
        self.wait_for_pages()
        self.add("worker", commands["worker"])
        self.welcome(preparation.links, seconds=time.monotonic() - began)

    def wait_for_preparation(self, preparation: Preparation, prepare: Child) -> None:
        wait_until(lambda: not prepare.alive(), seconds=MOST_PREPARING_SECONDS)
        said = prepare.said()
        failed = prepare.process is not None and prepare.process.poll() != 0
        self.children.pop("prepare").stop()
        if not preparation.prepared:
            raise Trouble(f"The database could not be prepared: {last_line(said)}")
        if failed:
            raise Trouble(f"The links for signing in could not be made: {last_line(said)}")

    def wait_for_static_files(self) -> None:
        """Let the collecting end, where it was needed: without its list of names no page can be rendered."""
        if "static" not in self.children:
            return
        collecting = self.children["static"]
        wait_until(lambda: not collecting.alive(), seconds=START_SECONDS)
        said, failed = collecting.said(), collecting.process is None or collecting.process.poll() != 0
        self.children.pop("static").stop()
        if failed:
            raise Trouble(f"The static files could not be collected: {last_line(said)}")
        collected.write()

    def clear_ground(self) -> None:
        """End what a killed start left behind, then see that the address and the sockets are free."""
        sockets = env.sockets_folder()
        marks = (str(env.ROOT), sys.prefix, str(sockets))
        for name in end_leftovers(self.var / "run", marks=marks):
            self.log.say(f"ended {name}, left running by an earlier start")
        ground.check_port(self.bind, self.port)
        ground.clear_sockets(sockets)

    def start_services(self) -> None:
        """The broker and PostgreSQL, as far as no address says that they are elsewhere."""
        sockets = env.sockets_folder()
        if env.embedded_broker():
            self.add("broker", valkey.command(sockets))
        if env.embedded_database():
            self.postgres = Postgres(self.var / "postgres", sockets, log=self.log)
            self.postgres.prepare()
            self.postgres.start()
            assert self.postgres.who is not None
            self.log.say(f"PostgreSQL is ready, {self.postgres.who.words}, data in {self.postgres.data}")

    def add(self, name: str, command: list[str], *, log: Log | None = None) -> Child:
        child = self.child(name, command, log=log)
        self.children[name] = child
        child.start()
        return child

    def child(self, name: str, command: list[str], *, log: Log | None = None) -> Child:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        record = self.var / "run"
        return Child(name, command, log or self.log, env=environment, stop_seconds=15, record=record, noise=NOISE)

    def wait_for_pages(self) -> None:
        web = self.children["web"]
        status = 0

        def served() -> bool:
            nonlocal status
            status = status_of_page(self.bind, self.port)
            return 0 < status < SERVER_ERROR or not web.alive()

        if not wait_until(served, seconds=START_SECONDS, every=0.05):
            how = f"Pages are answered with the error {status}" if status else "No page is answered"
            raise Trouble(f"{how} after {START_SECONDS} seconds; the log above says more.")
        if not web.alive():
            raise Trouble(f"The web server ended at once: {last_line(web.said())}")

    def welcome(self, links: list[str], *, seconds: float) -> None:
        self.log.say(f"ready in {seconds:.1f} s: {env.site_url()}/")
        if env.production():
            self.log.say(f"The proxy sends its requests to {self.bind}:{self.port}.")
            if not env.flag("BEHIND_PROXY", default=False):
                self.log.say("BEHIND_PROXY=1 is not set: behind a proxy with TLS every page would redirect to itself.")
        if links:
            self.log.say("")
            for line in links:
                self.log.say(f"  {line}")
            self.log.say("")
        self.log.say("Ctrl-C stops everything.")

    def watch(self) -> None:
        """Start again what ends by itself; give up, with a sentence, when that does not help."""
        while True:
            time.sleep(0.3)
            for child in self.children.values():
                if not child.alive():
                    self.count_restart(child)
                    child.kill()
                    child.start()
            if self.postgres is not None and self.postgres.server is not None and not self.postgres.server.alive():
                self.count_restart(self.postgres.server)
                self.postgres.start()
            self.look_at_backups()

    def look_at_backups(self) -> None:
        """Start the daily backup when it is due, and say how it ended; one that failed is tried again after an hour."""
        if self.backup is not None and not self.backup.alive():
            if self.backup.process is not None and self.backup.process.returncode != 0:
                self.log.say(f"THE DAILY BACKUP FAILED, it is tried again later: {last_line(self.backup.said())}")
            self.backup.stop()
            self.backup = None
        if self.backup is None and time.monotonic() >= self.next_look and daily.wanted():
            self.next_look = time.monotonic() + LOOK_SECONDS
            if daily.due(now=time.time()):
                self.next_look = time.monotonic() + daily.AGAIN_AFTER_SECONDS
                self.backup = self.child("backup", daily.COMMAND)
                self.backup.start()

    def count_restart(self, child: Child) -> None:
        now = time.monotonic()
        self.restarts = [*(moment for moment in self.restarts if now - moment < RESTARTS_WITHIN), now]
        if len(self.restarts) > MOST_RESTARTS:
            raise Trouble(f"{child.name} keeps ending: {last_line(child.said())}")
        self.log.say(f"{child.name} ended, starting it again")

    def stop(self) -> None:
        """Web, workers, broker, PostgreSQL: nobody loses what it leans on."""
        if self.backup is not None:
            self.backup.stop()
        for name in STOPPING_ORDER:
            if name in self.children:
                self.children.pop(name).stop()
                self.log.say(f"{name} stopped")
        if self.postgres is not None:
            self.postgres.stop()
            self.log.say("PostgreSQL stopped")
        shutil.rmtree(env.sockets_folder(), ignore_errors=True)


def programs(bind: str, port: int) -> dict[str, list[str]]:
    """The web server, and the workers with beat, which a deployment starts one by one."""
    python = [sys.executable, "-m"]
    # Granian has a time limit for headers and for idle connections in HTTP/1 only. It stops accepting where a worker has as
    # many connections as `--backpressure` says, so that silent ones must not reach that number.
    web = f"granian --interface rsgi --runtime-mode st --no-ws --host {bind} --port {port}"
    web += " --http 1 --http1-header-read-timeout 20000 --backpressure 4096"
    web += f" --workers {env.number('WEB_WORKERS', default=2)} --workers-kill-timeout 10"
    web += " --respawn-failed-workers --log-level warning specapp.rsgi:application"
    worker = "specapp.local.workers"
    return {name: [*python, *words.split()] for name, words in {"web": web, "worker": worker}.items()}


def status_of_page(bind: str, port: int) -> int:
    """Return how the page for signing in is answered, 0 when it is not."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
    connection = http.client.HTTPConnection(host, port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        # As a visitor would ask: other hosts are refused in production, and http is sent to https.
        scheme, _, rest = env.site_url().partition("://")
        connection.request("GET", "/sign-in/", headers={"Host": rest.partition("/")[0], "X-Forwarded-Proto": scheme})
        response = connection.getresponse()
        response.read()
        return response.status
    connection.close()
    return 0


def last_line(said: str) -> str:
    """The last thing that a program said."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it gave no reason."
