"""The settings under test: the ordinary ones, pointed at a PostgreSQL and a broker made for this run."""

import os

from specapp import env

# The process that was started first names the run; the parallel workers inherit the name.
RUN = os.environ.setdefault("TEST_RUN", str(os.getpid()))
TEST_FOLDER = env.VAR / "test" / f"run-{RUN}"
SOCKETS = env.sockets_folder(f"test {RUN}")
# Each parallel worker has a number of its own in the broker, known before the first job is promised: the pool of
# connections keeps the address with which it began.
BROKER_NUMBER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16

os.environ.update(
    PRODUCTION="0",
    DEBUG="0",
    SECRET_KEY="only for tests",
    DATABASE_URL=env.embedded_database_url(env.APPLICATION_ROLE, sockets=SOCKETS),
    DATABASE_OWNER_URL=env.embedded_database_url(env.OWNER_ROLE, sockets=SOCKETS),
    DATABASE_ROLE="owner",
    DATABASE_POOL="0",
    BROKER_URL=f"{env.embedded_broker_url(sockets=SOCKETS)}?virtual_host={BROKER_NUMBER}",
    DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's event loop and Django's queries share the thread of a journey
)

from specapp.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
EMAIL_FILE_PATH = TEST_FOLDER / "mail"
