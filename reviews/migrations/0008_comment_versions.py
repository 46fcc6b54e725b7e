"""Earlier texts of comments; and a thread is addressed by a proposal or in words, from now on."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_immutable_rows")]

    operations = [
        migrations.AddField(model_name="comment", name="edited_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="comment", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="CommentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_versions",
                        to="reviews.comment",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            model_name="commentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", ""), _negated=True), name="comment_version_says_something"
            ),
        ),
        # Threads that were addressed before without saying how are left as they are.
        AddConstraintNotValid(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "addressed"), _negated=True),
                    models.Q(("closing_reason", ""), _negated=True),
                    ("addressed_by__isnull", False),
                    _connector="OR",
                ),
                name="thread_addressed_with_proposal_or_reason",
            ),
        ),
    ]
