"""Alerts, what people did about them, how they want to be told, what was sent."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_pay_plans_runs_and_statements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
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
                ("about", models.CharField(max_length=220)),
                ("owner", models.CharField(db_index=True, max_length=200)),
                (
                    "objective",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="records.objective",
                    ),
                ),
                ("state", models.CharField(max_length=10)),
                ("former", models.CharField(max_length=10)),
                ("change", models.CharField(max_length=12)),
                ("since", models.DateField()),
                ("fired_on", models.DateField(db_index=True)),
                (
                    "probability",
                    models.DecimalField(decimal_places=12, max_digits=28, null=True),
                ),
                ("told", models.JSONField(default=dict)),
                ("snapshot", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("about", "fired_on"), name="alert_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertDeed",
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
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deeds",
                        to="records.alert",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alert_deeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True)),
                ("objective", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["seen", "noted"])),
                        fields=("alert", "by", "kind"),
                        name="alert_deed_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
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
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wish",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("mail", models.BooleanField(default=True)),
                ("channels", models.JSONField(blank=True, default=list)),
                ("rhythm", models.CharField(default="daily", max_length=8)),
                ("digest_at", models.TimeField(default=datetime.time(8, 0))),
                ("quiet_from", models.TimeField(default=datetime.time(19, 0))),
                ("quiet_to", models.TimeField(default=datetime.time(8, 0))),
                ("quiet_weekends", models.BooleanField(default=True)),
                ("recoveries", models.BooleanField(default=True)),
                ("everything", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
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
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="records.alert",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("channel", models.CharField(max_length=80)),
                ("label", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(db_index=True, default="waiting", max_length=8),
                ),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alert", "user", "channel"), name="delivery_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "sending", "sent", "failed", "dropped"],
                            )
                        ),
                        name="delivery_state_known",
                    ),
                ],
            },
        ),
    ]
