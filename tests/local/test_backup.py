"""A backup brings back everything, and a file that is none changes nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg

from specapp import env
from specapp.local.postgres import Postgres
from tests.local.conftest import Place

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
    assert (restored.returncode, restored.stderr) == (0, "")
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
