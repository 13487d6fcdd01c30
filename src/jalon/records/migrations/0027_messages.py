"""The log holds what carried no alert: targets, points due, late sources, trials."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0026_sealed_chat_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
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
                ("kind", models.CharField(max_length=10)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("way", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(default="sending", max_length=8)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "at"], name="message_last")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["target", "reminder", "late", "try"])
                        ),
                        name="message_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["sending", "sent", "failed"])
                        ),
                        name="message_state_known",
                    ),
                ],
            },
        ),
    ]
