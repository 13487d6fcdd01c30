"""The answer to a KPI's question as machines read it: `jalon kpi value --json`.

Money is rounded to the cent here; shares stay unrounded fractions of 1.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from jalon.domain.kpis.question import Answer, AnswerRow

CENT = Decimal("0.01")


def document(answer: Answer) -> dict[str, object]:
    """Return the answer as DOORS.md writes it: money to the cent, shares unrounded."""
    return {
        "kpi": answer.kpi,
        "unit": answer.unit,
        "from": answer.period.first,
        "to": answer.period.after,
        "snapshot": answer.snapshot,
        "basis": answer.basis or None,
        "rows": [row_document(row, answer.unit) for row in answer.rows],
    }


def row_document(row: AnswerRow, unit: str) -> dict[str, object]:
    """Return one row: labels, their keys beside them, the value or its reason."""
    found: dict[str, object] = {}
    for name, label in row.labels.items():
        found[name] = label
        if f"{name}_id" in row.keys:
            found[f"{name}_id"] = row.keys[f"{name}_id"]
    found["value"] = _cents(row.value) if unit == "money" else row.value
    found["numerator"] = _tidy(row.numerator)
    found["denominator"] = _tidy(row.denominator)
    found["reason"] = row.reason
    if row.currency:
        found["currency"] = row.currency
    return found | dict(row.beside)


def _cents(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(CENT, ROUND_HALF_EVEN)


def _tidy(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.normalize() + 0
