"""Addresses of chats hold tokens: sealed by the key of the workspace, as other secrets."""

from typing import Any

from django.db import migrations

from jalon.records.sealed import SealedTexts


def seal(apps: Any, editor: Any) -> None:
    """Seal the addresses there are."""
    wishes = apps.get_model("records", "Wish").objects.using(editor.connection.alias)
    for one in wishes.exclude(channels=[]):
        one.sealed = one.channels
        one.save(update_fields=["sealed"])


def unseal(apps: Any, editor: Any) -> None:
    """Write the addresses in clear again."""
    wishes = apps.get_model("records", "Wish").objects.using(editor.connection.alias)
    for one in wishes.exclude(sealed=""):
        one.channels = one.sealed
        one.save(update_fields=["channels"])


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0025_point_rhythm"),
    ]

    operations = [
        migrations.AddField(
            model_name="wish",
            name="sealed",
            field=SealedTexts(blank=True, default=list),
        ),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField(model_name="wish", name="channels"),
        migrations.RenameField(
            model_name="wish", old_name="sealed", new_name="channels"
        ),
    ]
