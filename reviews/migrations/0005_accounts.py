"""Scopes of tokens, a list of sessions, counters for limits, one open invitation for an address."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import reviews.models.ids

ALL_SCOPES = ["read", "comment", "propose", "publish"]
# Of several open invitations for an address in a spec the newest stays.
CLOSE_OLDER_INVITATIONS = """
UPDATE reviews_invitation AS older SET revoked_at = now()
WHERE accepted_at IS NULL AND revoked_at IS NULL AND EXISTS (
    SELECT FROM reviews_invitation AS newer
    WHERE newer.spec_id = older.spec_id AND newer.email = older.email AND newer.id > older.id
    AND newer.accepted_at IS NULL AND newer.revoked_at IS NULL
)
"""
# A job that is still to be run needs the secret of its link; it is forgotten when the job ends.
FORGET_SECRETS = """
UPDATE reviews_job SET arguments = arguments - 'secret'
WHERE name = 'mail_invitation' AND (done_at IS NOT NULL OR failed_at IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0004_job_retries"),
    ]

    operations = [
        migrations.RunSQL(CLOSE_OLDER_INVITATIONS, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET_SECRETS, migrations.RunSQL.noop),
        # The update above leaves pending checks of foreign keys, with which the table can't be altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                fields=("spec", "email"),
                name="invitation_open_once",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="session_version",
            field=models.PositiveIntegerField(default=0, help_text="Counts how often all sessions were ended."),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[(scope, scope) for scope in ALL_SCOPES], max_length=20),
                default=ALL_SCOPES,
                size=None,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__contained_by", ALL_SCOPES), ("scopes__len__gte", 1)),
                name="api_token_scopes_known",
            ),
        ),
        migrations.CreateModel(
            name="RateCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("subject", models.CharField(max_length=120)),
                ("seconds", models.PositiveIntegerField()),
                ("starts_at", models.DateTimeField(db_index=True)),
                ("count", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "subject", "seconds", "starts_at"), name="rate_count_once_a_window"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BrowserSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=reviews.models.ids.new_public_id, editable=False, max_length=10, unique=True
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                (
                    "network",
                    models.GenericIPAddressField(help_text="The first address of the network, not that of the person."),
                ),
                ("browser", models.CharField(max_length=60)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="browser_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["user", "network"], name="browser_session_network")]},
        ),
    ]
