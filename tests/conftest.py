"""What every test may ask for: a database, a broker, a worker, a running site, a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections

from tests import cluster


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Each parallel worker has a database of its own, cloned from the migrated one."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    cluster.ensure()
    cluster.clone(name)
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that named the run takes everything down, whichever worker started it."""
    if not hasattr(config, "workerinput"):
        cluster.stop()
