"""What people commit to, kept apart from the model."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Calls."""

    dependencies = [("records", "0013_points")]

    operations = [
        migrations.CreateModel(
            name="Call",
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
                ("side", models.CharField(max_length=8)),
                ("committed", models.DecimalField(decimal_places=12, max_digits=28)),
                ("best", models.DecimalField(decimal_places=12, max_digits=28)),
                (
                    "landing",
                    models.DecimalField(decimal_places=12, max_digits=28, null=True),
                ),
                ("text", models.TextField(blank=True)),
                ("by", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="records.objective",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["objective", "at"], name="call_of_objective")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(best__gte=models.F("committed")),
                        name="call_best_not_below_committed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(side__in=("owner", "manager")),
                        name="call_side",
                    ),
                ],
            },
        ),
    ]
