"""What comes between a running database and the first page, in one process: schema, rights, demo, links."""

from __future__ import annotations

import io
import os
import sys
import time
import traceback

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from specapp import env
from specapp.local import stamp
from specapp.local.ground import PREPARED
from specapp.local.postgres import reason
from specapp.local.trouble import Trouble, sentence

WAIT_SECONDS = 60


def main() -> None:
    """Prepare everything; the line `prepared` says that pages can be served from now on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
    os.environ["DATABASE_ROLE"] = "owner"
    os.environ["DATABASE_POOL"] = "0"
    try:
        django.setup()
        wait_for_database()
        migrate()
        stamp.write()
        become_application()
        fill()
        print(PREPARED, flush=True)
        invite()
    except (env.NotConfigured, Trouble) as problem:
        sys.exit(str(problem))
    except DatabaseError as error:
        traceback.print_exc()
        sys.exit(reason(str(error)))
    except OSError as error:
        sys.exit(sentence(error))


def wait_for_database() -> None:
    """Wait for the embedded server that is being started beside us, a little less long for one that is elsewhere."""
    seconds = WAIT_SECONDS if env.embedded_database() else 5
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > deadline:
                where = f"{settings.DATABASES['default']['HOST'] or 'this machine'}"
                said = str(error).strip().splitlines()[0]
                raise Trouble(f"The database on {where} cannot be reached ({said}): check DATABASE_URL.") from error
            time.sleep(0.05)


def migrate() -> None:
    """Bring schema and rights to where the code is; nothing is done where they are there already."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("bringing the database up to date", flush=True)
        call_command("migrate", verbosity=0, interactive=False)
    call_command("grant_rights", stdout=io.StringIO())


def become_application() -> None:
    """From here on only with the rights that the application has."""
    connection.close()
    connection.settings_dict.update(env.database(env.database_url()))


def fill() -> None:
    """The demo, where it is wanted; the command itself leaves a database alone that has specs."""
    if env.demo():
        call_command("demo")


def invite() -> None:
    """The ways in: links for the demo people in development, else one for the first owner."""
    if env.demo():
        call_command("sign_in_links")
    else:
        call_command("first_owner_link", email=env.first_owner_email())


if __name__ == "__main__":
    main()
