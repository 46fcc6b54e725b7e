"""The Celery app: the settings say how, reviews.tasks says what."""

import os
import sys
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import beat_init, celeryd_init

from specapp import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
warnings.filterwarnings("ignore", category=SecurityWarning)  # in a container everybody is root
app = Celery("specapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # else the other threads of a page worker would know of no broker


@beat_init.connect
@celeryd_init.connect
def say_what_does_not_run(**options: Any) -> None:
    """Tell whoever starts a worker or beat without `make run` what they will wait for."""
    if missing := env.missing_services():
        sys.stderr.write(f"{missing}\n")
