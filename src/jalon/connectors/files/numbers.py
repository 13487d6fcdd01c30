"""Numbers written by people: `1 234,50 €`, `(1 234)`, `15 %`, `1,234.56`, `12 k€`.

How a column writes its decimals is decided once, over all its values. A percentage is a
share: `15 %` is 0.15. A number text is normalised to one that SQL casts exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from jalon.connectors.files.sql import Node, column, named, over, run, sql

PLAIN, POINT, COMMA = "plain", "point", "comma"
DEEPEST_SCALE = 9
_SPACES = r"\s\x{00a0}\x{202f}\x{2009}\x{2007}'’"
_BEFORE = rf"[{_SPACES}(+\x{{2212}}-]*(?:[€$£¥₹]|[A-Z]{{1,3}}\$|[A-Z]{{3}})?"
_AFTER = (
    rf"[{_SPACES}]*(?:[kKM]?[{_SPACES}]*(?:[€$£¥₹]|[A-Z]{{3}}|(?i:euros?|dollars?)"
    rf"|kr|zł|Kč|Ft|CHF|F|Fr\.?)?|%)[{_SPACES})\x{{2212}}-]*"
)


@dataclass(frozen=True, slots=True)
class NumberReading:
    """How a column writes numbers: its style, and the most digits on each side."""

    style: str
    digits: int = 12
    scale: int = 6

    @property
    def exact_type(self) -> str:
        """Return the narrowest SQL type that holds every value exactly."""
        return f"DECIMAL({self.digits + self.scale}, {self.scale})"


def number_readings(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[str],
    *,
    comma_likely: bool = False,
) -> dict[str, NumberReading]:
    """Return how each text column writes its numbers.

    `comma_likely` settles a column where `1,234` or `1.234` is all there is to see.
    """
    if not columns:
        return {}
    facts = run(connection, over(_facts_query(columns), source=relation))[0]
    width = len(_FACTS)
    found = {}
    for place, name in enumerate(columns):
        filled, plain, dotted, dotted3, digits, scale = facts[
            place * width : (place + 1) * width
        ]
        ambiguous = comma_likely and dotted and dotted == dotted3
        if plain == filled and not ambiguous:
            whole = min(max(digits or 1, 1), 28)
            deep = min(scale or 0, DEEPEST_SCALE)
            found[name] = NumberReading(PLAIN, whole, deep)
        else:
            shapes = _shapes(connection, relation, name)
            found[name] = NumberReading(_style(shapes, comma_likely=comma_likely))
    return found


_FACTS = (
    "count($value)",
    "count(try_cast($value AS DECIMAL(38, 9)))",
    "count(*) FILTER (contains($value, '.'))",
    "count(*) FILTER (strpos($value, '.') = length($value) - 3)",
    "max(length(split_part($value, '.', 1)))",
    "max(length(split_part($value, '.', 2)))",
)


def _facts_query(columns: Sequence[str]) -> Node:
    facts = [sql(fact, value=column(name)) for name in columns for fact in _FACTS]
    return exp.select(*facts).from_("source")


def _shapes(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str
) -> list[tuple[str, bool, int]]:
    """Return (shape, starts with a zero, how many): digits are written 9."""
    query = sql(
        "SELECT translate($value, '012345678', '999999999') AS shape, "
        "contains($value, '0') AND regexp_matches($value, '^[^0-9]*0[.,]') AS zero, "
        "count(*) AS n FROM source "
        "WHERE $value IS NOT NULL GROUP BY ALL ORDER BY n DESC LIMIT 2000",
        value=column(name),
    )
    return run(connection, over(query, source=relation))


def _style(shapes: Iterable[tuple[str, bool, int]], *, comma_likely: bool) -> str:
    votes = {COMMA: 0, POINT: 0}
    for shape, zero, count in shapes:
        vote = _vote(re.sub(r"[^9.,]", "", shape).rstrip(".,"), zero=zero)
        if vote:
            votes[vote] += count
    if votes[COMMA] == votes[POINT]:
        return COMMA if comma_likely else POINT
    return max(votes, key=lambda style: votes[style])


def _vote(core: str, *, zero: bool) -> str:
    """Return which decimal mark one shape speaks for, "" if it could be either."""
    marks = [mark for mark in core if mark in ",."]
    if not marks:
        return ""
    if len(set(marks)) == 2:  # noqa: PLR2004
        return COMMA if marks[-1] == "," else POINT
    own, other = (COMMA, POINT) if marks[0] == "," else (POINT, COMMA)
    if len(marks) > 1:
        return other
    before, _, after = core.partition(marks[0])
    grouped = len(after) == 3 and 1 <= len(before) <= 3  # noqa: PLR2004
    return own if zero or not grouped else ""


def number_text(reading: NumberReading, value: Node) -> Node:
    """Return the SQL text of a number, castable, or NULL where there is none."""
    if reading.style == PLAIN:
        return value
    mark, group = (",", ".") if reading.style == COMMA else (".", ",")
    whole = rf"(?:[0-9]{{1,3}}(?:[{group}{_SPACES}][0-9]{{2,3}})+|[0-9]*)"
    pattern = rf"{_BEFORE}{_BEFORE}{whole}(?:[{mark}][0-9]*)?{_AFTER}"
    return sql(
        "CASE WHEN contains(lower($value), 'e') "
        "AND try_cast($plain AS DOUBLE) IS NOT NULL THEN $value "
        "WHEN regexp_full_match($value, $pattern) THEN concat("
        "CASE WHEN contains($value, '-') OR contains($value, '(') "
        "OR contains($value, '\u2212') THEN '-' ELSE '' END, "
        "replace(regexp_replace($value, $others, '', 'g'), $mark, '.'), "
        "CASE WHEN contains($value, '%') THEN 'e-2' "
        "WHEN contains(lower($value), 'k') "
        "AND regexp_matches($value, $thousands) THEN 'e3' "
        "WHEN contains($value, 'M') "
        "AND regexp_matches($value, $millions) THEN 'e6' ELSE '' END) END",
        value=value,
        plain=value,
        pattern=pattern,
        others=f"[^0-9{mark}]",
        mark=mark,
        thousands=rf"[0-9][{_SPACES}]*[kK](?:[{_SPACES}]*[€$£]|[{_SPACES}]*$)",
        millions=rf"[0-9][{_SPACES}]*M(?:[{_SPACES}]*[€$£]|[{_SPACES}]*$)",
    )


def number(reading: NumberReading, value: Node, kind: str) -> Node:
    """Return the number as a SQL type, NULL where it cannot be read as one."""
    cast = sql("try_cast($text AS DOUBLE)", text=number_text(reading, value))
    cast.set("to", exp.DataType.build(kind, dialect="duckdb"))
    return cast


def scales(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    readings: Mapping[str, NumberReading],
) -> dict[str, NumberReading]:
    """Return the readings with the digits that a column not plain really has."""
    exact = dict(readings)
    for name, reading in readings.items():
        if reading.style == PLAIN:
            continue
        text = named(number_text(reading, column(name)), "shown")
        query = exp.select(
            sql("max(length(split_part(shown, '.', 1)))"),
            sql("max(length(split_part(shown, '.', 2)))"),
            sql("bool_or(contains(shown, 'e'))"),
        ).from_(exp.select(text).from_("source").subquery("texts"))
        digits, scale, powers = run(connection, over(query, source=relation))[0]
        if not powers:
            exact[name] = NumberReading(
                reading.style, min(digits or 1, 28), min(scale or 0, DEEPEST_SCALE)
            )
    return exact
