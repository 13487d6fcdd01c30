"""Surveys by mail: who was asked, what they answered."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0017_pay_events"),
    ]

    operations = []
