# ruff: noqa: S608 -- names come from the rules below; values are compared in SQL
"""Suspects: rows that contradict themselves, listed and kept.

A suspect stays in every count and amount; means of durations leave it out, by the same
condition as here (an end before its start).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from jalon.domain.facts.tables import TABLES

# A word is looked for in each stage once, not in each of a million deals.
_WORDS = {
    "won": r"\b(won|gagne|gagnee|signe|signee)\b",
    "lost": r"\b(lost|perdu|perdue)\b",
}
_SAYS_WON, _SAYS_LOST = (f"list_contains(${word}, stage)" for word in _WORDS)


@dataclass(frozen=True, slots=True)
class Rule:
    """A contradiction: the condition that shows it and the columns that witness it."""

    table: str
    code: str
    condition: str
    witnesses: tuple[str, ...]


def _backwards(table: str, code: str, start: str, end: str) -> Rule:
    """Return the rule of an end before its start."""
    return Rule(table, code, f'"{end}" < "{start}"', (start, end))


def _empty_range(table: str) -> Rule:
    """Return the rule of a half-open range that holds no day."""
    return Rule(table, "range_empty", '"after" <= "first"', ("first", "after"))


RULES = (
    _backwards("deals", "closed_before_created", "created_on", "closed_on"),
    _backwards("deals", "qualified_before_created", "created_on", "qualified_on"),
    _backwards("deals", "qualified_after_closed", "qualified_on", "closed_on"),
    Rule(
        "deals",
        "open_with_close_date",
        "outcome = 'open' AND closed_on IS NOT NULL",
        ("outcome", "closed_on"),
    ),
    Rule(
        "deals",
        "decided_without_close_date",
        "outcome IN ('won', 'lost') AND closed_on IS NULL",
        ("outcome", "stage"),
    ),
    Rule(
        "deals",
        "outcome_against_stage",
        f"(outcome <> 'won' AND {_SAYS_WON}) OR (outcome <> 'lost' AND {_SAYS_LOST})",
        ("outcome", "stage"),
    ),
    Rule(
        "deals",
        "lost_reason_on_won",
        "outcome = 'won' AND lost_reason IS NOT NULL",
        ("outcome", "lost_reason"),
    ),
    _backwards(
        "leads", "qualified_before_created", "created_on", "marketing_qualified_on"
    ),
    _backwards("leads", "qualified_before_created", "created_on", "sales_qualified_on"),
    _backwards("leads", "converted_before_created", "created_on", "converted_on"),
    _backwards("leads", "lost_before_created", "created_on", "lost_on"),
    Rule(
        "leads",
        "converted_and_lost",
        "converted_on IS NOT NULL AND lost_on IS NOT NULL",
        ("converted_on", "lost_on"),
    ),
    Rule("order_lines", "without_date", '"on" IS NULL', ("order_id", "line_id")),
    _backwards("tickets", "closed_before_opened", "opened_at", "closed_at"),
    _backwards("people", "left_before_started", "started_on", "left_on"),
    Rule(
        "people", "own_manager", "manager_id = person_id", ("person_id", "manager_id")
    ),
    Rule("teams", "own_parent", "parent_id = team_id", ("team_id", "parent_id")),
    *(
        _empty_range(table)
        for table in ("memberships", "absences", "spend", "markets", "subscriptions")
    ),
    Rule(
        "subscriptions",
        "renewed_but_ended",
        "renewed AND after <= renewal_due_on",
        ("renewed", "renewal_due_on", "after"),
    ),
    Rule("subscriptions", "mrr_negative", "mrr < 0", ("mrr",)),
    Rule(
        "deal_shares",
        "shares_exceed_whole",
        "deal_id IN (SELECT deal_id FROM deal_shares "
        "GROUP BY deal_id HAVING sum(share) > 1.000001)",
        ("person_id", "share"),
    ),
    Rule(
        "answers",
        "score_outside_scale",
        "score < 0 OR (scale IS NOT NULL AND score > scale)",
        ("score", "scale"),
    ),
    Rule("rates", "rate_not_positive", "rate <= 0", ("rate",)),
)


def recompute(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str] = TABLES
) -> dict[str, int]:
    """List the suspects of these tables anew; return how many of each code."""
    wanted = set(tables)
    connection.execute(
        "DELETE FROM suspects WHERE list_contains(?, table_name)", [sorted(wanted)]
    )
    stages = _stages(connection) if "deals" in wanted else {}
    for table in TABLES:
        own = [rule for rule in RULES if rule.table == table and table in wanted]
        if own:
            _list(connection, table, own, stages)
    return counted(connection)


def counted(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many suspects of each code a generation lists, by `table.code`."""
    rows = connection.execute(
        "SELECT table_name || '.' || code, count(*) FROM suspects GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return {str(code): int(count) for code, count in rows}


def _stages(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the stages of deals whose name says won, and lost, by word."""
    rows = connection.execute("SELECT DISTINCT stage FROM deals").fetchall()
    stages = [stage for (stage,) in rows if stage is not None]
    return {word: _saying(connection, word, stages) for word in _WORDS}


def _saying(
    connection: duckdb.DuckDBPyConnection, word: str, stages: list[str]
) -> list[str]:
    rows = connection.execute(
        "SELECT stage FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS stage) "
        "WHERE regexp_matches(strip_accents(lower(stage)), ?)",
        [stages, _WORDS[word]],
    ).fetchall()
    return [str(stage) for (stage,) in rows]


def _list(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rules: Sequence[Rule],
    stages: Mapping[str, list[str]],
) -> None:
    """Add what the rules of a table find: one reading of it, then of the rows found."""
    conditions = " OR ".join(f"({rule.condition})" for rule in rules)
    names = dict.fromkeys(
        [*TABLES[table].keys, *(name for rule in rules for name in rule.witnesses)]
    )
    cells = ", ".join(f'"{name}"' for name in names)
    tests = ", ".join(
        f"({rule.condition}) AS c{place}" for place, rule in enumerate(rules)
    )
    said = {word: stages[word] for word in _WORDS if f"${word}" in conditions}
    found = connection.execute(
        f"CREATE OR REPLACE TEMP TABLE odd AS SELECT {cells}, {tests} "
        f'FROM "{table}" WHERE {conditions}',
        said,
    ).fetchall()
    for place, rule in enumerate(rules if found != [(0,)] else ()):
        connection.execute(_listing(rule, f"c{place}"))
    connection.execute("DROP TABLE temp.odd")


def _listing(rule: Rule, found: str) -> str:
    """Return the statement that adds the rows a rule finds; a key joins with `/`."""
    parts = [f"CAST(\"{name}\" AS VARCHAR), ''" for name in TABLES[rule.table].keys]
    key = " || '/' || ".join(f"coalesce({part})" for part in parts)
    detail = " || '; ' || ".join(
        f"'{name}=' || coalesce(CAST(\"{name}\" AS VARCHAR), '')"
        for name in rule.witnesses
    )
    return (
        f"INSERT INTO suspects SELECT '{rule.table}', {key}, '{rule.code}', {detail} "
        f"FROM temp.odd WHERE {found} ORDER BY 2"
    )
