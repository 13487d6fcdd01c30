"""More of the field."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0026_settings_more"),
    ]

    operations = []
