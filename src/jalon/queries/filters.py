"""Filters as typed become keys: names are found, a team holds the teams below."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jalon.domain.kpis.conditions import Condition, ConditionError
from jalon.queries.organisation import Organisation, organisation_of
from jalon.queries.snapshots import Snapshot
from jalon.warehouse.compile.cut import Among
from jalon.warehouse.compile.links import without_level

_EQUAL_ONLY = 'Filter "{filter}": {name} takes = or !=.'
_NO_TEAM = 'Filter "{filter}": no team is called {value}; expected e.g. {example}.'
_NOBODY = 'Filter "{filter}": nobody is called {value}; expected e.g. {example}.'

_NAMED = {"product": "products", "account": "accounts", "customer": "accounts"}
_FOLDED = {
    "segment": ("accounts", "leads", "deals", "order_lines"),
    "sector": ("accounts", "leads", "deals", "order_lines"),
    "region": ("accounts", "leads", "deals", "order_lines"),
    "country": ("accounts",),
    "size": ("accounts",),
    "channel": ("accounts", "leads", "deals", "order_lines", "spend"),
    "line": ("products",),
    "offer": ("products",),
    "stage": ("deals",),
    "pipeline": ("deals",),
    "lost_reason": ("deals",),
    "competitor": ("deals",),
}
NOBODY = "nobody"  # the owner of what has none
_values: dict[tuple[str, str, str], frozenset[str]] = {}


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters ready to compile."""

    where: tuple[Condition, ...] = ()
    among: tuple[Among, ...] = ()


def resolved(conditions: Iterable[Condition], found: Snapshot) -> Filters:
    """Return filters with names replaced by keys; a team is one at whatever level.

    Raises:
        ConditionError: If a filter names nobody, no team.
    """
    where: list[Condition] = []
    among: list[Among] = []
    for one in (replace(each, name=without_level(each.name)) for each in conditions):
        if one.name == "person" and [folded(v) for v in one.values] == [NOBODY]:
            where.append(Condition(one.name, one.operator, ()))
        elif one.name in {"person", "manager", "team"} and one.values:
            among.append(_people(one, organisation_of(found)))
        elif one.name in _NAMED and one.values and one.operator in {"=", "!="}:
            where.append(_entities(one, found))
        elif one.name in _FOLDED and one.values:
            where.append(_spelled(one, found))
        else:
            where.append(one)
    return Filters(tuple(where), tuple(among))


def folded(text: str) -> str:
    """Return a text without case nor accents, to compare what people type."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(one for one in plain if not unicodedata.combining(one)).split()
    )


def keys_named(text: str, named: Mapping[str, str]) -> frozenset[str]:
    """Return the key that is the text, else those of that name (key -> name)."""
    if text in named:
        return frozenset({text})
    exact = frozenset(key for key, name in named.items() if name == text)
    if exact:
        return exact
    wanted = folded(text)
    return frozenset(key for key, name in named.items() if folded(name or "") == wanted)


def _people(one: Condition, known: Organisation) -> Among:
    if one.operator not in {"=", "!="}:
        raise ConditionError(str(one), _EQUAL_ONLY, name=one.name)
    teams = one.name == "team"
    named = (
        {team.team_id: team.name for team in known.teams}
        if teams
        else {person.person_id: person.name for person in known.people}
    )
    keys: set[str] = set()
    for value in one.values:
        met = keys_named(value, named)
        if not met:
            example = next(iter(named.values()), "…")
            sentence = _NO_TEAM if teams else _NOBODY
            raise ConditionError(str(one), sentence, value=value, example=example)
        keys |= met
    if teams:
        keys = {below for team in keys for below in known.within(team)}
    return Among(one.name, frozenset(keys), negated=one.operator == "!=")


def _entities(one: Condition, found: Snapshot) -> Condition:
    table = _NAMED[one.name]
    column = f"{table.removesuffix('s')}_id"
    query = f'SELECT {column}, coalesce("name", {column}) FROM {table}'  # noqa: S608
    named = dict(found.cursor().execute(query).fetchall())
    keys: list[str] = []
    for value in one.values:
        keys += sorted(keys_named(value, named)) or [value]
    return Condition(one.name, one.operator, tuple(keys))


def _spelled(one: Condition, found: Snapshot) -> Condition:
    """Return the filter with its values spelled as the data spell them."""
    if one.operator not in {"=", "!="}:
        return one
    known = frozenset[str]().union(
        *(_known(found, table, one.name) for table in _FOLDED[one.name])
    )
    values = []
    for value in one.values:
        like = [name for name in known if folded(name) == folded(value)]
        values += [value] if value in known or not like else sorted(like)
    return Condition(one.name, one.operator, tuple(values))


def _known(found: Snapshot, table: str, column: str) -> frozenset[str]:
    key = (f"{found.folder}/{found.name}", table, column)
    if key not in _values:
        if len(_values) > 500:  # noqa: PLR2004 - a few snapshots of small lists
            _values.clear()
        query = f'SELECT DISTINCT "{column}" FROM "{table}"'  # noqa: S608 - canonical
        rows = found.cursor().execute(query).fetchall()
        _values[key] = frozenset(row[0] for row in rows if row[0] is not None)
    return _values[key]
