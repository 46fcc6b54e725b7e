#!/usr/bin/env python
"""Django's command line; commands that change the schema or the rights run as the owner of the database."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from specapp.env import NotConfigured, missing_services

OWNER_COMMANDS = {"migrate", "grant_rights"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_ROLE", "owner")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        missing = missing_services()
        if not missing:
            raise
        sys.exit(missing)
    except NotConfigured as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
