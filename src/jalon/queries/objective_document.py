"""Where an objective stands as machines read it: `jalon objectives status --json`."""

from __future__ import annotations

from dataclasses import asdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from jalon.queries.objectives import ObjectiveStatus

CENT = Decimal("0.01")
MONEY = (
    "baseline",
    "target",
    "original_target",
    "joined_target",
    "actual",
    "expected_to_date",
    "gap",
)


def document(line: ObjectiveStatus) -> dict[str, Any]:
    """Return one objective's figures: money to the cent, the rest unrounded."""
    found = _document(line)
    if line.unit == "money":
        found |= {name: _cents(found[name]) for name in MONEY}
    return found


def _cents(number: Decimal | None) -> Decimal | None:
    return None if number is None else number.quantize(CENT, ROUND_HALF_EVEN)


def _document(line: ObjectiveStatus) -> dict[str, Any]:
    return {
        "id": line.id,
        "statement": line.statement,
        "kpi": line.kpi,
        "unit": line.unit,
        "currency": line.currency or None,
        "owner": line.owner,
        "owner_name": line.owner_name,
        "where": list(line.where),
        "first": line.first,
        "after": line.after,
        "direction": line.direction,
        "baseline": line.baseline,
        "target": line.target,
        "original_target": line.original_target,
        "joined_target": line.joined_target,
        "actual": line.actual,
        "numerator": line.numerator,
        "denominator": line.denominator,
        "expected_to_date": line.expected_to_date,
        "attainment": line.attainment,
        "original_attainment": line.original_attainment,
        "gap": line.gap,
        "status": line.status,
        "state": line.state,
        "landing": asdict(line.landing) | {"reason": _code(line.landing_reason)},
        "probability": line.probability,
        "trust": dict(line.trust),
        "since": line.since,
        "reason": _code(line.reason),
        "horizon": line.horizon,
        "nature": line.nature,
        "margin": line.margin,
        "weight": line.weight,
        "parent": line.parent or None,
        "revisions": [asdict(revision) for revision in line.revisions],
        "on": line.on,
        "snapshot": line.snapshot,
        "frozen": line.frozen,
    }


def _code(reason: str) -> str | None:
    """Return a reason as `jalon kpi value` tells it: its code without its family."""
    return reason.rpartition(".")[2] or None
