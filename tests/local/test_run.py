"""The one command, really started, killed, started again, and told what it cannot have."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from specapp import env
from specapp.env import ROOT
from specapp.local import valkey
from specapp.local.postgres import Postgres
from tests.local.conftest import Place


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(processes, timeout=10)


def keep(place: Place, word: str) -> None:
    with psycopg.connect(place.database_url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def kept(place: Place) -> list[str]:
    with psycopg.connect(place.database_url()) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM kept ORDER BY word").fetchall()]


def served(place: Place) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{place.port}/admin/login/", timeout=10) as answer:
        return answer.status == 200 and "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_nothing_committed_is_lost_by_kill_9_and_ctrl_c_stops_in_order(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    _, first = place.start()
    assert served(place)
    keep(place, "1: before everything was killed")

    kill(place.processes())
    launcher, second = place.start()
    assert served(place)
    assert kept(place) == ["1: before everything was killed"]

    keep(place, "2: before only the launcher was killed")
    launcher.kill()
    launcher.wait()
    orphans = [process for process in place.processes() if process.is_running()]
    assert orphans, "the others lived on"
    launcher, third = place.start()
    assert kept(place) == ["1: before everything was killed", "2: before only the launcher was killed"]
    assert not any(orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE for orphan in orphans)

    refused = place.python("-m", "specapp.local")
    assert refused.returncode == 1
    assert refused.stderr == f"It is running already (process {launcher.pid}): stop that one first.\n"

    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(60) == 0
    assert re.findall(r"\| (\w+) stopped", place.log()) == ["web", "worker", "broker", "PostgreSQL"]
    assert "Traceback" not in place.log()
    assert place.processes() == []
    with capsys.disabled():
        print(f"\nfirst start {first:.1f} s, after kill -9 {second:.1f} s, with orphans {third:.1f} s")


def test_a_taken_port_is_named(place: Place, occupied: Callable[[], int]) -> None:
    port = occupied()

    done = place.python("-m", "specapp.local")

    assert (done.returncode, done.stderr) == (
        1,
        f"Port {port} is taken by {psutil.Process().name()} (process {os.getpid()}): stop it, "
        f"or choose another with PORT={port + 1} make run.\n",
    )
    assert place.processes() == []


def test_the_data_of_another_version_are_left_alone(place: Place) -> None:
    (place.var / "postgres").mkdir(parents=True)
    (place.var / "postgres" / "PG_VERSION").write_text("14\n")

    done = place.python("-m", "specapp.local")

    assert done.returncode == 1
    assert done.stderr.startswith(f"The data in {place.var}/postgres belong to PostgreSQL 14, this program brings")
    assert "Traceback" not in done.stdout + done.stderr
    assert place.processes() == []


@pytest.mark.parametrize(
    ("surroundings", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a whole number, not 'http'.\n"),
        ({"PORT": "70000"}, "PORT must be a number from 1 to 65535, not 70000.\n"),
        ({"DEMO": "maybe"}, "DEMO must be 1 or 0, not 'maybe'.\n"),
        ({"BIND": "192.0.2.1"}, "cannot be listened on"),
        ({"DATABASE_URL": "mysql://localhost/specs"}, "A database address looks like postgresql://"),
        (
            {"PRODUCTION": "1", "SITE_URL": "https://specs.example.org"},
            "Set in the environment, for example:\n  SECRET",
        ),
        ({"DATABASE_URL": "postgresql://ana:p/w@db.example.org:5432/specs"}, "is written %2F"),
        ({"DATABASE_OWNER_URL": "postgresql://ana@db.example.org/specs"}, "DATABASE_OWNER_URL is set without"),
        ({"EMAIL_URL": "smtp://mail.example.org:mail"}, "EMAIL_URL looks like smtp+tls://"),
        ({"SITE_URL": "specs.example.org"}, "SITE_URL looks like https://"),
        ({"JOB_WORKERS": "two"}, "JOB_WORKERS must be a whole number, not 'two'.\n"),
        ({"BEHIND_PROXY": "nginx"}, "BEHIND_PROXY must be 1 or 0, not 'nginx'.\n"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(place: Place, surroundings: dict[str, str], sentence: str) -> None:
    done = place.python("-m", "specapp.local", **surroundings)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_folder_that_cannot_be_written_is_named(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    done = place.python("-m", "specapp.local", VAR_DIR=str(tmp_path / "file" / "var"))

    assert done.returncode == 1
    assert done.stderr == (
        f"{tmp_path}/file/var cannot be written (Not a directory): "
        "change its owner, or name another folder in VAR_DIR.\n"
    )


def test_a_full_disk_is_named(place: Place) -> None:
    """A disk of 16 MB in a namespace of its own, where this machine allows one."""
    place.var.mkdir()
    mounted = f"mount -t tmpfs -o size=16m none {place.var} && exec {sys.executable} -m specapp.local"
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*alone, f"mount -t tmpfs none {place.var}"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no namespaces to mount a small disk in")

    done = subprocess.run(
        [*alone, mounted], cwd=ROOT, env=place.surroundings, capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode == 1
    assert done.stderr == (f"The disk of {place.var} is nearly full: at least 200 MB are needed. Make some room.\n")


def test_services_that_are_named_are_used_and_none_are_started(place: Place, tmp_path: Path) -> None:
    elsewhere = Path(tempfile.mkdtemp(prefix="real"))
    server = Postgres(tmp_path / "elsewhere", elsewhere)
    server.prepare()
    server.start()
    broker = subprocess.Popen(valkey.command(elsewhere), stdout=subprocess.DEVNULL)
    try:
        place.more = {
            "DATABASE_URL": env.embedded_database_url(env.APPLICATION_ROLE, sockets=elsewhere),
            "DATABASE_OWNER_URL": env.embedded_database_url(env.OWNER_ROLE, sockets=elsewhere),
            "BROKER_URL": env.embedded_broker_url(sockets=elsewhere),
        }
        launcher, _ = place.start()
        assert served(place)
        launcher.send_signal(signal.SIGINT)
        assert launcher.wait(60) == 0
        assert re.findall(r"\| (\w+) stopped", place.log()) == ["web", "worker"]
        assert not (place.var / "postgres").exists()
        assert re.search(r"/enter/\S+|/first-owner/\S+", place.log()), "an empty start shows the first owner the way in"
    finally:
        broker.kill()
        broker.wait()
        server.stop()
        shutil.rmtree(elsewhere)


def test_a_database_that_does_not_answer_is_said_in_a_sentence(place: Place) -> None:
    done = place.python("-m", "specapp.local", DATABASE_URL="postgresql://specapp@127.0.0.1:1/specapp")

    assert done.returncode == 1
    assert done.stderr.startswith("The database could not be prepared: The database on 127.0.0.1 cannot be reached")
    assert "Traceback" not in done.stdout + done.stderr
    assert place.processes() == []
