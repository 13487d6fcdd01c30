"""How often one person takes their point, where it is not as the company does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0024_undo"),
    ]

    operations = [
        migrations.CreateModel(
            name="PointRhythm",
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
                ("rhythm", models.CharField(max_length=8)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
