"""Pay on each sale: a rate of one's own; rewards other than money."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_sources_write_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="payterm",
            name="rate",
            field=models.DecimalField(decimal_places=12, max_digits=28, null=True),
        ),
        migrations.CreateModel(
            name="PayReward",
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
                ("name", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=200)),
                ("measure", models.CharField(max_length=100)),
                ("reached", models.DecimalField(decimal_places=12, max_digits=28)),
                ("minutes", models.PositiveIntegerField()),
                ("within", models.BooleanField()),
                ("given_by", models.CharField(blank=True, max_length=200)),
                ("given_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rewards",
                        to="records.payrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "person_id", "key"), name="pay_reward_once"
                    )
                ],
            },
        ),
    ]
