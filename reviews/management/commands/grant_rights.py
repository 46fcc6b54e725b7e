"""Give the application's database role exactly what it needs: it may add to the record, never rewrite it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg import sql

APPEND_ONLY = (
    "reviews_event",
    "reviews_position",
    "reviews_concernoverride",
    "reviews_revision",
    "reviews_lineage",
    "reviews_releasefile",
    "reviews_clause",
    "reviews_proposalimage",
)
ONLY_THESE_COLUMNS = {"reviews_clauseversion": ("valid",), "reviews_attachment": ("valid",)}


class Command(BaseCommand):
    help = "Grants the application role (of DATABASE_URL) its rights; run by the owner after migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.DATABASE_APPLICATION_ROLE
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            owner = cursor.fetchone()[0]
            if not role or role == owner:
                self.stdout.write("One database role for everything: no rights to grant.")
                return
            for statement in statements(role):
                cursor.execute(statement)
        self.stdout.write(f"Rights granted to {role}.")


def statements(role: str) -> list[sql.Composed]:
    """The grants, in an order that may be repeated."""
    who = sql.Identifier(role)
    schema_wide = [
        "GRANT USAGE ON SCHEMA public TO {who}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}",
    ]
    rows = [sql.SQL(text).format(who=who) for text in schema_wide]
    for table in (*APPEND_ONLY, *ONLY_THESE_COLUMNS):
        rows.append(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {who}").format(
                table=sql.Identifier(table), who=who
            )
        )
    for table, columns in ONLY_THESE_COLUMNS.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        rows.append(
            sql.SQL("GRANT UPDATE ({names}) ON {table} TO {who}").format(
                names=names, table=sql.Identifier(table), who=who
            )
        )
    return rows
