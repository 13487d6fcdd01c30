"""How a delimited text file is written: delimiter, quote, titles above, headers.

The delimiter is the one that cuts the most lines into the same number of fields.
"""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
_TITLES = 8  # a report's name, its filters, its day, blank rows
_VALUE = re.compile(r"[-+(]?[€$£]?\s?\d[\d\s.,:/%€$£)-]*$")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of writing; `skip` is the number of records above the first row of data."""

    delimiter: str
    quote: str
    escape: str
    skip: int
    headers: tuple[str, ...]


def sniffed(
    text: str,
    *,
    headers: Sequence[str] = (),
    delimiter: str = "",
    whole: bool = True,
) -> Dialect:
    """Return the dialect of the beginning of a file.

    Args:
        text: The first part of the file.
        headers: The names of the columns, of a file known to have none.
        delimiter: The delimiter, where it is known.
        whole: Whether `text` is the whole file; otherwise its last line is left out.
    """
    text = text.removeprefix("\ufeff")
    if not whole and "\n" in text:
        text = text[: text.rfind("\n") + 1]
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    delimiter = delimiter or (declared[1] if declared else _delimiter(text))
    escape = "\\" if re.search(r'[^\\]\\"[^\r\n' + delimiter + "]", text) else '"'
    rows = _rows(text, delimiter, escape)
    width = max(_usual_width(rows), len(headers))
    return _placed(rows, width, Dialect(delimiter, '"', escape, 0, tuple(headers)))


def _delimiter(text: str) -> str:
    scores = {one: _score(_rows(text, one, '"')) for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: scores[one])


def _score(rows: list[list[str]]) -> float:
    """Return how alike the rows are once cut, more where they are cut in more parts.

    The headers count for half: a comma in every amount is not in the headers.
    """
    width = _usual_width(rows)
    if width < 2:  # noqa: PLR2004
        return 0.0
    alike = sum(len(row) == width for row in rows) / len(rows)
    heads = len(rows[0]) == width
    return alike * math.log2(1 + width) * (1 if heads else 0.5)


def _usual_width(rows: list[list[str]]) -> int:
    widths = Counter(len(row) for row in rows if row)
    return widths.most_common(1)[0][0] if widths else 1


def _rows(text: str, delimiter: str, escape: str) -> list[list[str]]:
    doubled = escape == '"'
    lines = text.splitlines(keepends=True)
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        doublequote=doubled,
        escapechar=None if doubled else escape,
    )
    try:
        return list(itertools.islice(reader, SAMPLE_ROWS))
    except csv.Error:
        return [line.rstrip("\r\n").split(delimiter) for line in lines[:SAMPLE_ROWS]]


def _placed(rows: list[list[str]], width: int, dialect: Dialect) -> Dialect:
    """Return the dialect with its headers found, or made up, and what to skip."""
    above = next((n for n, row in enumerate(rows) if len(row) == width), 0)
    while width > 2 and above + 1 < len(rows) and _is_title(rows, above, width):  # noqa: PLR2004
        above += 1
        while above + 1 < len(rows) and not any(cell.strip() for cell in rows[above]):
            above += 1
    first = rows[above] if rows else []
    if dialect.headers:
        skip = above + (tuple(_tidy(first)) == dialect.headers)
        names = [*dialect.headers, *_made_up(width)[len(dialect.headers) :]]
    elif _is_header(first, rows[above + 1 :]):
        skip, names = above + 1, _tidy(first)
    else:
        skip, names = above, _made_up(width)
    return Dialect(
        dialect.delimiter, dialect.quote, dialect.escape, skip, _unique(names)
    )


def _is_title(rows: list[list[str]], place: int, width: int) -> bool:
    """Return whether a row has a cell or two where a row not far below is filled."""
    counts = [sum(bool(cell.strip()) for cell in row) for row in rows[place:]]
    few = max(1, width // 5)
    following = next((count for count in counts[1:_TITLES] if count > few), 0)
    return counts[0] <= few and following > max(1, width // 2)


def _is_header(first: list[str], following: list[list[str]]) -> bool:
    """Return whether the first row names columns: no cell is like those below."""
    if not any(cell.strip() for cell in first):
        return False
    for place, cell in enumerate(first):
        below = [row[place].strip() for row in following if len(row) > place]
        below = [one for one in below if one]
        values = sum(bool(_VALUE.match(one)) for one in below)
        if _VALUE.match(cell.strip()) and below and values > len(below) * 0.8:
            return False
    return True


def _made_up(width: int) -> list[str]:
    return [f"column{place}" for place in range(1, width + 1)]


def _tidy(cells: list[str]) -> list[str]:
    names = [re.sub(r"\s+", " ", cell).strip(" \ufeff") for cell in cells]
    return [name or f"column{place}" for place, name in enumerate(names, 1)]


def _unique(names: list[str]) -> tuple[str, ...]:
    """Return the names, a repeated one followed by its rank: `Amount (2)`."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name.casefold()] += 1
        rank = seen[name.casefold()]
        unique.append(name if rank == 1 else f"{name} ({rank})")
    return tuple(unique)
