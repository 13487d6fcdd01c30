"""Sources connected, and the log of their runs."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_territory_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConnectedSource",
            fields=[
                (
                    "name",
                    models.SlugField(max_length=60, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("secrets", models.TextField(blank=True)),
                ("stages", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("state", models.JSONField(default=dict)),
                ("every", models.PositiveIntegerField(default=0)),
                ("hook", models.CharField(blank=True, max_length=64)),
                ("checked", models.JSONField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("swept_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="SourceRun",
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
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("hand", "Hand"),
                            ("schedule", "Schedule"),
                            ("webhook", "Webhook"),
                        ],
                        default="hand",
                        max_length=20,
                    ),
                ),
                ("by", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("sweep", models.BooleanField(default=False)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("generation", models.CharField(blank=True, max_length=40)),
                ("fault", models.JSONField(null=True)),
                ("said", models.JSONField(default=list)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="records.connectedsource",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["state", "not_before"], name="source_run_next"
                    ),
                    models.Index(
                        fields=["source", "-started_at"], name="source_run_latest"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "due_at"), name="source_run_once_a_moment"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("source",),
                        name="source_run_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "running", "done", "failed"])
                        ),
                        name="source_run_state_known",
                    ),
                ],
            },
        ),
    ]
