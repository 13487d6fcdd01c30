"""What concurrent writers need."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0027_sources_more"),
    ]

    operations = []
