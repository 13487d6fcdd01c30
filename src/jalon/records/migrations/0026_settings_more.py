"""More of what a company chooses."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0025_faults"),
    ]

    operations = []
