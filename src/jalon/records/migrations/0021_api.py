"""Doors for machines: tokens, idempotency keys, webhooks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0020_reviews_and_learnings"),
    ]

    operations = []
