"""Distributions of accounts among people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_alerts_and_their_delivery"),
    ]

    operations = [
        migrations.CreateModel(
            name="TerritoryPlan",
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
                ("title", models.CharField(max_length=200)),
                ("scope", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("snapshot", models.CharField(max_length=40)),
                ("asked", models.JSONField(default=dict)),
                ("answer", models.JSONField(default=dict)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("created_by", models.CharField(max_length=200)),
                ("drawn_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("effective_on", models.DateField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "applied", "dropped"))
                        ),
                        name="territory_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "draft")),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="territory_decision_dated",
                    ),
                ],
            },
        ),
    ]
