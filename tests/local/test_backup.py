"""A backup brings back everything, and a file that is none changes nothing."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import psycopg
import pytest

from specapp import env
from specapp.local import daily
from specapp.local.postgres import Postgres
from tests.local.conftest import Place
from tests.local.mailbox import Mailbox

ADD = "INSERT INTO kept (words) VALUES (%s)"


def served(place: Place) -> Postgres:
    """The place's own PostgreSQL, started for the test to look into."""
    server = Postgres(place.var / "postgres", place.sockets)
    server.prepare()
    server.start()
    return server


def words_kept(place: Place) -> list[str]:
    server = served(place)
    try:
        with psycopg.connect(place.database_url()) as connection:
            return [row[0] for row in connection.execute("SELECT words FROM kept ORDER BY words").fetchall()]
    finally:
        server.stop()


def test_restore_brings_back_what_was_backed_up_and_nothing_later(place: Place) -> None:
    server = served(place)
    with psycopg.connect(place.database_url()) as connection:
        connection.execute("CREATE TABLE kept (words text)")
        connection.execute(ADD, ["before"])
    server.stop()

    written = place.python("-m", "specapp.local.backup", "backup")
    assert (written.returncode, written.stderr) == (0, "")
    dump = written.stdout.removeprefix("written: ").strip()

    server = served(place)
    with psycopg.connect(place.database_url()) as connection:
        connection.execute("CREATE TABLE later (words text)")
        connection.execute(ADD, ["after"])
    server.stop()

    restored = place.python("-m", "specapp.local.backup", "restore", dump)
    assert (restored.returncode, restored.stderr) == (
        0,
        "No rights are listed for kept: the application can't use it.\n",
    )
    assert words_kept(place) == ["before"]

    server = served(place)
    with psycopg.connect(place.database_url(env.APPLICATION_ROLE)) as connection:
        tables = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        people = connection.execute("SELECT count(*) FROM reviews_user").fetchone()
    server.stop()
    assert "later" not in tables
    assert "reviews_spec" in tables, "an older backup is brought up to the migrations of today"
    assert people == (0,), "the application's role has its rights again"


def test_a_file_that_is_no_backup_is_refused_with_a_sentence(place: Place, tmp_path: Path) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("not a dump")

    done = place.python("-m", "specapp.local.backup", "restore", str(wrong))

    assert done.returncode == 1
    assert done.stderr.startswith(f"{wrong} is not a backup: name a file")
    assert not place.var.exists()


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"


def rows(place: Place) -> dict[str, list[str]]:
    """Every row of every table as PostgreSQL writes it, and where every sequence stands."""
    server = served(place)
    try:
        with psycopg.connect(place.database_url()) as connection:
            tables = [name for (name,) in connection.execute(TABLES).fetchall()]
            found = {
                name: [row for (row,) in connection.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1').fetchall()]
                for name in tables
            }
            found["(sequences)"] = [str(row) for row in connection.execute(SEQUENCES).fetchall()]
            return found
    finally:
        server.stop()


class Writer(threading.Thread):
    """Writes pairs of rows, each pair in a transaction of its own, until it is told to stop."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.pairs, self.enough = url, 0, threading.Event()

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.enough.is_set():
                with connection.transaction():
                    connection.execute(
                        "INSERT INTO django_session VALUES (%s, 'left', now())", [f"written-{self.pairs}"]
                    )
                    connection.execute(
                        "INSERT INTO auth_group (id, name) VALUES (%s, %s)",
                        [1000 + self.pairs, f"written-{self.pairs}"],
                    )
                self.pairs += 1


def test_a_full_database_is_backed_up_while_people_write_and_is_the_same_in_a_fresh_folder(
    place: Place, fresh_place: Place
) -> None:
    server = served(place)
    for command in ("migrate", "grant_rights", "demo"):
        done = place.python("manage.py", command)
        assert done.returncode == 0, done.stderr
    writer = Writer(place.database_url())
    writer.start()
    written = place.python("-m", "specapp.local.backup", "backup")
    writer.enough.set()
    writer.join()
    server.stop()
    assert written.returncode == 0, written.stderr
    before = rows(place)

    restored = fresh_place.python("-m", "specapp.local.backup", "restore", written.stdout.split(": ")[1].strip())

    assert (restored.returncode, restored.stderr) == (0, "")
    after = rows(fresh_place)
    assert list(after) == list(before)
    assert sum(map(len, before.values())) > 500, "the demo is there"
    changing = {"django_session", "auth_group"}
    assert [name for name in before if name not in changing and after[name] != before[name]] == []
    pairs = {name: [row for row in after[name] if "written-" in row] for name in changing}
    assert 0 < len(pairs["auth_group"]) < writer.pairs, "the backup was made while somebody wrote"
    assert len(pairs["django_session"]) == len(pairs["auth_group"]), "and holds whole transactions only"


def test_a_backup_is_for_its_owner_only_also_where_the_folder_was_open(place: Place) -> None:
    folder = place.var / "backup"
    folder.mkdir(parents=True)
    (folder / "specapp-20250101-000000.dump").write_text("from before")
    for path in (place.var, folder):
        path.chmod(0o755)

    assert place.python("-m", "specapp.local.backup", "backup").returncode == 0

    modes = {path.relative_to(place.var).as_posix(): path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 2
    assert [path.stat().st_mode & 0o777 for path in (place.var, folder)] == [0o700, 0o700]


def test_the_newest_daily_backups_are_kept_and_those_made_by_hand_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(env, "VAR", tmp_path)
    monkeypatch.setenv("BACKUPS_KEPT", "3")
    (tmp_path / "backup").mkdir()
    names = [f"daily-2026010{day}-030000.dump" for day in range(1, 7)]
    for name in (*names, "specapp-20250101-000000.dump", "daily-20260101-020000.unfinished"):
        (tmp_path / "backup" / name).touch()
    os.utime(tmp_path / "backup" / "daily-20260101-020000.unfinished", (0, 0))

    daily.remove_old()

    assert sorted(path.name for path in daily.folder().iterdir()) == [*names[3:], "specapp-20250101-000000.dump"]


def test_a_daily_backup_is_due_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "VAR", tmp_path)
    (tmp_path / "backup").mkdir()
    assert daily.due(now=0)

    (tmp_path / "backup" / "daily-20260101-030000.dump").touch()
    os.utime(tmp_path / "backup" / "daily-20260101-030000.dump", (1000, 1000))

    assert not daily.due(now=1000 + daily.DAY_SECONDS - 1)
    assert daily.due(now=1000 + daily.DAY_SECONDS)


def test_a_backup_that_fails_leaves_nothing_behind(place: Place) -> None:
    done = place.python(
        "-m", "specapp.local.backup", "backup", DATABASE_URL="postgresql://ana:secret@127.0.0.1:1/specs"
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The backup could not be written: ")
    assert "secret" not in done.stderr
    assert list((place.var / "backup").iterdir()) == []


def test_the_operator_is_told_of_a_daily_backup_that_failed(place: Place) -> None:
    nowhere = {"DATABASE_URL": "postgresql://ana:secret@127.0.0.1:1/specs", "OPERATOR_EMAIL": "operator@example.org"}
    with Mailbox() as mailbox:
        done = place.python("-m", "specapp.local.backup", "daily", EMAIL_URL=mailbox.url, **nowhere)
        by_hand = place.python("-m", "specapp.local.backup", "backup", EMAIL_URL=mailbox.url, **nowhere)

    assert (done.returncode, by_hand.returncode) == (1, 1)
    assert len(mailbox.messages) == 1, "whoever makes one by hand sees it"
    assert "To: operator@example.org" in mailbox.messages[0]
    assert "The backup could not be written: " in mailbox.messages[0]
    assert "secret" not in mailbox.messages[0]


def test_an_operator_who_cannot_be_told_is_said(place: Place) -> None:
    nowhere = {"DATABASE_URL": "postgresql://ana@127.0.0.1:1/specs", "OPERATOR_EMAIL": "operator@example.org"}

    done = place.python("-m", "specapp.local.backup", "daily", EMAIL_URL="smtp://127.0.0.1:1", **nowhere)

    assert done.returncode == 1
    assert "operator@example.org could not be told: " in done.stderr
    assert "Traceback" not in done.stderr
