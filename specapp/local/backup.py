"""`make backup` and `make restore`: the whole database in one file, and back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import django
from django.conf import settings
from django.core.mail import send_mail

from specapp import env
from specapp.local import daily, ground, stamp
from specapp.local.identity import quiet_environment
from specapp.local.postgres import Postgres, programs_folder, reason
from specapp.local.trouble import Trouble, sentence

PORTABLE = ("--no-owner", "--no-privileges")
EMPTY = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;\n"


def backup(prefix: str = "specapp-") -> Path:
    """Write the database as it is at this moment to a new file under var/backup; people may go on working."""
    ground.check_folder(env.VAR)
    file = daily.folder() / f"{prefix}{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
    unfinished = file.with_suffix(".unfinished")
    try:
        unfinished.touch(mode=0o600)
        with served_database():
            said = run("pg_dump", "--format=custom", *PORTABLE, f"--file={unfinished}", address())
        if said:
            raise Trouble(f"The backup could not be written: {reason(said)}")
        return unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def daily_backup() -> Path:
    """Write the backup of the day, and remove those that are too old."""
    file = backup(daily.PREFIX)
    daily.remove_old()
    return file


def restore(file: Path) -> None:
    """Replace everything in the database by what the file holds, all or nothing, and bring it up to date."""
    if not file.is_file() or run("pg_restore", "--list", str(file)):
        raise Trouble(f"{file} is not a backup: name a file that `make backup` wrote, with FILE=var/backup/….dump.")
    env.check_production()  # else migrate would refuse to start when the data are replaced already
    ground.check_folder(env.VAR)
    lock = ground.take_lock(env.VAR)
    with served_database(locked=True):
        stamp.remove()
        replace(file)
        for command in (["migrate", "--verbosity=0"], ["grant_rights"]):
            if subprocess.run([sys.executable, "manage.py", *command], cwd=env.ROOT, check=False).returncode:
                raise Trouble(
                    f"The data are back, but `manage.py {command[0]}` failed (see above): "
                    "the backup may be of a newer version of the program. Update the program and restore again."
                )
    lock.close()


def replace(file: Path) -> None:
    """One transaction: empty the schema, then everything from the file."""
    programs = programs_folder() / "bin"
    reading = [str(programs / "pg_restore"), *PORTABLE, "--no-comments", "--file=-", str(file)]
    writing = [str(programs / "psql"), "-q", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with subprocess.Popen(
        [*writing, address()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=client_environment(),
    ) as psql:
        assert psql.stdin is not None
        with suppress(BrokenPipeError):  # what psql complains about is read below
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
    if not env.embedded_database() or not run("pg_isready", "--quiet", "--dbname", address()):
        yield
        return
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
        errors="replace",
        env=client_environment(),
        check=False,
    )
    return "" if done.returncode == 0 else done.stderr.strip() or f"{program} failed"


def address() -> str:
    """Return the owner's address without its password: what a command is given, everybody on the machine can list."""
    parts = urlsplit(env.database_owner_url())
    who, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{who.partition(':')[0]}{at}{host}"))


def client_environment() -> dict[str, str]:
    """Return the environment of PostgreSQL's client programs, with the password."""
    password = urlsplit(env.database_owner_url()).password
    return {**quiet_environment(), **({"PGPASSWORD": unquote(password)} if password else {})}


def main(words: list[str]) -> int:
    """`backup`, `daily`, or `restore FILE`."""
    try:
        env.database(env.database_owner_url())
        if words[:1] == ["backup"]:
            print(f"written: {backup()}")
        elif words[:1] == ["daily"]:
            print(f"the backup of the day: {daily_backup()}")
        elif words[:1] == ["restore"] and len(words) == 2:
            restore(Path(words[1]))
            print(f"restored from {words[1]}")
        else:
            raise Trouble("Name the backup to go back to: make restore FILE=var/backup/….dump")
    except (Trouble, env.NotConfigured) as problem:
        return failed(str(problem), words)
    except OSError as error:
        return failed(sentence(error), words)
    return 0


def failed(sentence: str, words: list[str]) -> int:
    """Say what was wrong; the operator is told by mail when nobody waits for the answer."""
    print(sentence, file=sys.stderr)
    if words[:1] == ["daily"]:
        tell_operator(sentence)
    return 1


def tell_operator(sentence: str) -> None:
    """Send a mail to OPERATOR_EMAIL, past the database, which may be what fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
    django.setup()
    if not settings.OPERATOR_EMAIL:
        return
    try:
        subject = f"{settings.SITE_URL}: the daily backup failed"
        send_mail(subject, f"{sentence}\n\nIt is tried again every hour.\n", None, [settings.OPERATOR_EMAIL])
    except OSError as error:  # smtplib's errors are among these
        print(f"{settings.OPERATOR_EMAIL} could not be told: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
