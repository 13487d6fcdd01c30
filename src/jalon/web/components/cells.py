"""Cells of facts, and how a person reads one."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils.translation import gettext

from jalon.locale import figures
from jalon.web.language import current

Cell = str | Decimal | datetime.date | datetime.datetime | bool | None


def worded(code: str, otherwise: str) -> str:
    """Return the sentence of a code, something else where there is none."""
    told = gettext(code)
    return otherwise if told == code else told


def shown(cell: Cell) -> str:
    """Return a cell as a person reads it."""
    lang = current()
    if isinstance(cell, datetime.datetime):
        return f"{figures.day(cell.date(), lang=lang)} {cell:%H:%M}"
    if isinstance(cell, datetime.date):
        return figures.day(cell, lang=lang)
    if isinstance(cell, Decimal):
        return figures.figure(cell, "", lang=lang)
    return "" if cell is None else str(cell)
