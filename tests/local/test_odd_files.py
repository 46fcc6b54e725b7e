"""Files under var/ that a crash, a full disk or somebody's hand left odd: work goes on, or one sentence says what to do."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from specapp import env
from specapp.env import ROOT
from specapp.local.children import recorded_number
from specapp.local.postgres import Postgres
from tests.local.conftest import Place


def refused(place: Place, *words: str, **more: str) -> str:
    """What a start says that does not succeed."""
    done = place.python(*(words or ("-m", "specapp.local")), **more)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "ready in" not in done.stdout
    assert place.processes() == []
    return done.stderr


@pytest.mark.parametrize("words", [("-m", "specapp.local"), ("manage.py", "check")])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "secret_key is empty: remove it."),
        (b" \n", "secret_key is empty: remove it."),
        (b"\xff\x00\xfe", "secret_key cannot be used (it is no text): make it readable, or remove it."),
    ],
)
def test_a_secret_key_without_a_key_is_named(
    place: Place, content: bytes, sentence: str, words: tuple[str, ...]
) -> None:
    place.var.mkdir()
    (place.var / "secret_key").write_bytes(content)

    assert sentence in refused(place, *words)


def test_a_secret_key_that_is_a_folder_is_named(place: Place) -> None:
    (place.var / "secret_key").mkdir(parents=True)

    assert "secret_key cannot be used (Is a directory)" in refused(place, "manage.py", "check")


def test_processes_that_start_together_use_the_same_new_key(place: Place) -> None:
    asking = [sys.executable, "-c", "from specapp import env; print(env.secret_key())"]
    running = [
        subprocess.Popen(asking, cwd=ROOT, env=place.surroundings, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]

    keys = {process.communicate()[0] for process in running}

    assert len(keys) == 1
    assert len(keys.pop().strip()) == 64
    assert [path.name for path in place.var.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((place.var / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "number"),
    [(b"4711", 4711), (b"4711\nmore\n", 4711), (b"\x00\x00\x00", 0), (b"", 0), (b"-5", 0), (b"\xff", 0), (b"web", 0)],
)
def test_a_file_with_a_process_number_may_hold_anything(tmp_path: Path, content: bytes, number: int) -> None:
    file = tmp_path / "web.pid"
    file.write_bytes(content)

    assert recorded_number(file) == number
    assert recorded_number(tmp_path) == 0


def test_odd_records_and_the_lock_of_a_dead_process_are_no_hindrance(place: Place) -> None:
    server = Postgres(place.var / "postgres", place.sockets)
    server.prepare()
    server.data.joinpath("postmaster.pid").write_bytes(b"\0" * 40)
    (place.var / "run").mkdir()
    for name, content in {
        "web.pid": b"\0\0",
        "worker.pid": b"9" * 30,
        "lock": b"99999999",
        "prepared": b"\xff",
    }.items():
        (place.var / "run" / name).write_bytes(content)

    place.start()

    assert "Traceback" not in place.log()
    assert (place.var / "run" / "lock").read_text() == str(place.running[0].pid)


@pytest.mark.parametrize("command", [("-m", "specapp.local"), ("-m", "specapp.local.backup", "backup")])
def test_a_data_folder_without_its_version_is_left_alone(place: Place, command: tuple[str, ...]) -> None:
    (place.var / "postgres" / "base").mkdir(parents=True)

    said = refused(place, *command)

    assert f"{place.var}/postgres is not empty and no PostgreSQL data folder, it has no PG_VERSION" in said
    assert (place.var / "postgres" / "base").is_dir()


def test_a_data_folder_with_an_odd_version_is_left_alone(place: Place) -> None:
    (place.var / "postgres").mkdir(parents=True)
    (place.var / "postgres" / "PG_VERSION").write_text("")

    assert refused(place).startswith(f"{place.var}/postgres/PG_VERSION names no version: put the whole folder back")


@pytest.mark.parametrize("name", ["run", "log", "backup"])
@pytest.mark.parametrize("command", [("-m", "specapp.local"), ("-m", "specapp.local.backup", "backup")])
def test_a_file_where_a_folder_should_be_is_said(place: Place, name: str, command: tuple[str, ...]) -> None:
    place.var.mkdir()
    (place.var / name).write_text("in the way")

    assert refused(place, *command).startswith(f"{place.var} cannot be written (")


def test_a_lock_that_is_a_folder_is_said(place: Place) -> None:
    (place.var / "run" / "lock").mkdir(parents=True)

    assert refused(place).startswith(f"{place.var}/run/lock cannot be used (Is a directory)")


@pytest.mark.parametrize("options", ["size=16m", "ro"])
@pytest.mark.parametrize("command", ["specapp.local", "specapp.local.backup backup"])
def test_a_disk_that_takes_nothing_is_said(place: Place, options: str, command: str) -> None:
    """A small disk, or one that is read only, in a namespace of its own, where this machine allows one."""
    place.var.mkdir()
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount -t tmpfs -o {options} none {place.var}"
    if subprocess.run([*alone, mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no namespaces to mount a small disk in")

    done = subprocess.run(
        [*alone, f"{mount} && exec {sys.executable} -m {command}"],
        cwd=ROOT,
        env=place.surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    says = {"size=16m": f"The disk of {place.var} is nearly full", "ro": f"{place.var} cannot be written (Read-only"}
    assert done.returncode == 1
    assert done.stderr.startswith(says[options])
    assert len(done.stderr.splitlines()) == 1


def test_a_key_cannot_be_made_on_a_disk_that_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(env, "VAR", tmp_path / "file")
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(env.NotConfigured, match=r"secret_key cannot be used \("):
        env.secret_key()


def test_folders_and_files_from_before_are_closed(place: Place) -> None:
    for name in ("run", "log", "mail", "backup"):
        (place.var / name).mkdir(parents=True)
        (place.var / name / "old").write_text("x")
        os.chmod(place.var / name, 0o755)
        os.chmod(place.var / name / "old", 0o644)
    (place.var / "secret_key").write_text("k" * 64)
    os.chmod(place.var / "secret_key", 0o644)

    done = place.python("-c", "from specapp import env; from specapp.local import ground; ground.check_folder(env.VAR)")

    assert done.returncode == 0, done.stderr
    modes = {path.relative_to(place.var).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in place.var.rglob("*")}
    assert stat.S_IMODE(place.var.stat().st_mode) == 0o700
    assert {modes[name] for name in ("run", "log", "mail", "backup", "files")} == {0o700}
    assert {mode for name, mode in modes.items() if name.endswith(("old", "key"))} == {0o600}
