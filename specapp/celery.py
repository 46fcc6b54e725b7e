"""The Celery app: the settings say how, reviews.tasks says what."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
warnings.filterwarnings("ignore", category=SecurityWarning)  # in a container everybody is root
app = Celery("specapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # else the other threads of a page worker would know of no broker
