"""Of a rate planned, the denominators of last year's months."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_commit_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="planningrow",
            name="volumes",
            field=models.JSONField(default=list),
        ),
    ]
