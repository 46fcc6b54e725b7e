"""The migration of overrides on a database that has some."""

from __future__ import annotations

import psycopg
import pytest

from tests import cluster
from tests.local.test_accounts_migration import manage_on

NAME = "test_override_migration"
ROWS = """
INSERT INTO reviews_user (id, password, is_superuser, public_id, email, name, is_active, is_staff, joined_at, session_version)
VALUES (1, '!', false, 'aaaaaaaaaa', 'olga@example.org', 'Olga', true, false, now(), 1);
INSERT INTO reviews_spec (id, slug, title, description, visibility, default_supports, created_at, created_by_id, head)
VALUES (1, 'aster', 'Aster', '', 'public', 1, now(), 1, 0);
INSERT INTO reviews_proposal (id, public_id, state, visibility, title, rationale, closing_reason, created_at, submitted_at,
    details_version, author_id, spec_id)
VALUES (1, 'aaaaaaaaab', 'in_review', 'public', 'Say it', '', '', '2026-01-01', '2026-01-01', 1, 1, 1);
INSERT INTO reviews_patchset (id, number, base, created_at, submitted_at, proposal_id, difference)
VALUES (11, 1, 0, '2026-01-01', '2026-01-01', 1, ''), (12, 2, 0, '2026-01-02', '2026-01-02', 1, 'markup'),
    (13, 3, 0, '2026-01-04', '2026-01-04', 1, 'substantive'), (14, 4, 0, '2026-01-05', NULL, 1, '');
INSERT INTO reviews_position (id, public_id, kind, reason, created_at, patch_set_id, person_id)
VALUES (1, 'aaaaaaaaac', 'concern', 'Why', '2026-01-01', 11, 1), (2, 'aaaaaaaaad', 'concern', 'Why', '2026-01-04', 13, 1);
INSERT INTO reviews_concernoverride (position_id, reason, created_at, by_id)
VALUES (1, 'First', '2026-01-03', 1), (2, 'Second', '2026-01-03 23:59', 1);
"""


@pytest.mark.django_db
def test_an_override_is_about_the_newest_version_of_its_time(application_url: str) -> None:
    cluster.clone(NAME)
    manage_on(NAME, "migrate", "-v0", "reviews", "0010")
    with psycopg.connect(cluster.address(NAME), autocommit=True) as connection:
        connection.execute(ROWS)
    manage_on(NAME, "migrate", "-v0", "reviews", "0011")
    with psycopg.connect(cluster.address(NAME), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT reason, number FROM reviews_concernoverride o JOIN reviews_patchset p ON p.id = o.patch_set_id ORDER BY o.id"
        ).fetchall()
    # The second one was told a moment earlier than its version, by another clock.
    assert rows == [("First", 2), ("Second", 3)]
