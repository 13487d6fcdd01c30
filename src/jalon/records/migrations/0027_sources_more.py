"""Sources: what a refresh keeps."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0026_settings"),
    ]

    operations = []
