"""Real workers on a real broker: lanes, killed workers, and the sweeper."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from reviews.actions import jobs
from reviews.jobs import JobName, Lane, enqueue
from reviews.models import Job, User
from reviews.tasks.jobs import run, run_lane, sweep
from specapp import env
from tests import cluster
from tests.conftest import wait_for_worker
from tests.factories import make_spec, make_thread, make_user

CELERY = [sys.executable, "-m", "celery", "-A", "specapp"]
WORKER = [*CELERY, "worker", "-P", "solo", "-l", "info", "--without-gossip", "--without-mingle"]


class SilentMailServer(socketserver.ThreadingTCPServer):
    """Takes connections and says nothing on them, as a mail server does that hangs; `open` counts them."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.count = 0

    def finish_request(self, request: Any, client_address: Any) -> None:
        self.count += 1
        time.sleep(60)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs to hand over its messages, and keeps the addresses."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailConversation)
        self.recipients: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class MailConversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        in_message = False
        for line in self.rfile:
            if in_message and line != b".\r\n":
                continue
            in_message = line.upper().startswith(b"DATA")
            if line.upper().startswith(b"RCPT"):
                assert isinstance(self.server, MailServer)
                self.server.recipients.append(line.decode().split("<")[1].split(">")[0])
            self.wfile.write(b"354 go on\r\n" if in_message else b"250 well\r\n")
            if line.upper().startswith(b"QUIT"):
                return


@pytest.fixture
def serve() -> Iterator[Callable[[Any], Any]]:
    """Runs a mail server in a thread for the test."""
    running: list[socketserver.BaseServer] = []

    def start(server: Any) -> Any:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def start(transactional_db: None, broker_url: str, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a program of Celery in a process of its own, as the application's role."""
    running: list[subprocess.Popen[bytes]] = []

    def start_one(words: list[str], *, ready: str = " ready.", **more: str) -> subprocess.Popen[bytes]:
        name = settings.DATABASES["default"]["NAME"]
        environment = {
            **os.environ,
            "BROKER_URL": broker_url,
            "DATABASE_ROLE": "application",
            "DATABASE_URL": cluster.address(name, role=env.APPLICATION_ROLE),
            "DJANGO_SETTINGS_MODULE": "specapp.settings",
            **more,
        }
        log = tmp_path / f"{len(running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(words, cwd=env.ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        running.append(process)
        if ready == " ready.":
            wait_for_worker(process, log)
        return process

    yield start_one
    for process in running:
        process.kill()
        process.wait()


def wait_until(happened: Callable[[], bool], *, seconds: float) -> float:
    """Wait until something has happened, and return how many seconds that took."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, f"nothing happened within {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - began


def promise_reset(name: str) -> User:
    user = make_user(name)
    enqueue(JobName.MAIL_PASSWORD_RESET, key=user.public_id, now=timezone.now(), user=user.pk)
    return user


def test_the_job_of_a_killed_worker_is_taken_up_within_15_seconds(
    start: Callable[..., subprocess.Popen[bytes]], serve: Callable[[Any], Any], tmp_path: Path
) -> None:
    silent, server = serve(SilentMailServer()), serve(MailServer())
    beat = [*CELERY, "beat", "-l", "info", "--pidfile="]
    start(beat, ready="", VAR_DIR=str(tmp_path / "var"), SECRET_KEY="only for tests")
    first = start(WORKER, EMAIL_URL=silent.url)
    user = promise_reset("Ana")
    wait_until(lambda: silent.count == 1, seconds=15)
    start(WORKER, EMAIL_URL=server.url)
    os.kill(first.pid, signal.SIGKILL)
    seconds = wait_until(lambda: server.recipients == [user.email], seconds=15)
    wait_until(lambda: Job.objects.get(name=JobName.MAIL_PASSWORD_RESET).done_at is not None, seconds=5)
    assert Job.objects.get(name=JobName.MAIL_PASSWORD_RESET).attempts == 2
    assert seconds < 15


def test_a_lease_is_renewed_for_as_long_as_the_job_runs(
    start: Callable[..., subprocess.Popen[bytes]], serve: Callable[[Any], Any]
) -> None:
    silent = serve(SilentMailServer())
    worker = start(WORKER, EMAIL_URL=silent.url)
    promise_reset("Ana")
    wait_until(lambda: silent.count == 1, seconds=15)
    first = Job.objects.get().leased_until
    assert first is not None
    wait_until(lambda: (Job.objects.get().leased_until or first) > first, seconds=8)
    assert (Job.objects.get().attempts, psutil.pid_exists(worker.pid)) == (1, True)


def test_urgent_mail_waits_for_no_other_lane(
    start: Callable[..., subprocess.Popen[bytes]], serve: Callable[[Any], Any]
) -> None:
    silent, server = serve(SilentMailServer()), serve(MailServer())
    start([*WORKER, "-Q", "bulk", "-n", "bulk@%h"], EMAIL_URL=silent.url)
    start([*WORKER, "-Q", "urgent", "-n", "urgent@%h"], EMAIL_URL=server.url)
    for number in range(20):
        enqueue(JobName.MAIL_EVENT, key=str(number), now=timezone.now(), event=0)
    user = promise_reset("Ana")
    wait_until(lambda: server.recipients == [user.email], seconds=3)


@pytest.mark.django_db
def test_an_unfinished_job_gives_others_their_turn_and_has_not_failed(settings: Any) -> None:
    editor, opener = make_user("Editor"), make_user("Opener")
    make_thread(make_spec(members={editor: ["editor"], opener: ["member"]}), by=opener)
    Job.objects.exclude(name=JobName.MAIL_EVENT).delete()
    Job.objects.update(due_at=timezone.now())
    settings.JOB_SWEEP_SECONDS = -1
    for attempt in (1, 2):
        job = jobs.lease_next(Lane.BULK, now=timezone.now())
        assert job is not None
        run(job)
        job.refresh_from_db()
        assert (job.attempts, job.failures, job.leased_until, job.done_at) == (attempt, 0, None, None)
    settings.JOB_SWEEP_SECONDS = 60
    assert run_lane(Lane.BULK) == 1
    assert [message.to for message in mail.outbox] == [[editor.email]]


@pytest.mark.django_db
def test_a_failure_is_kept_with_its_words_and_the_next_job_is_run(settings: Any) -> None:
    enqueue(JobName.MAIL_PASSWORD_RESET, key="1", now=timezone.now(), user=0)
    enqueue(JobName.MAIL_PASSWORD_RESET, key="2", now=timezone.now(), user=make_user("Ana").pk)
    assert run_lane(Lane.URGENT) == 2
    failed, done = Job.objects.order_by("key")
    assert (failed.failures, failed.done_at, "DoesNotExist" in failed.last_error) == (1, None, True)
    assert done.done_at is not None


@pytest.mark.django_db
def test_the_sweeper_promises_the_clearing_of_the_day_once() -> None:
    sweep()
    sweep()
    assert Job.objects.filter(name=JobName.CLEAR_OLD_ROWS).count() == 1


@pytest.mark.django_db
def test_the_sweeper_tells_the_log_and_the_operator_of_failed_jobs(settings: Any, caplog: Any) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    enqueue(JobName.STORE_PAGES, key="1", now=timezone.now())
    Job.objects.update(failed_at=timezone.now(), last_error="no space left")
    sweep()
    sweep()
    assert [record.message for record in caplog.records if "given up" in record.message] == [
        "Job store_pages:1 was given up after 0 attempts: no space left"
    ]
    assert Job.objects.filter(name=JobName.MAIL_OPERATOR).count() == 1
