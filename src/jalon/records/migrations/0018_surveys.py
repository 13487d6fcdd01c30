"""Surveys by mail: who was asked, what they answered; digests sent."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0017_pay_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeftAlone",
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
                ("address", models.CharField(max_length=254, unique=True)),
                ("why", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LoopAction",
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
                ("answer_id", models.CharField(db_index=True, max_length=200)),
                ("person_id", models.CharField(max_length=200)),
                ("owner_id", models.CharField(max_length=200)),
                ("text", models.CharField(max_length=300)),
                ("due", models.DateField()),
                ("done_on", models.DateField(blank=True, null=True)),
                ("result", models.CharField(blank=True, max_length=300)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Request",
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
                ("about", models.CharField(max_length=200)),
                ("address", models.CharField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("account_id", models.CharField(blank=True, max_length=200)),
                ("person_id", models.CharField(blank=True, max_length=200)),
                ("segment", models.CharField(blank=True, max_length=200)),
                ("sector", models.CharField(blank=True, max_length=200)),
                ("region", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="planned", max_length=8)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("sent_at", models.DateTimeField(null=True)),
                ("score", models.SmallIntegerField(null=True)),
                ("comment", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("confirmed", models.BooleanField(default=False)),
                ("answered", models.BooleanField(default=False)),
                ("delivered", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="NoDigest",
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
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="no_digest",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Click",
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
                ("score", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clicks",
                        to="records.request",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
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
                ("key", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=12)),
                ("trigger", models.CharField(default="hand", max_length=8)),
                ("delay_days", models.PositiveSmallIntegerField(default=7)),
                ("quiet_days", models.PositiveSmallIntegerField(default=90)),
                ("active", models.BooleanField(default=True)),
                ("since", models.DateField()),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["nps", "csat", "engagement"])),
                        name="survey_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trigger__in", ["sale", "ticket", "hand"])),
                        name="survey_trigger_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="request",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="requests",
                to="records.survey",
            ),
        ),
        migrations.CreateModel(
            name="EngagementAnswer",
            fields=[
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("team_id", models.CharField(blank=True, max_length=200)),
                ("wave", models.DateField()),
                ("score", models.SmallIntegerField()),
                ("comment", models.TextField(blank=True)),
                ("lang", models.CharField(default="fr", max_length=2)),
                ("delivered", models.BooleanField(default=False)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anonymous",
                        to="records.survey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Digest",
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
                ("week", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("unsent", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "week"), name="digest_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                fields=["address", "sent_at"], name="survey_request_address"
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                fields=["answered", "delivered"], name="survey_to_deliver"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                fields=("survey", "about", "address"), name="survey_request_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("planned", "sent", "bounced", "failed"))
                ),
                name="survey_request_state",
            ),
        ),
    ]
