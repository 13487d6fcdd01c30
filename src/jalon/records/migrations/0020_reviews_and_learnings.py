"""Reviews, prepared and frozen; what was learnt; tags of points."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_recognition"),
    ]

    operations = [
        migrations.CreateModel(
            name="PointTag",
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
                ("tag", models.CharField(max_length=60)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "check_in",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tag",
                        to="records.checkin",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
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
                ("owner", models.CharField(db_index=True, max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("first", models.DateField()),
                ("after", models.DateField()),
                ("state", models.CharField(default="open", max_length=8)),
                ("prepared", models.JSONField(default=dict)),
                ("prepared_on", models.DateField()),
                ("notes", models.JSONField(default=dict)),
                ("opened_by", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("frozen_by", models.CharField(blank=True, max_length=200)),
                ("frozen_at", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "kind", "first"), name="review_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["monthly", "quarterly"])),
                        name="review_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("frozen_at__isnull", False), ("state", "frozen")),
                            _connector="OR",
                        ),
                        name="review_frozen_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after__gt", models.F("first"))),
                        name="review_period_not_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Learning",
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
                ("kpi", models.CharField(db_index=True, max_length=100)),
                ("owner", models.CharField(db_index=True, max_length=200)),
                ("tried", models.TextField()),
                ("context", models.TextField(blank=True)),
                ("gave", models.TextField()),
                ("next_time", models.TextField(blank=True)),
                ("carried_by", models.CharField(blank=True, max_length=200)),
                ("changed_on", models.DateField()),
                ("before_first", models.DateField()),
                ("after_after", models.DateField()),
                ("figures", models.JSONField(default=dict)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="learnings",
                        to="records.review",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_on__gt", models.F("before_first")),
                            ("after_after__gt", models.F("changed_on")),
                        ),
                        name="learning_change_inside",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewDecision",
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
                ("text", models.TextField()),
                ("owner", models.CharField(max_length=200)),
                ("kpi", models.CharField(blank=True, max_length=100)),
                ("due", models.DateField(blank=True, null=True)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("kept", models.BooleanField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=200)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="records.review",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["review", "id"], name="decision_review")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewWord",
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
                ("side", models.CharField(max_length=5)),
                ("level", models.PositiveSmallIntegerField()),
                ("proud", models.TextField(blank=True)),
                ("harder", models.TextField(blank=True)),
                ("needs", models.TextField(blank=True)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="records.review",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "side"), name="review_word_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["owner", "lead"])),
                        name="review_word_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__range", (1, 5))),
                        name="review_word_level",
                    ),
                ],
            },
        ),
    ]
