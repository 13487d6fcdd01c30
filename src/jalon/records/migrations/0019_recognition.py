"""Recognition: what deserves a word, and the words said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0018_surveys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cheer",
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
                ("sealed", models.TextField()),
                ("label", models.CharField(max_length=80)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Screen",
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
                ("digest", models.CharField(max_length=64, unique=True)),
                ("label", models.CharField(max_length=80)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Shown",
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
                ("person_id", models.CharField(max_length=200, unique=True)),
                ("wall", models.BooleanField(default=True)),
                ("compared", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Word",
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
                ("person_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=10)),
                ("merit", models.CharField(blank=True, max_length=260)),
                ("objective", models.CharField(blank=True, max_length=200)),
                ("facts", models.JSONField(default=dict)),
                ("earned_on", models.DateField()),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("text", models.TextField(blank=True)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("wall", models.BooleanField(default=False)),
                ("by", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("cheered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "-at"], name="word_state_at"),
                    models.Index(fields=["person_id", "state"], name="word_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("merit", ""), _negated=True),
                        fields=("merit",),
                        name="word_merit_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "reached",
                                    "progress",
                                    "best",
                                    "streak",
                                    "practice",
                                    "help",
                                    "lesson",
                                    "thanks",
                                ],
                            )
                        ),
                        name="word_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("proposed", "said", "let_go", "withdrawn"))
                        ),
                        name="word_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "said"), _negated=True),
                            models.Q(
                                models.Q(("text", ""), _negated=True),
                                models.Q(("by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="word_said_by_somebody",
                    ),
                ],
            },
        ),
    ]
