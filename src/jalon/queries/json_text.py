"""A document as JSON for machines: decimals are numbers, days and moments are ISO."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from enum import Enum


def json_text(document: object) -> str:
    """Return the JSON of a document."""
    return json.dumps(document, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
