"""The page workers' way in, as `granian --interface rsgi` wants it."""

import os
import resource
import sys
from contextlib import suppress

from django.core.wsgi import get_wsgi_application

from specapp import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
os.environ.setdefault("DATABASE_TIMEOUTS", "web")
if missing := env.missing_services():
    sys.stderr.write(f"{missing}\n")
wsgi = get_wsgi_application()

from specapp.server import Application  # noqa: E402 (it needs the models)

# Each slow connection costs a file descriptor, and the usual soft limit is 1024.
MOST_FILES = 8192
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
if soft < MOST_FILES:
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES if hard < 0 else min(hard, MOST_FILES), hard))

# More threads wait for one another (the GIL): with 4, a stored page costs about 3 % more processor time than with 3.
application = Application(wsgi, threads=env.number("WEB_THREADS", default=3))
