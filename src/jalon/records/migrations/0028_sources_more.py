"""More of the sources."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0027_listening"),
    ]

    operations = []
