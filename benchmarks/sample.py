"""A company as large as wanted, made inside the engine from hashes of row numbers.

At scale 1: 1 M deals, 5 M activities, 2 M order lines, 200 people, 4 segments, the 36
months from January 2024. One deal in a hundred is shared, one amount in twenty is in
dollars; segments stand on accounts, and on one deal in ten. Rows lie as an import
lays them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from jalon.domain.periods import Period
from jalon.warehouse.generations import Generations
from jalon.warehouse.laying import order_of
from jalon.workspace.folder import Workspace, opened

PEOPLE, TEAMS, SEGMENTS, MONTHS = 200, 10, 4, 36
DEALS, ACTIVITIES, LINES, ACCOUNTS = 1_000_000, 5_000_000, 2_000_000, 50_000
FIRST, AFTER = "2024-01-01", "2027-01-01"


def period() -> Period:
    return Period(date.fromisoformat(FIRST), date.fromisoformat(AFTER))


def made(folder: Path, scale: float) -> Workspace:
    """Return a workspace whose current generation is the sample."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jalon.toml").write_text(
        'company = "Bench"\ncurrency = "EUR"\nrevenue_basis = "deals"\n', "utf-8"
    )
    workspace = opened(folder)

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(_DRAW)
        for name, count, query in _TABLES:
            rows = count if name in _FIXED else max(1, int(count * scale))
            drawn = query.format(
                rows=rows,
                accounts=max(1, int(ACCOUNTS * scale)),
                deals=max(1, int(DEALS * scale)),
            )
            order = ", ".join((*order_of(name), "source_id"))
            laid = f"ORDER BY {order}" if order_of(name) else ""
            connection.execute(f"INSERT INTO {name} BY NAME FROM ({drawn}) {laid}")

    Generations(workspace.warehouse).publish(fill)
    return workspace


# A number from 0 to `below` - 1, the same on each run: row number and a salt.
_DRAW = """
CREATE OR REPLACE TEMP MACRO draw(n, salt, below) AS
  CAST(hash(n * 1000003 + salt * 7919) % below AS BIGINT)
"""
_SEGMENT = "['SME', 'Key accounts', 'Public', 'Retail'][1 + draw(range, {salt}, 4)]"
_DAY = f"CAST(DATE '{FIRST}' + CAST(draw(range, {{salt}}, 1096) AS INTEGER) AS DATE)"
_FIXED = {"people", "teams", "memberships", "rates"}
_TABLES = (
    (
        "teams",
        TEAMS,
        "SELECT 't' || range AS team_id, 'Team ' || range AS name FROM range({rows})",
    ),
    (
        "people",
        PEOPLE,
        (
            "SELECT 'p' || range AS person_id, 'Person ' || range AS name, "
            f"'t' || (range % {TEAMS}) AS team_id, DATE '2023-01-01' AS started_on "
            "FROM range({rows})"
        ),
    ),
    (
        "memberships",
        PEOPLE,
        (
            f"SELECT 'p' || range AS person_id, 't' || (range % {TEAMS}) AS team_id, "
            "DATE '2023-01-01' AS first FROM range({rows})"
        ),
    ),
    (
        "rates",
        MONTHS,
        (
            "SELECT 'USD' AS currency, "
            f"CAST(DATE '{FIRST}' + to_months(range::INTEGER) AS DATE) AS \"on\", "
            "0.9 + range * 0.001 AS rate FROM range({rows})"
        ),
    ),
    (
        "accounts",
        ACCOUNTS,
        (
            "SELECT 'a' || range AS account_id, 'Account ' || range AS name, "
            f"{_SEGMENT.format(salt=1)} AS segment, "
            f"'p' || draw(range, 2, {PEOPLE}) AS owner_id FROM range({{rows}})"
        ),
    ),
    (
        "deals",
        DEALS,
        f"""
        WITH drawn AS (
          SELECT range, {_DAY.format(salt=3)} AS created_on,
            CAST(5 + draw(range, 4, 120) AS INTEGER) AS days,
            draw(range, 5, 100) AS fate
          FROM range({{rows}}))
        SELECT 'd' || range AS deal_id, 'Deal ' || range AS name,
          'a' || draw(range, 6, {{accounts}}) AS account_id,
          'p' || draw(range, 7, {PEOPLE}) AS owner_id,
          CAST(500 + draw(range, 8, 5000000) / 100.0 AS DECIMAL(18, 2)) AS amount,
          CASE WHEN draw(range, 9, 20) = 0 THEN 'USD' ELSE 'EUR' END AS currency,
          CASE WHEN draw(range, 10, 10) = 0 THEN {_SEGMENT.format(salt=11)} END
            AS segment,
          created_on, CAST(created_on + days AS DATE) AS expected_close_on,
          CASE WHEN fate < 75 THEN CAST(created_on + days AS DATE) END AS closed_on,
          CASE WHEN fate < 30 THEN 'won' WHEN fate < 75 THEN 'lost' ELSE 'open' END
            AS outcome,
          'bench' AS source, CAST(range AS VARCHAR) AS source_id
        FROM drawn""",
    ),
    (
        "deal_shares",
        DEALS // 100,
        (
            "SELECT 'd' || (range // 2 * 200) AS deal_id, "
            f"'p' || ((draw(range // 2, 12, {PEOPLE}) + range % 2) % {PEOPLE}) "
            "AS person_id, 0.5 AS share FROM range({rows})"
        ),
    ),
    (
        "activities",
        ACTIVITIES,
        f"""
        SELECT 'x' || range AS activity_id,
          ['call', 'call', 'email', 'meeting', 'demo', 'proposal'][
            1 + draw(range, 13, 6)] AS kind,
          'p' || draw(range, 14, {PEOPLE}) AS person_id,
          'a' || draw(range, 15, {{accounts}}) AS account_id,
          CASE WHEN draw(range, 16, 10) < 8
            THEN 'd' || draw(range, 17, {{deals}}) END AS deal_id,
          {_DAY.format(salt=18)} + to_minutes(480 + draw(range, 19, 600)) AS done_at,
          CASE draw(range, 20, 20) WHEN 0 THEN NULL WHEN 1 THEN FALSE WHEN 2 THEN FALSE
            ELSE TRUE END AS held,
          'bench' AS source, CAST(range AS VARCHAR) AS source_id
        FROM range({{rows}})""",
    ),
    (
        "order_lines",
        LINES,
        f"""
        WITH drawn AS (
          SELECT range, range // 2 AS bill,
            CAST(10 + draw(range, 21, 300000) / 100.0 AS DECIMAL(18, 2)) AS price
          FROM range({{rows}}))
        SELECT 'o' || bill AS order_id, CAST(range AS VARCHAR) AS line_id,
          'a' || draw(bill, 22, {{accounts}}) AS account_id,
          'p' || draw(bill, 23, {PEOPLE}) AS person_id,
          CAST(DATE '{FIRST}' + CAST(draw(bill, 24, 1096) AS INTEGER) AS DATE) AS "on",
          1 + draw(range, 25, 9) AS quantity,
          CASE WHEN draw(range, 26, 50) = 0 THEN -price ELSE price END AS amount,
          CASE WHEN draw(range, 27, 50) > 0
            THEN CAST(price * (40 + draw(range, 28, 40)) / 100 AS DECIMAL(18, 2)) END
            AS cost,
          CASE WHEN draw(bill, 29, 20) = 0 THEN 'USD' ELSE 'EUR' END AS currency,
          'bench' AS source, CAST(range AS VARCHAR) AS source_id
        FROM drawn""",
    ),
)
