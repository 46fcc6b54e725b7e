"""Give the application's database role exactly what it needs: it may add to the record, never rewrite it.

`RIGHTS` names every table. A table that is not in it can't even be read by the application, so that nobody forgets to decide.
Rules that a right can't express, as that a published release does not change, are triggers: see migration 0007.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

EVERY_COLUMN = ("*",)


@dataclass(frozen=True)
class Rights:
    """What may be done with the rows of a table besides reading them; `update` names the columns."""

    insert: bool = True
    update: tuple[str, ...] = ()
    delete: bool = False


READ_ONLY = Rights(insert=False)
APPEND_ONLY = Rights()
NO_RECORD = Rights(update=EVERY_COLUMN, delete=True)

RIGHTS: Mapping[str, Rights] = {
    # The record of reviews: nothing is ever deleted, and what was said, approved or published is not rewritten.
    "reviews_event": APPEND_ONLY,
    "reviews_position": APPEND_ONLY,
    "reviews_concernoverride": APPEND_ONLY,
    "reviews_revision": APPEND_ONLY,
    "reviews_lineage": APPEND_ONLY,
    "reviews_clause": APPEND_ONLY,
    "reviews_clauseversion": Rights(update=("valid",)),
    "reviews_attachment": Rights(update=("valid",)),
    "reviews_rendering": APPEND_ONLY,
    "reviews_comment": Rights(update=("body", "edited_at", "withdrawn_at")),
    "reviews_commentversion": APPEND_ONLY,
    "reviews_thread": Rights(update=("state", "closing_reason", "addressed_by_id")),
    "reviews_proposal": Rights(
        update=("title", "rationale", "details_version", "state", "closing_reason", "submitted_at", "closed_at")
    ),
    "reviews_proposal_coauthors": APPEND_ONLY,
    "reviews_proposalimage": APPEND_ONLY,
    "reviews_patchset": Rights(update=("base", "submitted_at", "submitted_by_id", "difference", "details_version")),
    "reviews_change": NO_RECORD,  # a trigger keeps those of submitted patch sets as they are
    "reviews_release": Rights(
        update=("state", "notes", "notes_version", "revision_id", "release_date", "published_at", "published_by_id")
    ),
    "reviews_release_includes": Rights(delete=True),
    "reviews_releasefile": APPEND_ONLY,
    "reviews_consultation": Rights(
        update=(
            "state",
            "title",
            "question",
            "next_steps",
            "moderation",
            "opens_at",
            "closes_at",
            "time_zone",
            "version",
        )
    ),
    "reviews_submission": Rights(
        update=("state", "restriction", "reason", "version", "decided_at", "decided_by_id", "name", "organisation")
    ),
    "reviews_passage": APPEND_ONLY,
    "reviews_submissioncontact": Rights(update=("confirmed_at",), delete=True),
    # Specs and who works on them.
    "reviews_spec": Rights(update=("title", "description", "visibility", "head", "default_supports", "archived_at")),
    "reviews_authoritylevel": NO_RECORD,
    "reviews_membership": Rights(update=("roles",), delete=True),
    "reviews_invitation": Rights(update=("accepted_at", "accepted_by_id", "revoked_at")),
    # People: nobody becomes staff, or somebody else, by an update.
    "reviews_user": Rights(update=("name", "password", "last_login", "is_active", "session_version")),
    "reviews_user_groups": READ_ONLY,
    "reviews_user_user_permissions": READ_ONLY,
    "reviews_apitoken": Rights(update=("revoked_at", "last_used_at")),
    "reviews_signinlink": Rights(update=("used_at",), delete=True),
    "reviews_browsersession": Rights(update=("key", "ended_at")),
    # What is kept for a while only.
    "reviews_ratecount": Rights(update=("count",), delete=True),
    "reviews_unsenttext": Rights(update=("text", "saved_at"), delete=True),
    "reviews_keptupload": Rights(update=("used_at", "proposal_id", "content"), delete=True),
    "reviews_keptimage": Rights(delete=True),
    "reviews_storedpage": Rights(update=("stamp", "etag", "strong", "content", "created_at"), delete=True),
    "reviews_job": NO_RECORD,
    "reviews_delivery": Rights(delete=True),
    # Django's tables and those of axes.
    "django_session": NO_RECORD,
    "axes_accessattempt": NO_RECORD,
    "axes_accessattemptexpiration": NO_RECORD,
    "axes_accessfailurelog": NO_RECORD,
    "axes_accesslog": NO_RECORD,
    "auth_group": READ_ONLY,
    "auth_group_permissions": READ_ONLY,
    "auth_permission": READ_ONLY,
    "django_admin_log": READ_ONLY,
    "django_content_type": READ_ONLY,
    "django_migrations": READ_ONLY,
}

# Everything is taken away first, so that what an earlier version granted is gone; in one transaction nobody notices.
NOTHING = (
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}, PUBLIC",
    "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}, PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {role}, PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {role}, PUBLIC",
    "REVOKE CREATE ON SCHEMA public FROM {role}, PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
)
COLUMNS = """
SELECT c.relname, array_agg(a.attname::text)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname
"""


class Command(BaseCommand):
    help = "Grants the application role (of DATABASE_URL) its rights; run by the owner after migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.DATABASE_APPLICATION_ROLE
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            owner = cursor.fetchone()[0]
            if not role or role == owner:
                self.stdout.write("One database role for everything: no rights to grant.")
                return
            cursor.execute(COLUMNS)
            tables: dict[str, list[str]] = dict(cursor.fetchall())
            for statement in statements(role, tables):
                cursor.execute(statement)
        for table in sorted(set(tables) - set(RIGHTS)):
            self.stderr.write(f"No rights are listed for {table}: the application can't use it.")
        self.stdout.write(f"Rights granted to {role}.")


def statements(role: str, tables: Mapping[str, Iterable[str]]) -> Iterator[sql.Composed]:
    """Yield the grants for these tables and their columns, in an order that may be repeated."""
    who = sql.Identifier(role)
    for text in NOTHING:
        yield sql.SQL(text).format(role=who)
    for table in sorted(set(tables) & set(RIGHTS)):
        yield _grant(RIGHTS[table], table, columns=tables[table], role=who)


def _grant(rights: Rights, table: str, *, columns: Iterable[str], role: sql.Identifier) -> sql.Composed:
    verbs: list[sql.Composable] = [sql.SQL("SELECT")]
    if rights.insert:
        verbs.append(sql.SQL("INSERT"))
    if rights.delete:
        verbs.append(sql.SQL("DELETE"))
    # A column of an older or a later schema may be missing here.
    changing = columns if rights.update == EVERY_COLUMN else [name for name in rights.update if name in columns]
    if changing := sorted(changing):
        verbs.append(sql.SQL("UPDATE ({})").format(sql.SQL(", ").join(map(sql.Identifier, changing))))
    grant = sql.SQL("GRANT {verbs} ON {table} TO {role}")
    return grant.format(verbs=sql.SQL(", ").join(verbs), table=sql.Identifier(table), role=role)
