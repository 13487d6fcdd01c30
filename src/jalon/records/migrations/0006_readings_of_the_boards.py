"""What is kept beside evaluations for the boards."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("records", "0005_planning_grids")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Reading",
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
                ("about", models.CharField(max_length=140)),
                ("on", models.DateField()),
                ("snapshot", models.CharField(max_length=40)),
                ("definition", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("about", "on", "snapshot", "definition"),
                        name="reading_once",
                    )
                ],
            },
        ),
    ]
