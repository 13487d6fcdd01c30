"""Insight: what the watch keeps."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0022_accounts"),
    ]

    operations = []
