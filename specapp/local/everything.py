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
from specapp.local import ground, stamp, valkey
from specapp.local.children import Child, Log, end_leftovers, wait_until
from specapp.local.postgres import Postgres
from specapp.local.trouble import Trouble

START_SECONDS = 120
MOST_PREPARING_SECONDS = 3600
MOST_RESTARTS, RESTARTS_WITHIN = 4, 60
NOISE = ("Memory overcommit must be enabled", "Received SIGTERM scheduling", "ready to exit, bye bye")
STOPPING_ORDER = ("prepare", "web", "worker", "broker")


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

    def start(self) -> None:
        """Start all; returns when pages are served and the ways in are shown."""
        began = time.monotonic()
        self.clear_ground()
        preparation = Preparation(self.log)
        prepare = self.add("prepare", [sys.executable, "-m", "specapp.local.prepare"], log=preparation)
        self.start_services()
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
        self.children.pop("prepare").stop()
        if not preparation.prepared:
            raise Trouble(f"The database could not be prepared: {last_line(said)}")

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
        if not os.environ.get("BROKER_URL"):
            self.add("broker", valkey.command(sockets))
        if not os.environ.get("DATABASE_URL"):
            self.postgres = Postgres(self.var / "postgres", sockets, log=self.log)
            self.postgres.prepare()
            self.postgres.start()
            assert self.postgres.who is not None
            self.log.say(f"PostgreSQL is ready, {self.postgres.who.words}, data in {self.postgres.data}")

    def add(self, name: str, command: list[str], *, log: Log | None = None) -> Child:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        child = Child(
            name, command, log or self.log, env=environment, stop_seconds=15, record=self.var / "run", noise=NOISE
        )
        self.children[name] = child
        child.start()
        return child

    def wait_for_pages(self) -> None:
        web = self.children["web"]
        if not wait_until(lambda: answers(self.bind, self.port) or not web.alive(), seconds=START_SECONDS, every=0.05):
            raise Trouble(f"No page was served within {START_SECONDS} seconds; the log above says more.")
        if not web.alive():
            raise Trouble(f"The web server ended at once: {last_line(web.said())}")

    def welcome(self, links: list[str], *, seconds: float) -> None:
        self.log.say(f"ready in {seconds:.1f} s: {env.site_url()}/")
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

    def count_restart(self, child: Child) -> None:
        now = time.monotonic()
        self.restarts = [*(moment for moment in self.restarts if now - moment < RESTARTS_WITHIN), now]
        if len(self.restarts) > MOST_RESTARTS:
            raise Trouble(f"{child.name} keeps ending: {last_line(child.said())}")
        self.log.say(f"{child.name} ended, starting it again")

    def stop(self) -> None:
        """Web, workers, broker, PostgreSQL: nobody loses what it leans on."""
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


def answers(bind: str, port: int) -> bool:
    """True when a page is answered, whatever it says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
    connection = http.client.HTTPConnection(host, port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/sign-in/", headers={"Host": "localhost"})
        connection.getresponse().read()
        return True
    connection.close()
    return False


def last_line(said: str) -> str:
    """The last thing that a program said."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it gave no reason."
