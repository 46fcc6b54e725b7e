"""The page workers' way in, as `granian --interface rsgi` wants it."""

import os

from django.core.wsgi import get_wsgi_application

from specapp import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
os.environ.setdefault("DATABASE_TIMEOUTS", "web")
wsgi = get_wsgi_application()

from specapp.server import Application  # noqa: E402 (it needs the models)

application = Application(wsgi, threads=env.number("WEB_THREADS", default=4))
