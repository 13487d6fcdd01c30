"""Order lines whose date stands in the file of their orders: read as one.

The lines say what and how much; the orders say when, who and for whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jalon.connectors.files import wordbook
from jalon.connectors.files.guesses import LIKELY, Guess, columns_of
from jalon.connectors.files.mapping import Join, SourceShape
from jalon.connectors.files.recognise import Recognition, recognise

LINES = "order_lines"


def recognise_lines(source: SourceShape, beside: Sequence[SourceShape]) -> Recognition:
    """Return lines recognised with their orders beside them, else nothing recognised.

    A file of orders that is recognised by itself has amounts of its own: adding lines
    to it would count them twice.
    """
    alone = Recognition(source, (), (), source.headers)
    own = _order_number(source)
    for orders in beside if own else ():
        theirs = _order_number(orders)
        if orders == source or not theirs or "on" not in _columns(orders):
            continue
        found = recognise(_both(source, orders))
        if not found.tables or found.tables[0].into != LINES or _is_known(orders):
            continue
        return _joined(found, source, Join(orders.name, {own: theirs}, orders.sheet))
    return alone


def _columns(source: SourceShape) -> dict[str, Guess]:
    (words,) = (one for one in wordbook.tables() if one.table == LINES)
    return columns_of(source, LINES, words.columns)


def _order_number(source: SourceShape) -> str:
    guess = _columns(source).get("order_id")
    return guess.source if guess and guess.confidence >= LIKELY else ""


def _is_known(orders: SourceShape) -> bool:
    return any(table.into == LINES for table in recognise(orders).tables)


def _both(lines: SourceShape, orders: SourceShape) -> SourceShape:
    """Return a file with the columns of both; of two of one name, that of the lines."""
    headers = tuple(dict.fromkeys((*lines.headers, *orders.headers)))
    samples = {**orders.samples, **lines.samples}
    return SourceShape(lines.name, headers, samples, lines.sheet, lines.telling)


def _joined(found: Recognition, source: SourceShape, join: Join) -> Recognition:
    kept = {name: name for name in found.unmapped if name not in join.on.values()}
    tables = tuple(
        replace(table, joins=(join,), attributes={} if table.distinct else kept)
        for table in found.tables
    )
    ((own, theirs),) = join.on.items()
    guess = Guess(LINES, "", f"{own} = {theirs}", LIKELY, "joined", {"file": join.file})
    guesses = (*found.guesses, guess)
    return replace(found, source=source, tables=tables, guesses=guesses)
