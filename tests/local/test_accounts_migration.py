"""The migration of accounts on a database that has invitations, tokens and jobs."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

from specapp import env
from tests import cluster

NAME = "test_accounts_migration"
ROWS = """
INSERT INTO reviews_user (id, password, is_superuser, public_id, email, name, is_active, is_staff, joined_at)
VALUES (1, '!', false, 'aaaaaaaaaa', 'olga@example.org', 'Olga', true, false, now());
INSERT INTO reviews_apitoken (public_id, user_id, name, secret_hash, created_at, expires_at)
VALUES ('aaaaaaaaab', 1, 'Old', '\\x01', now(), now() + interval '1 day');
INSERT INTO reviews_spec (id, slug, title, description, visibility, default_supports, created_at, created_by_id, head)
VALUES (1, 'aster', 'Aster', '', 'public', 1, now(), 1, 0);
INSERT INTO reviews_invitation (public_id, spec_id, email, roles, secret_hash, created_at, created_by_id, expires_at, revoked_at)
SELECT 'bbbbbbbbb' || n, 1, CASE WHEN n < 4 THEN 'a@example.org' ELSE 'b@example.org' END, '{editor}', decode('0' || n, 'hex'),
    now(), 1, now() + interval '1 day', CASE WHEN n = 3 THEN now() END
FROM generate_series(1, 5) AS n;
INSERT INTO reviews_job (name, key, arguments, created_at, due_at, attempts, last_error, failed_at, failures)
VALUES ('mail_invitation', 'failed', '{"invitation": 1, "secret": "s"}', now(), now(), 8, '', now(), 8),
    ('mail_invitation', 'waiting', '{"invitation": 2, "secret": "s"}', now(), now(), 0, '', NULL, 0);
"""


def manage(*words: str) -> None:
    manage_on(NAME, *words)


def manage_on(database: str, *words: str) -> None:
    """Run a command of manage.py as the owner of one of the databases of these tests."""
    address = cluster.address(database)
    environment = {**os.environ, "DATABASE_URL": address, "DATABASE_OWNER_URL": address, "DATABASE_ROLE": "owner"}
    environment["DJANGO_SETTINGS_MODULE"] = "specapp.settings"
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=env.ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_the_migration_runs_on_a_database_full_of_data(application_url: str) -> None:
    cluster.clone(NAME)
    manage("migrate", "-v0", "reviews", "0004")
    with psycopg.connect(cluster.address(NAME), autocommit=True) as connection:
        connection.execute(ROWS)
    manage("migrate", "-v0", "reviews", "0005")
    with psycopg.connect(cluster.address(NAME), autocommit=True) as connection:
        tokens = connection.execute("SELECT name, scopes FROM reviews_apitoken").fetchall()
        invitations = connection.execute(
            "SELECT email, array_agg(public_id) FROM reviews_invitation WHERE revoked_at IS NULL GROUP BY email ORDER BY 1"
        ).fetchall()
        jobs = connection.execute("SELECT key, arguments FROM reviews_job ORDER BY key").fetchall()
    assert tokens == [("Old", ["read", "comment", "propose", "publish"])]
    assert invitations == [("a@example.org", ["bbbbbbbbb2"]), ("b@example.org", ["bbbbbbbbb5"])]
    assert jobs == [("failed", {"invitation": 1}), ("waiting", {"invitation": 2, "secret": "s"})]
