"""What the application's database role may do: every verb on every table is tried, as that role."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import sql

from reviews.actions import releases
from reviews.management.commands.grant_rights import EVERY_COLUMN, RIGHTS
from reviews.models import Attachment, Change, ClauseVersion, PatchSet, Release
from tests.factories import NOW, add_member, import_into, make_proposal, make_release, make_spec, make_user

# The record: whatever else is granted one day, these rows are never removed.
NEVER_DELETED = {
    "reviews_attachment",
    "reviews_clause",
    "reviews_clauseversion",
    "reviews_comment",
    "reviews_concernoverride",
    "reviews_event",
    "reviews_invitation",
    "reviews_lineage",
    "reviews_patchset",
    "reviews_position",
    "reviews_proposal",
    "reviews_proposal_coauthors",
    "reviews_proposalimage",
    "reviews_release",
    "reviews_releasefile",
    "reviews_rendering",
    "reviews_revision",
    "reviews_spec",
    "reviews_thread",
    "reviews_user",
}
# And these are never changed, not in any column.
NEVER_CHANGED = {
    "reviews_clause",
    "reviews_concernoverride",
    "reviews_event",
    "reviews_lineage",
    "reviews_position",
    "reviews_proposal_coauthors",
    "reviews_proposalimage",
    "reviews_releasefile",
    "reviews_rendering",
    "reviews_revision",
}
# Columns of a schema to come.
NOT_YET = {("reviews_comment", "edited_at"), ("reviews_comment", "withdrawn_at")}


@pytest.fixture
def application(application_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(application_url) as connected:
        yield connected


@pytest.fixture
def tables(application: psycopg.Connection) -> dict[str, list[str]]:
    """The columns of every table, views among them, whoever may read them."""
    rows = application.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY 1"
    ).fetchall()
    return dict(rows)


def allowed(application: psycopg.Connection, statement: str, *names: str) -> bool:
    """Try a statement that touches no row, and take it back."""
    query = sql.SQL(statement).format(*map(sql.Identifier, names))
    try:
        with application.transaction(force_rollback=True):
            application.execute(query)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_every_verb_on_every_table_is_as_it_is_written_down(
    application: psycopg.Connection, tables: dict[str, list[str]]
) -> None:
    tried, written = {}, {}
    for table, columns in tables.items():
        tried[table] = {
            "select": allowed(application, "SELECT * FROM {} WHERE false", table),
            "insert": allowed(application, "INSERT INTO {0} SELECT * FROM {0} WHERE false", table),
            "update": [c for c in columns if allowed(application, "UPDATE {} SET {} = NULL WHERE false", table, c)],
            "delete": allowed(application, "DELETE FROM {} WHERE false", table),
            "truncate": allowed(application, "TRUNCATE {} CASCADE", table),
            "alter": allowed(application, "ALTER TABLE {} DISABLE TRIGGER ALL", table),
        }
        rights = RIGHTS[table]
        update = columns if rights.update == EVERY_COLUMN else [c for c in columns if c in rights.update]
        more = {"insert": rights.insert, "delete": rights.delete, "truncate": False, "alter": False}
        written[table] = {"select": True, "update": update, **more}
    assert tried == written


def test_no_table_or_column_is_written_down_that_does_not_exist(tables: dict[str, list[str]]) -> None:
    named = {(table, column) for table, rights in RIGHTS.items() for column in rights.update if column != "*"}
    assert set(RIGHTS) == set(tables)
    assert {(table, column) for table, column in named if column not in tables[table]} == NOT_YET & named - {
        (table, column) for table, columns in tables.items() for column in columns
    }


def test_the_record_is_neither_deleted_nor_rewritten() -> None:
    assert {table for table in NEVER_DELETED if RIGHTS[table].delete} == set()
    assert {table for table in NEVER_CHANGED if RIGHTS[table].update} == set()
    changed = {table: set(RIGHTS[table].update) for table in ("reviews_clauseversion", "reviews_comment")}
    assert changed == {
        "reviews_clauseversion": {"valid"},
        "reviews_comment": {"body", "edited_at", "withdrawn_at"},
    }
    assert {"is_staff", "is_superuser", "email", "public_id"}.isdisjoint(RIGHTS["reviews_user"].update)


def test_tables_to_come_and_the_schema_are_closed(application: psycopg.Connection, application_url: str) -> None:
    with psycopg.connect(application_url.replace("specapp@", "specapp_owner@")) as owner:
        owner.execute("CREATE TABLE new_table (word text)")
        owner.commit()
        try:
            assert not allowed(application, "SELECT * FROM {}", "new_table")
            assert not allowed(application, "INSERT INTO {} VALUES ('x')", "new_table")
            assert not allowed(application, "CREATE TABLE {} (word text)", "another")
        finally:
            owner.execute("DROP TABLE new_table")


# What follows holds for every role, the owner of the tables among them.


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["notes", "label", "release_date", "state", "revision", "published_at", "imported"])
def test_a_published_release_changes_in_no_column(column: str) -> None:
    release = make_release(make_spec())
    later = {"release_date": NOW.date().replace(year=2000), "revision": None, "published_at": None, "imported": False}
    value = later.get(column, "assembling" if column == "state" else "other")
    with pytest.raises(IntegrityError, match="published and does not change"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(**{column: value})
    with pytest.raises(IntegrityError, match="published and does not change"), transaction.atomic():
        _execute("DELETE FROM reviews_release WHERE id = %s", release.pk)


@pytest.mark.django_db
def test_a_release_changes_until_it_is_published_and_so_does_what_it_includes() -> None:
    spec = make_spec(members={})
    add_member(spec, manager := make_user("Lin"), "release_manager", "editor")
    proposal = make_proposal(spec, by=manager, visibility="internal")
    release = releases.assemble(spec, label="1", by=manager, now=NOW)
    release.includes.add(proposal)
    release.includes.remove(proposal)
    releases.publish(release, by=manager, now=NOW)
    with pytest.raises(IntegrityError, match="includes does not change"), transaction.atomic():
        release.includes.add(proposal)


@pytest.mark.django_db
def test_a_submitted_patch_set_and_its_changes_stay_as_they_were_approved() -> None:
    spec = make_spec(members={(editor := make_user("Ed")): ["editor"]})
    patch_set = PatchSet.objects.get(proposal=make_proposal(spec, by=editor))
    change = Change.objects.get(patch_set=patch_set)
    open_one = Change.objects.get(patch_set__proposal=make_proposal(spec, by=editor, submit=False))
    attempts = [
        ("UPDATE reviews_change SET source = 'Other words.' WHERE id = %s", change.pk),
        ("UPDATE reviews_change SET patch_set_id = (SELECT patch_set_id FROM reviews_change WHERE id = %s)", change.pk),
        ("DELETE FROM reviews_change WHERE id = %s", change.pk),
        ("UPDATE reviews_patchset SET submitted_at = NULL WHERE id = %s", patch_set.pk),
        ("UPDATE reviews_patchset SET base = base + 1 WHERE id = %s", patch_set.pk),
        ("DELETE FROM reviews_patchset WHERE id = %s", patch_set.pk),
    ]
    for statement, key in attempts:
        with pytest.raises(IntegrityError, match="not change"), transaction.atomic():
            _execute(statement, key)
    open_one.pk = None
    open_one.public_id, open_one.patch_set = "another", patch_set
    with pytest.raises(IntegrityError, match="not change"), transaction.atomic():
        open_one.save(force_insert=True)


@pytest.mark.django_db
def test_the_validity_of_a_clause_version_is_closed_once_and_never_moved() -> None:
    spec = make_spec()
    import_into(spec, "# Honesty {#honesty}\n\nAnother text.\n")
    closed = ClauseVersion.objects.filter(spec=spec, valid__upper_inf=False).first()
    current = ClauseVersion.objects.filter(spec=spec, valid__upper_inf=True).first()
    assert closed is not None
    assert current is not None
    for key, valid in [(closed.pk, "[1,)"), (closed.pk, "[1,9)"), (current.pk, "[1,)"), (current.pk, "[7,9)")]:
        with pytest.raises(IntegrityError, match="can only be closed"), transaction.atomic():
            _execute(f"UPDATE reviews_clauseversion SET valid = '{valid}' WHERE id = %s", key)
    assert not Attachment.objects.exists()


def _execute(statement: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
