"""The Celery app: the settings say how, reviews.tasks says what."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "specapp.settings")
app = Celery("specapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["reviews"])
