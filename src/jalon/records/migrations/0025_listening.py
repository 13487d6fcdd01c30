"""Digests, surveys and points: what the worker keeps."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0024_forecasts"),
    ]

    operations = []
