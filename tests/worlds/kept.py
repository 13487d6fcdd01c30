"""Rows written once and put back: a world costs its making once, not in each test.

Kept for a process, by a key that names the facts the rows tell of.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import Model

Rows = list[tuple[type[Model], list[Model]]]


def kept(key: Hashable, make: Callable[[], None]) -> None:
    """Make the rows of a world, or put back those made before under this key."""
    rows = _shelf().get(key)
    if rows is None:
        before = {model: _known(model) for model in _models()}
        make()
        rows = [(model, _new(model, before[model])) for model in _models()]
        if connection.vendor == "sqlite":  # elsewhere, keys given leave counters behind
            _shelf()[key] = rows
        return
    for model, found in rows:
        if found:
            model._base_manager.bulk_create([copy.copy(one) for one in found])


@cache
def _shelf() -> dict[Hashable, Rows]:
    return {}


def _models() -> list[type[Model]]:
    return list(apps.get_app_config("records").get_models(include_auto_created=True))


def _known(model: type[Model]) -> set[object]:
    return set(model._base_manager.values_list("pk", flat=True))


def _new(model: type[Model], before: set[object]) -> list[Model]:
    rows = model._base_manager.order_by("pk")
    return [row for row in rows if row.pk not in before]
