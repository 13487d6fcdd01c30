"""One person taken out of every table of records, figures left as they are.

Text cells alone are rewritten. What they said (points, notes, comments) is emptied or
removed; what they prove (figures, dates, states) stays under the pseudonym.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from jalon.domain.people.erasing import NewKeys, Told
from jalon.records.accounts import Invitation, User
from jalon.records.audit import AuditLine
from jalon.records.check_ins import CheckIn, PointRhythm, Reminder
from jalon.records.erasures import Erasure

_TRIGGER = "audit_line_kept"
_TABLE = "records_auditline"
_SAID = {  # model, who wrote it, what they wrote
    "Call": ("by", ("text",)),
    "PlanningWord": ("by", ("text",)),
    "AlertDeed": ("by", ("text",)),
    "ReviewWord": ("by", ("proud", "harder", "needs")),
}
_PERSONAL = frozenset({"check_in", "point", "note", "coaching"})


def remove_what_they_said(told: Told) -> None:
    """Remove points and empty the notes of somebody, before names are replaced."""
    CheckIn.objects.filter(person_id=told.key).delete()
    PointRhythm.objects.filter(person_id=told.key).delete()
    Reminder.objects.filter(person_id=told.key).delete()
    Invitation.objects.filter(email__in=told.emails).delete()
    known = {model.__name__: model for model in _models()}
    for name, (author, texts) in _SAID.items():
        if name in known:
            rows = known[name]._base_manager.filter(**{f"{author}__in": told.emails})  # noqa: SLF001 - Django's public name
            rows.update(**dict.fromkeys(texts, ""))
    lines: models.QuerySet[AuditLine] = models.QuerySet(AuditLine).filter(
        by__in=told.emails
    )
    with rewording():
        lines.filter(noun__in=_PERSONAL).update(details={})


def close_accounts(told: Told) -> None:
    """Leave of the accounts of somebody a row nobody can log in with."""
    for user in User.objects.filter(person_id=told.key):
        for related in User._meta.related_objects:  # noqa: SLF001 - Django's public reflection
            related.related_model._base_manager.filter(  # noqa: SLF001 - as above
                **{related.field.name: user}
            ).delete()
        user.email = f"{told.pseudonym}-{user.pk}@erased.invalid"
        user.name, user.person_id = told.pseudonym, told.pseudonym
        user.is_active, user.grants, user.session_mark = False, [], told.pseudonym
        user.set_unusable_password()
        user.save()


def replace_everywhere(told: Told) -> int:
    """Put the pseudonym in the place of somebody in every row; return how many."""
    with rewording():
        return replaced_but({Erasure}, told)


def replaced_but(left: Collection[type[models.Model]], told: Told | NewKeys) -> int:
    """Rewrite every row but those of some models, read once; return how many change."""
    return sum(_replaced(model, told) for model in _models() if model not in left)


@contextlib.contextmanager
def rewording() -> Iterator[None]:
    """Let lines of the audit be reworded for as long as a person is erased.

    The only exception to lines that never change; the erasure leaves a line itself.
    """
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s",
                [_TRIGGER],
            )
            kept = cursor.fetchone()
            cursor.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}")
        else:
            cursor.execute(f"ALTER TABLE {_TABLE} DISABLE TRIGGER {_TRIGGER}")
        yield
        if not sqlite:
            cursor.execute(f"ALTER TABLE {_TABLE} ENABLE TRIGGER {_TRIGGER}")
        elif kept:
            cursor.execute(kept[0])


def _models() -> list[type[models.Model]]:
    return list(apps.get_app_config("records").get_models())


def _replaced(model: type[models.Model], told: Told | NewKeys) -> int:
    names = [
        field.attname
        for field in model._meta.concrete_fields  # noqa: SLF001 - Django's public reflection
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not field.primary_key
    ]
    if not names:
        return 0
    rows: models.QuerySet[Any] = models.QuerySet(model)
    changed = []
    for key, *values in rows.values_list("pk", *names).iterator():
        cells = dict(zip(names, values, strict=True))
        after = told.row(cells)
        if after != cells:
            changed.append((key, after))
    for key, after in changed:
        rows.filter(pk=key).update(**after)
    return len(changed)
