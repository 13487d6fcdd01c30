"""What a deal's row says without saying it: its outcome, and its expected close.

The outcome is the mapped one; else the flags (won, closed); else the stage's words.
Where two of them disagree the first wins. A closing date on an open deal is an expected
close.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jalon.connectors.files import cells
from jalon.connectors.files.mapping import TableMapping
from jalon.connectors.files.sql import Node, column, named, sql

_FLAGS = {
    "is_won": {"iswon", "won", "hsisclosedwon", "gagne", "gagnee", "estgagne"},
    "is_closed": {"isclosed", "closed", "hsisclosed", "cloture", "cloturee", "estclos"},
}
_ACCENTS = str.maketrans("éèêàâîïôûùç", "eeeaaiiouuc")
_WON = "(^|[^a-z])(won|win|gagn[a-zé]*|sign[ée]e?s?|vendue?s?|conclue?s?)($|[^a-z])"
_LOST = "(^|[^a-z])(lost|perdue?s?|abandonn[a-zé]*|sans suite)($|[^a-z])"


def flags_of(headers: Sequence[str]) -> dict[str, str]:
    """Return the headers of the won and closed flags: {"is_won": "IsWon", …}."""
    found: dict[str, str] = {}
    for header in headers:
        plain = re.sub(r"[^a-z]", "", header.casefold().translate(_ACCENTS))
        for kind, names in _FLAGS.items():
            if plain in names:
                found.setdefault(kind, header)
    return found


def outcome_of(table: TableMapping, headers: Sequence[str]) -> tuple[Node, ...]:
    """Return the column `told` of a deal: its outcome; none for another table."""
    return (named(_outcome(table, headers), "told"),) if table.into == "deals" else ()


def columns_of(table: TableMapping) -> dict[str, Node]:
    """Return the canonical columns of a deal that follow from `told`, by name."""
    if table.into != "deals":
        return {}
    still_open = "CASE WHEN told = 'open' THEN v_closed_on END"
    return {
        "outcome": column("told"),
        "closed_on": sql("CASE WHEN told <> 'open' THEN v_closed_on END"),
        "expected_close_on": sql(f"coalesce(v_expected_close_on, {still_open})"),
    }


def _outcome(table: TableMapping, headers: Sequence[str]) -> Node:
    parts = [column("v_outcome")]
    flags = flags_of(headers)
    if "is_won" in flags:
        won = cells.flag(column("is_won"))
        parts.append(sql("CASE WHEN $won THEN 'won' END", won=won))
    if "is_closed" in flags:
        closed = cells.flag(column("is_closed"))
        over = sql("'lost'") if "is_won" in flags else sql("NULL")
        parts.append(
            sql(
                "CASE WHEN $c THEN $over WHEN NOT $c THEN 'open' END",
                c=closed,
                over=over,
            )
        )
    if "stage" in table.filled():
        parts.append(_said_by_stage())
    node = sql("'open'")
    for part in reversed(parts):
        node = sql("coalesce($a, $b)", a=part, b=node)
    return node


def _said_by_stage() -> Node:
    """Return won or lost where the stage says so, else NULL."""
    return sql(
        "CASE WHEN regexp_matches($s, $lost) THEN 'lost' "
        "WHEN regexp_matches($s, $won) THEN 'won' END",
        s=sql("lower(replace(v_stage, '_', ' '))"),
        lost=_LOST,
        won=_WON,
    )
