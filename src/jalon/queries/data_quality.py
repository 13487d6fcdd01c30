# ruff: noqa: S608 -- names come from the rules below; values are bound
"""Data quality: what is wrong in the CRM's rows, how much, and the KPIs it bends.

Each rule is a condition on one table, read in one query for all of them. A generation
never changes, so that a day's counts are made once and kept. Shares are of the rows the
rule could be true of.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

import duckdb

from jalon.queries.sources import links
from jalon.warehouse.generations import Generations, NoGenerationError
from jalon.workspace.folder import Workspace

SHOWN = 50
EXPORTED = 100_000
DUPLICATES_WITHIN = 30  # days between two deals that look the same
USUAL = 3  # times the other way before a move counts as backwards

_MONEY = ("revenue", "win_rate_amount", "pipeline_value", "coverage")
_PEOPLE = ("revenue", "win_rate", "deals_won", "attainment_rate")
_CLOSING = ("revenue", "win_rate", "deals_won", "sales_cycle_days")
_STAGES = ("stage_conversion_rate", "qualification_rate", "sales_velocity")
_AHEAD = ("open_pipeline", "coverage", "forecast_accuracy")
_ACCOUNTS = ("new_customers", "active_customers", "revenue_per_customer")


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be wrong: among which rows (`among`), which ones are (`wrong`).

    `on` is bound in both; `shown` are the columns that witness it.
    """

    code: str
    table: str
    among: str
    wrong: str
    shown: tuple[str, ...]
    bends: tuple[str, ...]


_SAME = (
    "name IS NOT NULL AND (account_id, lower(trim(name)), amount) IN ("
    "SELECT (account_id, lower(trim(name)), amount) FROM deals WHERE name IS NOT NULL "
    "GROUP BY ALL HAVING count(*) > 1 "
    f"AND max(created_on) - min(created_on) <= {DUPLICATES_WITHIN})"
)
_TWIN = (
    "strip_accents(lower(trim(name))) IN (SELECT strip_accents(lower(trim(name))) "
    "FROM accounts WHERE name IS NOT NULL GROUP BY 1 HAVING count(*) > 1)"
)
# A move is backwards where the other way is the usual one: nothing else tells order.
_BACKWARDS = f"""deal_id IN (
    WITH moves AS (
        SELECT deal_id, stage AS later,
            lag(stage) OVER (PARTITION BY deal_id ORDER BY "at") AS former
        FROM stage_changes WHERE stage IS NOT NULL
    ), pairs AS (
        SELECT former, later, count(*) AS times FROM moves
        WHERE former IS NOT NULL AND former <> later GROUP BY ALL
    )
    SELECT moves.deal_id FROM moves
    JOIN pairs AS usual ON usual.former = moves.later AND usual.later = moves.former
    LEFT JOIN pairs AS rare ON rare.former = moves.former AND rare.later = moves.later
    WHERE usual.times >= {USUAL} * coalesce(rare.times, 1)
)"""
_OPEN = "outcome = 'open'"
_CLOSED = "outcome IN ('won', 'lost')"

RULES = (
    Rule("owner_missing", "deals", "true", "owner_id IS NULL", ("owner_id",), _PEOPLE),
    Rule(
        "owner_unknown",
        "deals",
        "owner_id IS NOT NULL",
        "owner_id NOT IN (SELECT person_id FROM people "
        "WHERE coalesce(source, '') <> '')",
        ("owner_id",),
        _PEOPLE,
    ),
    Rule(
        "owner_left",
        "deals",
        _OPEN,
        "owner_id IN (SELECT person_id FROM people WHERE left_on <= $on)",
        ("owner_id",),
        _AHEAD,
    ),
    Rule(
        "closed_without_date",
        "deals",
        _CLOSED,
        "closed_on IS NULL",
        ("outcome", "closed_on"),
        _CLOSING,
    ),
    Rule(
        "amount_zero",
        "deals",
        "outcome <> 'lost'",
        "coalesce(amount, 0) = 0",
        ("amount",),
        _MONEY,
    ),
    Rule("stage_backwards", "deals", "true", _BACKWARDS, ("stage", "outcome"), _STAGES),
    Rule(
        "deal_repeated",
        "deals",
        "true",
        _SAME,
        ("name", "account_id", "amount"),
        (*_MONEY[:1], "deals_won", "open_pipeline"),
    ),
    Rule("account_repeated", "accounts", "true", _TWIN, ("name",), _ACCOUNTS),
    Rule(
        "closed_in_future",
        "deals",
        _CLOSED,
        "closed_on > $on",
        ("outcome", "closed_on"),
        _CLOSING,
    ),
    Rule(
        "activity_in_future",
        "activities",
        "coalesce(held, true)",
        "CAST(done_at AS DATE) > $on",
        ("kind", "done_at"),
        ("meetings", "calls", "prospects_contacted"),
    ),
    Rule(
        "overdue",
        "deals",
        _OPEN,
        "expected_close_on < $on",
        ("expected_close_on", "stage"),
        _AHEAD,
    ),
    Rule(
        "close_unknown",
        "deals",
        _OPEN,
        "expected_close_on IS NULL",
        ("expected_close_on", "stage"),
        _AHEAD,
    ),
)
_BY_CODE = {rule.code: rule for rule in RULES}
_KEYS = {"deals": "deal_id", "accounts": "account_id", "activities": "activity_id"}
_LABELS = {"deals": "name", "accounts": "name", "activities": "kind"}


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One rule on one day: how many rows it is true of, among how many."""

    code: str
    table: str
    count: int
    among: int
    bends: tuple[str, ...]

    @property
    def share(self) -> Decimal | None:
        """Return the share of rows that are wrong, None where there is no row."""
        return Decimal(self.count) / Decimal(self.among) if self.among else None


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row to put right: its key, its name, its owner, what shows it, where."""

    key: str
    label: str
    owner: str
    shown: tuple[tuple[str, str], ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class WrongRows:
    """The rows of one rule, the first ones, and how many there are."""

    line: QualityLine
    rows: tuple[WrongRow, ...]


_kept: dict[tuple[str, str, datetime.date], tuple[QualityLine, ...]] = {}


def quality(workspace: Workspace, *, on: datetime.date) -> tuple[QualityLine, ...]:
    """Return every rule with its count, the most frequent first; empty without data."""
    generations = Generations(workspace.warehouse)
    name = generations.current()
    if name is None:
        return ()
    key = (str(generations.folder.resolve()), name, on)
    if key not in _kept:
        if len(_kept) > 20:  # noqa: PLR2004 - a handful of snapshots at a time
            _kept.clear()
        _kept[key] = _counted(generations.reader(name), on)
    return _kept[key]


def wrong_rows(
    workspace: Workspace, code: str, *, on: datetime.date, limit: int = SHOWN
) -> WrongRows | None:
    """Return the rows a rule is true of, None where there is no such rule."""
    rule = _BY_CODE.get(code)
    lines = {one.code: one for one in quality(workspace, on=on)}
    if rule is None or code not in lines:
        return None
    try:
        reader = Generations(workspace.warehouse).reader()
    except NoGenerationError:
        return None
    found = reader.execute(_listing(rule), _bound(rule, on) | {"most": limit})
    pages = links()
    rows = tuple(_row(rule, row, pages) for row in found.fetchall())
    return WrongRows(lines[code], rows)


def _counted(
    reader: duckdb.DuckDBPyConnection, on: datetime.date
) -> tuple[QualityLine, ...]:
    parts = [
        f"SELECT '{rule.code}', count(*) FILTER (coalesce({rule.wrong}, false)), "
        f"count(*) FROM {rule.table} WHERE {rule.among}"
        for rule in RULES
    ]
    rows = reader.execute(" UNION ALL ".join(parts), {"on": on}).fetchall()
    lines = [
        QualityLine(
            code, _BY_CODE[code].table, int(count), int(among), _BY_CODE[code].bends
        )
        for code, count, among in rows
    ]
    return tuple(sorted(lines, key=lambda one: (-one.count, one.code)))


def _listing(rule: Rule) -> str:
    owner = "person_id" if rule.table == "activities" else "owner_id"
    key = _KEYS[rule.table]
    shown = ", ".join(f"coalesce(CAST(t.{one} AS VARCHAR), '')" for one in rule.shown)
    return (
        f"SELECT t.{key}, coalesce(t.{_LABELS[rule.table]}, ''), "
        f"coalesce(p.name, t.{owner}, ''), coalesce(t.source, ''), {shown} "
        f"FROM (SELECT * FROM {rule.table} WHERE {rule.among} AND {rule.wrong}) AS t "
        "LEFT JOIN (SELECT person_id, name FROM people) AS p "
        f"ON p.person_id = t.{owner} ORDER BY t.{key} LIMIT $most"
    )


def _bound(rule: Rule, on: datetime.date) -> dict[str, object]:
    return {"on": on} if "$on" in rule.wrong + rule.among else {}


def _row(
    rule: Rule, row: tuple[str, ...], pages: Mapping[str, tuple[str, str]]
) -> WrongRow:
    key, label, owner, source, *shown = row
    return WrongRow(
        key=key,
        label=label,
        owner=owner,
        shown=tuple(zip(rule.shown, shown, strict=True)),
        link=_link(pages, rule.table, source, key),
    )


def _link(
    pages: Mapping[str, tuple[str, str]], table: str, source: str, key: str
) -> str:
    """Return the address of a row in its CRM; empty where it has none."""
    address = pages.get(f"{source.partition('/')[0]}/{table}", ("", ""))[1]
    safe = address.startswith(("https://", "http://"))
    return address.replace("{id}", quote(key, safe="")) if safe else ""
