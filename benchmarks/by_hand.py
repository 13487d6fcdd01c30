"""The twelve KPIs as somebody who knows these tables would write them for DuckDB.

Each answers month, person, the person's name, segment, numerator, denominator. Nothing
here comes from the product: it is what its answers are checked and timed against.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from benchmarks.sample import AFTER, FIRST

Key = tuple[date, str, str]
Sides = tuple[Decimal, Decimal | None]

_SPANS = """
  SELECT currency, "on" AS since, rate,
    lead("on", 1, DATE '9999-12-31') OVER (PARTITION BY currency ORDER BY "on") AS until
  FROM rates"""
_NAMED = """
SELECT CAST(c.month AS DATE) AS month, c.person_id, p.name, c.segment, c.above, c.below
FROM counted c LEFT JOIN people p ON p.person_id = c.person_id"""
_SHARE = "coalesce(h.share, 1)"
# DuckDB multiplies two DECIMAL(18) in 64 bits: one side must be wider.
_EUROS = "CAST(coalesce(r.rate, 1) AS DECIMAL(38, 6))"
_AMOUNT = f"sum(d.amount * ({_EUROS} * {_SHARE}))"
_MARGIN = f"sum((o.amount - o.cost) * {_EUROS})"


def _rates(row: str, day: str) -> str:
    return f"""LEFT JOIN ({_SPANS}) r
    ON r.currency = {row}.currency AND {day} >= r.since AND {day} < r.until"""


def _within(day: str) -> str:
    return f"{day} >= DATE '{FIRST}' AND {day} < DATE '{AFTER}'"


def _deals(
    above: str, below: str = "NULL", *, lost: bool = False, more: str = ""
) -> str:
    rates = _rates("d", "d.closed_on") if _EUROS in above else ""
    return f"""
WITH counted AS (
  SELECT date_trunc('month', d.closed_on) AS month,
    coalesce(h.person_id, d.owner_id) AS person_id,
    coalesce(d.segment, a.segment) AS segment,
    {above} AS above, {below} AS below {more}
  FROM deals d
  LEFT JOIN deal_shares h ON h.deal_id = d.deal_id
  LEFT JOIN accounts a ON a.account_id = d.account_id
  {rates}
  WHERE d.outcome IN ('won', '{"lost" if lost else "won"}')
    AND {_within("d.closed_on")}
  GROUP BY ALL)
{_NAMED}"""


def _lines(above: str, below: str = "NULL", *, where: str = "true") -> str:
    rates = _rates("o", 'o."on"') if _EUROS in above else ""
    return f"""
WITH counted AS (
  SELECT date_trunc('month', o."on") AS month, o.person_id,
    coalesce(o.segment, a.segment) AS segment, {above} AS above, {below} AS below
  FROM order_lines o
  LEFT JOIN accounts a ON a.account_id = o.account_id
  {rates}
  WHERE {where} AND {_within('o."on"')}
  GROUP BY ALL)
{_NAMED}"""


def _activities(kind: str) -> str:
    return f"""
WITH counted AS (
  SELECT date_trunc('month', x.done_at) AS month, x.person_id, a.segment,
    count(*) AS above, NULL AS below
  FROM activities x LEFT JOIN accounts a ON a.account_id = x.account_id
  WHERE x.kind = '{kind}' AND x.held IS DISTINCT FROM false AND {_within("x.done_at")}
  GROUP BY ALL)
{_NAMED}"""


_INTERACTIONS = f"""
WITH touches AS (
  SELECT d.deal_id, count(*) AS times
  FROM deals d JOIN activities x ON x.deal_id = d.deal_id
  WHERE d.outcome = 'won' AND x.held IS DISTINCT FROM false
    AND CAST(x.done_at AS DATE) <= d.closed_on AND {_within("d.closed_on")}
  GROUP BY 1),
counted AS (
  SELECT date_trunc('month', d.closed_on) AS month,
    coalesce(h.person_id, d.owner_id) AS person_id,
    coalesce(d.segment, a.segment) AS segment,
    coalesce(sum(t.times * {_SHARE}), 0) AS above, sum({_SHARE}) AS below
  FROM deals d
  LEFT JOIN deal_shares h ON h.deal_id = d.deal_id
  LEFT JOIN accounts a ON a.account_id = d.account_id
  LEFT JOIN touches t ON t.deal_id = d.deal_id
  WHERE d.outcome = 'won' AND {_within("d.closed_on")}
  GROUP BY ALL)
{_NAMED}"""

_SOUND = "FILTER (d.closed_on >= d.created_on)"
_COSTED = "o.cost IS NOT NULL"
QUERIES = {
    "revenue": _deals(_AMOUNT),
    "deals_won": _deals(f"sum({_SHARE})"),
    "win_rate": _deals(
        f"sum({_SHARE}) FILTER (d.outcome = 'won')", f"sum({_SHARE})", lost=True
    ),
    "average_basket": _deals(_AMOUNT, f"sum({_SHARE})"),
    "sales_cycle_days": _deals(
        f"sum((d.closed_on - d.created_on) * {_SHARE}) {_SOUND}",
        f"sum({_SHARE}) {_SOUND}",
        more=f", median(d.closed_on - d.created_on) {_SOUND} AS middle",
    ),
    "revenue_per_customer": _deals(_AMOUNT, "count(DISTINCT d.account_id)"),
    "gross_margin": _lines(_MARGIN, where=_COSTED),
    "gross_margin_rate": _lines(_MARGIN, f"sum(o.amount * {_EUROS})", where=_COSTED),
    "units_sold": _lines("sum(o.quantity)"),
    "calls": _activities("call"),
    "meetings": _activities("meeting"),
    "interactions_before_win": _INTERACTIONS,
}


def fetched(connection: duckdb.DuckDBPyConnection, kpi: str) -> list[tuple[Any, ...]]:
    """Return the rows of one of the twelve."""
    return connection.execute(QUERIES[kpi]).fetchall()


def sides(rows: list[tuple[Any, ...]]) -> dict[Key, Sides]:
    """Return numerator and denominator of each month, person and segment."""
    return {
        (month, person, segment): (
            Decimal(above or 0),
            None if below is None else Decimal(below),
        )
        for month, person, _, segment, above, below in rows
    }
