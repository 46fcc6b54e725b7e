from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

# The newest patch set when the concern was overridden, which is what the decision was about.
FILL = """
UPDATE reviews_concernoverride o SET patch_set_id = COALESCE(
    (SELECT later.id FROM reviews_patchset later
        WHERE later.proposal_id = taken.proposal_id AND later.number >= taken.number AND later.submitted_at <= o.created_at
        ORDER BY later.number DESC LIMIT 1),
    taken.id)
FROM reviews_position p JOIN reviews_patchset taken ON taken.id = p.patch_set_id WHERE p.id = o.position_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0010_public_feedback"),
    ]

    operations = [
        migrations.AlterModelOptions(name="concernoverride", options={"ordering": ["pk"]}),
        migrations.AlterField(
            model_name="concernoverride",
            name="position",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="reviews.position"
            ),
        ),
        migrations.AddField(
            model_name="concernoverride",
            name="patch_set",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reviews.patchset"
            ),
        ),
        # The checks of the foreign key have to be done before the column is altered.
        migrations.RunSQL(
            [FILL, "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"], migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="concernoverride",
            name="patch_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reviews.patchset"
            ),
        ),
        migrations.AddConstraint(
            model_name="concernoverride",
            constraint=models.UniqueConstraint(fields=("position", "patch_set"), name="concern_override_once"),
        ),
    ]
