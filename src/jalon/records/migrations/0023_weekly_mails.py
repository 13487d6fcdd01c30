"""Weekly mails: who had a team's reading of the week."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0022_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="WeeklyMail",
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
                ("team", models.CharField(max_length=80)),
                ("week", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("unsent", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="weekly_mails",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "team", "week"), name="weekly_mail_once"
                    )
                ],
            },
        ),
    ]
