"""Rows that read as they did are not made again into what the domain knows.

A page of a thousand objectives reads a thousand rows, nearly always those of the page
before. The rows are fetched as the database gives them, which is quick; what was made
of the same cells is handed back, and only rows that changed are made anew. The whole
row is compared: nothing has to be told that something was written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet

T = TypeVar("T")
Cells = tuple[Any, ...]
MOST = 50_000


def cells(query: QuerySet[Any, Any]) -> list[Cells]:
    """Return the rows of a query as the database gives them, in one query."""
    try:
        text, values = query.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[query.db].cursor() as cursor:
        cursor.execute(text, values)
        rows: list[Cells] = cursor.fetchall()
    return rows


def place(model: type[Model], name: str) -> int:
    """Return where a field stands in the `cells` of a whole row of a model."""
    fields = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - Django's public reflection
    return fields.index(name)


class Unchanged(Generic[T]):
    """What rows were made into, by key, as long as their cells are the same."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[Hashable, tuple[Cells, T]] = {}

    def made(
        self,
        rows: Mapping[Hashable, Cells],
        make: Callable[[list[Any]], Mapping[Any, T]],
    ) -> dict[Any, T]:
        """Return what each row is, calling `make` with the keys of those that changed.

        A row that `make` does not find any more is left out.
        """
        kept = self._kept
        changed = [
            key for key, row in rows.items() if key not in kept or kept[key][0] != row
        ]
        if changed:
            if len(kept) + len(changed) > MOST:
                kept.clear()
                changed = list(rows)
            fresh = make(changed)
            for key in changed:
                kept.pop(key, None)
                if key in fresh:
                    kept[key] = (rows[key], fresh[key])
        return {key: kept[key][1] for key in rows if key in kept}


def grouped(rows: Iterable[Cells], *, by: int) -> dict[Any, Cells]:
    """Return the rows of each key, joined into one."""
    found: dict[Any, list[Cells]] = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return {key: tuple(several) for key, several in found.items()}
