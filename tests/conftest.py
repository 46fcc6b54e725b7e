"""What every test may ask for: a database, a broker, a worker, a running site, a browser."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from specapp import env
from tests import chromium, cluster

BROWSER_FIXTURES = {"browser", "page", "open_page"}
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the browser is marked so: `-m browser` picks the journeys, `-m 'not browser'` leaves them."""
    for item in items:
        if BROWSER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that named the run takes everything down, whichever worker started it."""
    if not hasattr(config, "workerinput"):
        cluster.stop()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a journey that was skipped is a failure, whatever the reason."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(session.config, "workerinput") or not env.flag("CI", default=False):
        return
    skipped = [report.nodeid for report in reporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped and session.exitstatus == 0:
        reporter.write_line(f"browser tests were skipped: {', '.join(skipped)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Each parallel worker has a database of its own, cloned from the migrated one."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    cluster.ensure()
    cluster.clone(name)
    for database in (settings.DATABASES["default"], connections["default"].settings_dict):
        database["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def application_url(django_db_setup: None) -> str:
    """The address of this worker's database for the role that the application runs as, with its rights only."""
    return cluster.address(settings.DATABASES["default"]["NAME"], role=env.APPLICATION_ROLE)


@pytest.fixture(scope="session")
def broker_url() -> str:
    """The address of a real Valkey that runs."""
    cluster.ensure_broker()
    return str(settings.CELERY_BROKER_URL)


@pytest.fixture
def celery_worker_process(transactional_db: None, broker_url: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker in a process of its own, as the application's role; it takes jobs when the test gets it."""
    environment = {
        **os.environ,
        "BROKER_URL": broker_url,
        "DATABASE_ROLE": "application",
        "DATABASE_URL": cluster.address(settings.DATABASES["default"]["NAME"], role=env.APPLICATION_ROLE),
        "DJANGO_SETTINGS_MODULE": "specapp.settings",
    }
    words = [sys.executable, "-m", "celery", "-A", "specapp", "worker", "-P", "solo", "-l", "info", "--without-gossip"]
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(words, cwd=env.ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for_worker(process, log)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_worker(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while " ready." not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the worker did not get ready:\n{log.read_text()}")
        time.sleep(0.05)


@pytest.fixture
def live_site(live_server: Any) -> str:
    """The address of a real running site on this worker's database, without a slash at the end."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real Chromium for each parallel worker."""
    program = chromium.find()
    if program is None:
        missing = "there is no Chromium: `make browser` gets one"
        (pytest.fail if env.flag("CI", default=False) else pytest.skip)(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=CHROMIUM_OPTIONS, env=dict(chromium.surroundings(program))
        )
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a fresh context: `open_page(width=360, java_script_enabled=False, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = 1280, height: int = 900, **options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page, 1280 px wide, in a fresh context."""
    return open_page()
