"""Every record copied from one database to another: SQLite and PostgreSQL alike.

Rows keep their keys and their moments; the counters that give out keys are brought up
to date at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_ASIDE = "aside"
_ROWS = 2_000
_OPTIONS = {"timeout": 20, "transaction_mode": "IMMEDIATE"}


@contextmanager
def beside(file: Path) -> Iterator[str]:
    """Open a SQLite file beside the database in use; yield the name it goes by."""
    connections.settings[_ASIDE] = connections.settings[DEFAULT_DB_ALIAS] | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": dict(_OPTIONS),
        "CONN_MAX_AGE": 0,
    }
    try:
        yield _ASIDE
    finally:
        connections[_ASIDE].close()
        del connections[_ASIDE]
        del connections.settings[_ASIDE]


def sqlite_file() -> Path | None:
    """Return the file of the database in use, None where it is a server."""
    connection = connections[DEFAULT_DB_ALIAS]
    file = Path(str(connection.settings_dict["NAME"]))
    return file if connection.vendor == SQLITE else None


def bring_up_to_date(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Give a database the shape this version needs."""
    call_command("migrate", database=alias, verbosity=0, interactive=False)
    call_command("createcachetable", database=alias, verbosity=0)


def holds_rows(alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Tell whether a database of the present shape has records of ours."""
    return any(
        _all(model, alias).exists()
        for model in apps.get_app_config("records").get_models()
    )


def copy_records(source: str, target: str) -> int:
    """Copy every row between databases of the same shape; return how many.

    The source is read as of one moment. The target's rows are replaced: whole or not
    at all.
    """
    copied = _models()
    with _one_moment(source), transaction.atomic(using=target):
        for model in reversed(copied):
            _all(model, target).all()._raw_delete(target)  # noqa: SLF001 -- no signal, no cascade: every row goes
        count = sum(_copy(model, source, target) for model in copied)
        _bring_counters(copied, target)
    return count


def _models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if not one._meta.proxy]  # noqa: SLF001 -- Django's own


def _all(model: type[models.Model], alias: str) -> models.QuerySet[models.Model]:
    return model._base_manager.using(alias)  # noqa: SLF001 -- Django's own


def _copy(model: type[models.Model], source: str, target: str) -> int:
    rows = _all(model, source).order_by("pk").iterator(chunk_size=_ROWS)
    count = 0
    for some in _chunks(rows):
        count += len(_all(model, target).bulk_create(some))
    return count


def _chunks(rows: Iterable[models.Model]) -> Iterator[list[models.Model]]:
    left = iter(rows)
    while some := list(islice(left, _ROWS)):
        yield some


@contextmanager
def _one_moment(alias: str) -> Iterator[None]:
    """Read a database as it is now, whatever others write meanwhile."""
    connection = connections[alias]
    with transaction.atomic(using=alias):
        if connection.vendor == POSTGRESQL:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
                )
        yield


def _bring_counters(copied: list[type[models.Model]], alias: str) -> None:
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), copied):
            cursor.execute(statement)
