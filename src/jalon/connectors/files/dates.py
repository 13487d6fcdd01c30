"""Dates written by people: ISO, day or month first, months in words, Excel serials.

The order of day and month is decided once for a column, over all its values: a number
above 12 tells; where none does, the day comes first unless the clock says AM or PM. A
moment with an offset is moved to the company's time zone; others are taken as local.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
from sqlglot import exp

from jalon.connectors.files.sql import Node, column, first_of, over, run, sql, texts

_MONTHS = {
    "01": "jan[a-z]*",
    "02": "f[eé][bv][a-zé]*",
    "03": "mar[a-z]*",
    "04": "a[pv]r[a-z]*",
    "05": "ma[iy]",
    "06": "june?|juin|jun",
    "07": "july?|juil[a-z]*|jul",
    "08": "aug[a-z]*|ao[uû]t?",
    "09": "sep[a-z]*",
    "10": "o[ck]t[a-z]*",
    "11": "nov[a-z]*",
    "12": "d[eé]c[a-z]*|dez[a-z]*",
}
_WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim"
_CLOCK = r"9{1,2}:99(?::99(?:[.,](?P<fraction>9+))?)?"
_NUMERIC = re.compile(
    rf"(?P<a>9{{1,2}})(?P<mark>[/.\- ])9{{1,2}}(?P=mark)(?P<year>9{{4}}|9{{2}})"
    rf"(?P<rest>(?P<gap>,? |T|, | à | at )(?P<clock>{_CLOCK})(?P<half> ?[AP]M)?)?"
)
_ISO = re.compile(
    rf"9{{4}}(?P<mark>[/.-])9{{1,2}}(?P=mark)9{{1,2}}"
    rf"(?:(?P<gap>[ T])(?P<clock>{_CLOCK})(?P<half> ?[AP]M)?)?"
)
_OFFSET = re.compile(r"9{4}-99-99[ T]99:99(?::99(?:\.9+)?)? ?(?:Z|UTC|[+-]99(?::?99)?)")
_WORDS = re.compile(
    rf"(9{{1,2}}|m99)([ ./-]+)(9{{1,2}}|m99)(,? ?[ ./-]?)(9{{4}}|9{{2}})( {_CLOCK})?"
)
_FIXED = {
    "9" * 8: "%Y%m%d",
    "9" * 14: "%Y%m%d%H%M%S",
    "9999-99": "%Y-%m",
    "9999/99": "%Y/%m",
    "99/9999": "%m/%Y",
    "9/9999": "%m/%Y",
    "99-9999": "%m-%Y",
}
_SERIAL = re.compile(r"9{5}(?:[.,]9+)?")
SECONDS, MILLISECONDS = 10, 13


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a column writes dates; `order` is "day", "month" or "" where none shows.

    `assumed` is true where nothing in the column told day from month.
    """

    formats: tuple[str, ...] = ()
    iso: bool = False
    offsets: bool = False
    serials: bool = False
    epoch: bool = False
    words: bool = False
    order: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class _Shape:
    """A way dates are written: digits as 9, how many, how many cannot be months."""

    text: str
    count: int
    first_above: int
    second_above: int


ISO_DATES = DateReading(iso=True)


def date_reading(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, fixed: str = ""
) -> DateReading:
    """Return how a text column writes its dates; `fixed` is a format that overrules."""
    if fixed:
        return DateReading(formats=(fixed,))
    query = sql(
        "SELECT count(v), count(*) FILTER (length(v) = 10 AND "
        "try_cast(v AS DATE) IS NOT NULL) FROM (SELECT DISTINCT $value AS v "
        "FROM source) AS written",
        value=column(name),
    )
    filled, plain = run(connection, over(query, source=relation))[0]
    if filled == plain:
        return ISO_DATES
    return reading_of(_shapes(connection, relation, name))


def _shapes(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str
) -> list[_Shape]:
    query = sql(
        "SELECT translate($text, '012345678', '999999999') AS shape, sum(n) AS n, "
        "coalesce(sum(n) FILTER "
        "(try_cast(regexp_extract($text, $first, 1) AS INT) > 12), 0), "
        "coalesce(sum(n) FILTER "
        "(try_cast(regexp_extract($text, $second, 1) AS INT) > 12), 0) "
        "FROM (SELECT $value AS v, count(*) AS n FROM source GROUP BY 1) AS written "
        "WHERE v IS NOT NULL GROUP BY shape ORDER BY n DESC LIMIT 500",
        value=column(name),
        text=_spelled(column("v")),
        first="^([0-9]{1,2})[^0-9]",
        second="^[0-9]{1,2}[^0-9]([0-9]{1,2})",
    )
    rows = run(connection, over(query, source=relation))
    return [_Shape(*row) for row in rows]


def reading_of(shapes: Iterable[_Shape]) -> DateReading:
    """Return the reading that fits the shapes of a column."""
    found = list(shapes)
    order, assumed = _order(found)
    formats: dict[str, None] = {}
    for shape in found:
        one = _format(shape.text, order)
        if one:
            formats[one] = None
    return DateReading(
        formats=tuple(formats),
        iso=any(_ISO.fullmatch(one.text) for one in found),
        offsets=any(_OFFSET.fullmatch(one.text) for one in found),
        serials=any(_SERIAL.fullmatch(one.text) for one in found),
        epoch=any(one.text in {"9" * SECONDS, "9" * MILLISECONDS} for one in found),
        words=any("m99" in one.text for one in found),
        order=order,
        assumed=assumed,
    )


def _order(shapes: list[_Shape]) -> tuple[str, bool]:
    numeric = [one for one in shapes if _NUMERIC.fullmatch(one.text)]
    if not numeric:
        return "", False
    day = sum(one.first_above for one in numeric)
    month = sum(one.second_above for one in numeric)
    if day != month:
        return ("day" if day > month else "month"), False
    halves = any(one.text.endswith("M") for one in numeric)
    return ("month" if halves else "day"), True


def _format(shape: str, order: str) -> str:
    """Return the strptime format of a shape, "" where it is not one."""
    if shape in _FIXED:
        return _FIXED[shape]
    if found := _NUMERIC.fullmatch(shape):
        mark = found["mark"]
        pair = ("%d", "%m") if order == "day" else ("%m", "%d")
        year = "%Y" if len(found["year"]) == 4 else "%y"  # noqa: PLR2004
        return mark.join([*pair, year]) + _clock(found)
    found = _ISO.fullmatch(shape)
    if found and (found["mark"] != "-" or found["half"]):
        return found["mark"].join(["%Y", "%m", "%d"]) + _clock(found)
    return _format_of_words(shape)


def _format_of_words(shape: str) -> str:
    found = _WORDS.fullmatch(shape)
    if not found or (found[1] == "m99") == (found[3] == "m99"):
        return ""
    parts = ["m%m" if found[place] == "m99" else "%d" for place in (1, 3)]
    year = "%Y" if len(found[5]) == 4 else "%y"  # noqa: PLR2004
    clock = {0: "", 1: " %H:%M", 2: " %H:%M:%S"}[(found[6] or "").count(":")]
    return parts[0] + found[2] + parts[1] + found[4] + year + clock


def _clock(found: re.Match[str]) -> str:
    clock = found["clock"]
    if not clock:
        return ""
    hour = "%I" if found["half"] else "%H"
    parts = {1: f"{hour}:%M", 2: f"{hour}:%M:%S"}[clock.count(":")]
    fraction = ".%f" if found["fraction"] else ""
    half = {0: "", 2: "%p", 3: " %p"}[len(found["half"] or "")]
    return str(found["gap"]) + parts + fraction + half


def moment(reading: DateReading, value: Node, timezone: str) -> Node:
    """Return the SQL timestamp of a text, local time, NULL where it is not one."""
    pairs: list[tuple[Node, Node]] = []
    if reading.offsets:
        pairs.append(
            (
                sql("regexp_matches($v, $offset)", v=value, offset=_OFFSET_TEXT),
                sql(
                    "try_cast(replace($v, ' UTC', 'Z') AS TIMESTAMPTZ) "
                    "AT TIME ZONE $zone",
                    v=value,
                    zone=timezone,
                ),
            )
        )
    if reading.serials:
        pairs.append((_matches(value, "[0-9]{5}([.,][0-9]+)?"), _serial(value)))
    if reading.epoch:
        pairs.append((_matches(value, "[0-9]{10}|[0-9]{13}"), _epoch(value, timezone)))
    return first_of(pairs, _written(reading, value))


_OFFSET_TEXT = (
    "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)$"
)


def _matches(value: Node, pattern: str) -> Node:
    return sql("regexp_full_match($v, $pattern)", v=value, pattern=pattern)


def _serial(value: Node) -> Node:
    """Return the moment of an Excel serial: days since 30 December 1899."""
    return sql(
        "TIMESTAMP '1899-12-30' + to_seconds(CAST(round("
        "try_cast(replace($v, ',', '.') AS DOUBLE) * 86400) AS BIGINT))",
        v=value,
    )


def _epoch(value: Node, timezone: str) -> Node:
    return sql(
        "make_timestamptz(CASE WHEN length($v) = 13 THEN try_cast($v AS BIGINT) * 1000 "
        "ELSE try_cast($v AS BIGINT) * 1000000 END) AT TIME ZONE $zone",
        v=value,
        zone=timezone,
    )


def _written(reading: DateReading, value: Node) -> Node:
    spelled = _spelled(value) if reading.words else value
    parsed = sql(
        "try_strptime($v, $formats)", v=spelled, formats=texts(reading.formats)
    )
    iso = sql("try_cast($v AS TIMESTAMP)", v=value)
    if not reading.formats:
        return iso if reading.iso else exp.null()
    return (
        sql("coalesce($iso, $parsed)", iso=iso, parsed=parsed)
        if reading.iso
        else parsed
    )


def _spelled(value: Node) -> Node:
    """Return the text with its month in words written `m01`, and no weekday."""
    node = value
    for number, words in _MONTHS.items():
        node = sql(
            "regexp_replace($v, $word, $number)",
            v=node,
            word=rf"(?i)(^|[^a-zé])(?:{words})\.?($|[^a-zé])",
            number=rf"\1m{number}\2",
        )
    return sql(
        "CASE WHEN regexp_matches($raw, '\\p{L}{3}') THEN "
        "regexp_replace($v, $weekday, '') ELSE $raw END",
        raw=value,
        v=node,
        weekday=rf"(?i)^(?:{_WEEKDAYS})[a-z]*\.?,? ",
    )
