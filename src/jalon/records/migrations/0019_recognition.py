"""Recognition: what deserves a word, and the words said."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0018_surveys"),
    ]

    operations = []
