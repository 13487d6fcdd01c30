"""What is written back to a CRM, and when people were told that a source is late."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_volumes_of_rates"),
    ]

    operations = [
        migrations.AddField(
            model_name="connectedsource",
            name="writes_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="connectedsource",
            name="told_late_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="WrittenTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("objective", models.CharField(max_length=200)),
                ("remote", models.CharField(max_length=200)),
                ("values", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="written",
                        to="records.connectedsource",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="writtentarget",
            constraint=models.UniqueConstraint(
                fields=("source", "objective"), name="written_target_once"
            ),
        ),
    ]
