"""The company's settings, saved views and tiles."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0025_listening"),
    ]

    operations = []
