"""Reading one cell: TOML gives typed values, CSV and XLSX give text.

Each reader returns the value, or adds one fault and returns None.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from jalon.domain.objectives.faults import Fault
from jalon.domain.quantities import LARGEST

Row = Mapping[str, object]
DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
SPACES = re.compile(r"[\s\u00a0\u202f]")
YES = frozenset({"true", "1", "yes", "oui", "x", "vrai"})


def text(row: Row, name: str) -> str:
    """Return the cell as text without outer spaces; empty when absent."""
    value = row.get(name)
    return "" if value is None else str(value).strip()


def given(row: Row, name: str) -> bool:
    """Return whether the cell holds anything."""
    return text(row, name) != ""


def day(row: Row, name: str, faults: list[Fault]) -> datetime.date | None:
    """Return a calendar date: ISO, or day first as in 30/06/2026."""
    value = row.get(name)
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if not given(row, name):
        faults.append(Fault(name, "fault.missing", example="2026-07-01"))
        return None
    found = _read_day(text(row, name))
    if found is None:
        faults.append(Fault(name, "fault.date", text(row, name), "2026-07-01"))
    return found


def number(
    row: Row, name: str, faults: list[Fault], *, rate: bool = False
) -> Decimal | None:
    """Return a number; None when absent. A rate may be written 0.28 or "28 %"."""
    if not given(row, name):
        return None
    written = text(row, name)
    percent = written.endswith("%")
    try:
        found = plain_number(written.rstrip("%"))
    except InvalidOperation:
        faults.append(Fault(name, "fault.number", written, "1322500"))
        return None
    if percent and not rate:
        faults.append(Fault(name, "fault.percent_of_amount", written, '"+15 %"'))
        return None
    return found / 100 if percent else found


def plain_number(written: str) -> Decimal:
    """Return the number in `1 234,50 €`, `1,234.50` or `1234.5`.

    Raises:
        decimal.InvalidOperation: If there is none, or it is not below `LARGEST`.
    """
    bare = SPACES.sub("", written).strip("€$£")
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(".") > bare.rfind(",") else "."
        bare = bare.replace(thousands, "")
    found = Decimal(bare.replace(",", "."))
    if not found.is_finite() or abs(found) >= LARGEST:
        raise InvalidOperation
    return found


def flag(row: Row, name: str) -> bool:
    """Return whether the cell says yes."""
    return text(row, name).lower() in YES


def words(row: Row, name: str) -> tuple[str, ...]:
    """Return a list: TOML's own, or text separated by semicolons."""
    value = row.get(name)
    if isinstance(value, list | tuple):
        return tuple(str(item).strip() for item in value)
    return tuple(part.strip() for part in text(row, name).split(";") if part.strip())


def rows(row: Row, name: str, faults: list[Fault]) -> tuple[Row, ...]:
    """Return a list of tables: TOML's own, or JSON in a cell."""
    value = row.get(name)
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_float=Decimal)
        except ValueError:
            value = None
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return tuple(value)
    faults.append(Fault(name, "fault.list", str(row.get(name)), EXAMPLES[name]))
    return ()


EXAMPLES = {
    "targets": '[{"from": "2026-01-01", "value": 1000}]',
    "actions": '[{"action": "…", "owner": "person:12", "due": "2026-03-01"}]',
    "assessments": '[{"side": "owner", "level": 2, "on": "2026-05-01"}]',
    "revisions": '[{"new": 900, "effective_on": "2026-05-01", "reason": "market"}]',
}


def _read_day(written: str) -> datetime.date | None:
    found = DAY_FIRST.fullmatch(written)
    try:
        if found:
            dd, mm, yyyy = (int(part) for part in found.groups())
            return datetime.date(yyyy, mm, dd)
        return datetime.datetime.fromisoformat(written).date()
    except ValueError:
        return None
