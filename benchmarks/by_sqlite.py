"""The twelve KPIs in SQLite, in SQL written by hand, on a file with the same rows.

Amounts are whole cents, rates thousandths and shares halves, as in `by_pandas`.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.by_pandas import TABLES
from benchmarks.sample import AFTER, FIRST

_BATCH = 50_000


def made(connection: duckdb.DuckDBPyConnection, path: Path) -> sqlite3.Connection:
    """Copy the tables into a file, with the one index each join needs."""
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode=OFF")
    base.execute("PRAGMA synchronous=OFF")
    for name, text in TABLES.items():
        found = connection.execute(text)
        columns = [f'"{column[0]}"' for column in found.description or ()]
        base.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        insert = f"INSERT INTO {name} VALUES ({', '.join('?' for _ in columns)})"
        while rows := found.fetchmany(_BATCH):
            base.executemany(insert, (tuple(map(_told, row)) for row in rows))
    for table, column in (
        ("shares", "deal_id"),
        ("accounts", "account_id"),
        ("activities", "deal_id"),
    ):
        base.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
    base.commit()
    base.execute("ANALYZE")
    return base


def _told(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, date) else cell


_SPANS = """
WITH spans AS (
  SELECT currency, since, rate, lead(since, 1, '9999-12-31')
    OVER (PARTITION BY currency ORDER BY since) AS until
  FROM rates)"""
_RATE, _HALVES = "coalesce(r.rate, 1000)", "coalesce(h.halves, 2)"


def _deals(*sums: str, lost: bool = False, more: str = "", where: str = "") -> str:
    return f"""{_SPANS}
SELECT substr(d.closed_on, 1, 7) AS month,
  coalesce(h.person_id, d.owner_id) AS person_id,
  coalesce(d.segment, a.of_account) AS segment, {", ".join(sums)}
FROM deals d LEFT JOIN shares h ON h.deal_id = d.deal_id
LEFT JOIN accounts a ON a.account_id = d.account_id
LEFT JOIN spans r ON r.currency = d.currency
  AND d.closed_on >= r.since AND d.closed_on < r.until
{more}
WHERE d.outcome IN ('won', '{"lost" if lost else "won"}')
  AND d.closed_on >= '{FIRST}' AND d.closed_on < '{AFTER}' {where}
GROUP BY 1, 2, 3"""


def _lines(*sums: str, where: str = "") -> str:
    return f"""{_SPANS}
SELECT substr(o."on", 1, 7), o.person_id, coalesce(o.segment, a.of_account),
  {", ".join(sums)}
FROM lines o LEFT JOIN accounts a ON a.account_id = o.account_id
LEFT JOIN spans r ON r.currency = o.currency
  AND o."on" >= r.since AND o."on" < r.until
WHERE o."on" >= '{FIRST}' AND o."on" < '{AFTER}' {where}
GROUP BY 1, 2, 3"""


def _activities(kind: str) -> str:
    return f"""
SELECT substr(x.done_at, 1, 7), x.person_id, a.of_account, count(*)
FROM activities x LEFT JOIN accounts a ON a.account_id = x.account_id
WHERE x.kind = '{kind}' AND x.held IS NOT 0
  AND x.done_at >= '{FIRST}' AND x.done_at < '{AFTER}'
GROUP BY 1, 2, 3"""


_AMOUNT = f"sum(d.cents * {_RATE} * {_HALVES})"
_DAYS = "CAST(julianday(d.closed_on) - julianday(d.created_on) AS INTEGER)"
_MARGIN, _COSTED = f"sum((o.cents - o.cost) * {_RATE})", "AND o.cost IS NOT NULL"
_CYCLE = f"""
SELECT month, person_id, segment, sum(days * halves), sum(halves),
  avg(CASE WHEN place IN ((times + 1) / 2, (times + 2) / 2) THEN days END)
FROM (
  SELECT *, row_number() OVER (PARTITION BY month, person_id, segment ORDER BY days)
      AS place, count(*) OVER (PARTITION BY month, person_id, segment) AS times
  FROM (
    SELECT substr(d.closed_on, 1, 7) AS month,
      coalesce(h.person_id, d.owner_id) AS person_id,
      coalesce(d.segment, a.of_account) AS segment,
      {_DAYS} AS days, {_HALVES} AS halves
    FROM deals d LEFT JOIN shares h ON h.deal_id = d.deal_id
    LEFT JOIN accounts a ON a.account_id = d.account_id
    WHERE d.outcome = 'won' AND d.closed_on >= d.created_on
      AND d.closed_on >= '{FIRST}' AND d.closed_on < '{AFTER}'))
GROUP BY 1, 2, 3"""
_TIMES = """LEFT JOIN (
  SELECT d.deal_id, count(*) AS times FROM deals d
  JOIN activities x ON x.deal_id = d.deal_id
  WHERE d.outcome = 'won' AND x.held IS NOT 0
    AND substr(x.done_at, 1, 10) <= substr(d.closed_on, 1, 10)
  GROUP BY 1) t ON t.deal_id = d.deal_id"""
QUERIES = {
    "revenue": _deals(_AMOUNT),
    "deals_won": _deals(f"sum({_HALVES})"),
    "win_rate": _deals(
        f"sum({_HALVES}) FILTER (WHERE d.outcome = 'won')",
        f"sum({_HALVES})",
        lost=True,
    ),
    "average_basket": _deals(_AMOUNT, f"sum({_HALVES})"),
    "sales_cycle_days": _CYCLE,
    "revenue_per_customer": _deals(_AMOUNT, "count(DISTINCT d.account_id)"),
    "gross_margin": _lines(_MARGIN, where=_COSTED),
    "gross_margin_rate": _lines(_MARGIN, f"sum(o.cents * {_RATE})", where=_COSTED),
    "units_sold": _lines("sum(o.quantity)"),
    "calls": _activities("call"),
    "meetings": _activities("meeting"),
    "interactions_before_win": _deals(
        f"sum(coalesce(t.times, 0) * {_HALVES})", f"sum({_HALVES})", more=_TIMES
    ),
}


def fetched(base: sqlite3.Connection, kpi: str) -> list[tuple[Any, ...]]:
    """Return the rows of one of the twelve."""
    return base.execute(QUERIES[kpi]).fetchall()
