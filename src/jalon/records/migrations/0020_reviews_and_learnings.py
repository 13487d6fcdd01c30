"""Reviews, prepared and frozen; what was learnt."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0019_recognition"),
    ]

    operations = []
