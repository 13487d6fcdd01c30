"""Accounts: second factor, sign-on, sessions, saved views."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0021_api"),
    ]

    operations = []
