"""What is written back to a CRM."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_volumes_of_rates"),
    ]

    operations = []
