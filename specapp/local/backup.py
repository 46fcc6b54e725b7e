"""`make backup` and `make restore`: the whole database in one file, and back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from specapp import env
from specapp.local import ground, stamp
from specapp.local.identity import quiet_environment
from specapp.local.postgres import Postgres, programs_folder
from specapp.local.trouble import Trouble

PORTABLE = ("--no-owner", "--no-privileges")
EMPTY = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;\n"


def backup() -> Path:
    """Write the database as it is at this moment to a new file under var/backup; people may go on working."""
    folder = env.VAR / "backup"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"specapp-{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
    unfinished = file.with_suffix(".unfinished")
    with served_database():
        said = run("pg_dump", "--format=custom", *PORTABLE, f"--file={unfinished}", env.database_owner_url())
    if said:
        unfinished.unlink(missing_ok=True)
        raise Trouble(f"The backup could not be written: {said}")
    return unfinished.rename(file)


def restore(file: Path) -> None:
    """Replace everything in the database by what the file holds, all or nothing, and bring it up to date."""
    if not file.is_file() or run("pg_restore", "--list", str(file)):
        raise Trouble(f"{file} is not a backup: name a file that `make backup` wrote, with FILE=var/backup/….dump.")
    lock = ground.take_lock(env.VAR)
    with served_database(locked=True):
        stamp.remove()
        replace(file)
        for command in (["migrate", "--verbosity=0"], ["grant_rights"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=env.ROOT, check=True)
    lock.close()


def replace(file: Path) -> None:
    """One transaction: empty the schema, then everything from the file."""
    programs = programs_folder() / "bin"
    reading = [str(programs / "pg_restore"), *PORTABLE, "--no-comments", "--file=-", str(file)]
    writing = [str(programs / "psql"), "-q", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with subprocess.Popen(
        [*writing, env.database_owner_url()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=quiet_environment(),
    ) as psql:
        assert psql.stdin is not None
        psql.stdin.write(EMPTY.encode())
        psql.stdin.flush()
        read = subprocess.run(reading, stdout=psql.stdin, stderr=subprocess.PIPE, env=quiet_environment(), check=False)
        if read.returncode != 0:
            psql.kill()  # without its end the transaction is rolled back
        said = psql.communicate()[1].decode(errors="replace")
    if read.returncode != 0 or psql.returncode != 0:
        raise Trouble(
            f"Nothing was changed, the backup could not be read back: {(said or read.stderr.decode()).strip()}"
        )


@contextmanager
def served_database(*, locked: bool = False) -> Iterator[None]:
    """The database takes connections: the one at DATABASE_URL, the one that runs here, or started for a moment."""
    if os.environ.get("DATABASE_URL") or not run("pg_isready", "--quiet", "--dbname", env.database_owner_url()):
        yield
        return
    ground.check_folder(env.VAR)
    lock = None if locked else ground.take_lock(env.VAR)
    ground.clear_sockets(env.sockets_folder())
    server = Postgres(env.VAR / "postgres", env.sockets_folder())
    server.prepare()
    server.start()
    try:
        yield
    finally:
        server.stop()
        shutil.rmtree(env.sockets_folder(), ignore_errors=True)
        if lock is not None:
            lock.close()


def run(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's client programs: what it complained about, "" when all went well."""
    done = subprocess.run(
        [str(programs_folder() / "bin" / program), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=quiet_environment(),
        check=False,
    )
    return "" if done.returncode == 0 else done.stderr.strip() or f"{program} failed"


def main(words: list[str]) -> int:
    """`backup`, or `restore FILE`."""
    try:
        if words[:1] == ["backup"]:
            print(f"written: {backup()}")
        elif words[:1] == ["restore"] and len(words) == 2:
            restore(Path(words[1]))
            print(f"restored from {words[1]}")
        else:
            raise Trouble("Name the backup to go back to: make restore FILE=var/backup/….dump")
    except (Trouble, env.NotConfigured) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
