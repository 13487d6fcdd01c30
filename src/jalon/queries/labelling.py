"""Keys get the names people know: Anna Snelling, GTX Pro, 2017-Q3."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

from jalon.domain.periods.calendar import Grain, name_of
from jalon.queries.filters import NOBODY
from jalon.queries.organisation import organisation_of
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.links import TIME, without_level

Namer = Callable[[object], str | None]
_TABLES = {"product": "products", "account": "accounts", "customer": "accounts"}


def key_name(dimension: str) -> str:
    """Return the name under which a dimension's key stands beside its label."""
    return f"{dimension}_id"


def namers(
    by: Sequence[str], found: Snapshot, *, company: str, first_month: int
) -> dict[str, Namer]:
    """Return, for each dimension, what gives the label of a key."""
    return {
        name: cache(_namer(name, found, company=company, first_month=first_month))
        for name in by
    }


def _namer(name: str, found: Snapshot, *, company: str, first_month: int) -> Namer:
    if name in TIME:
        grain = Grain(name)
        return lambda day: (
            name_of(day, grain, first_month=first_month)
            if isinstance(day, date)
            else None
        )
    if name == "company":
        return lambda _: company
    if name in {"person", "manager"}:
        people = {one.person_id: one.name for one in organisation_of(found).people}
        return _named(people, NOBODY)
    if without_level(name) == "team":
        return _named({one.team_id: one.name for one in organisation_of(found).teams})
    if name in _TABLES:
        return _named(_names(found, _TABLES[name]))
    return _named({})


def _named(known: Mapping[str, str], empty: str | None = None) -> Namer:
    return lambda key: empty if key is None else known.get(str(key), str(key))


def _names(found: Snapshot, table: str) -> dict[str, str]:
    column = f"{table.removesuffix('s')}_id"
    query = f'SELECT {column}, coalesce("name", {column}) FROM {table}'  # noqa: S608
    return dict(found.cursor().execute(query).fetchall())
