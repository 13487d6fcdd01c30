"""Insight: what weekly readings and forecasts keep."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0015_sources_write_back"),
    ]

    operations = []
