"""Forecasts: what a landing keeps."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0023_gap_and_drift"),
    ]

    operations = []
