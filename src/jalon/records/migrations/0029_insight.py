"""More of what is understood."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0028_sources_more"),
    ]

    operations = []
