"""Pay on each sale, and rewards other than money."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0016_insight"),
    ]

    operations = []
