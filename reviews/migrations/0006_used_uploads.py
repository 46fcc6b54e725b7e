import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0005_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='keptupload',
            name='used_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='keptupload',
            name='proposal',
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='reviews.proposal'
            ),
        ),
    ]
