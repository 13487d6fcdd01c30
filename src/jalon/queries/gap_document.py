"""A gap explained as machines read it: `jalon gap --json`."""

from __future__ import annotations

from typing import Any

from jalon.domain.gaps.funnel import Effect, drivers, lever_of_slice, levers
from jalon.domain.gaps.slices import Slice
from jalon.queries.gap_analysis import Gap, SliceGap


def document(found: Gap, lang: str) -> dict[str, Any]:
    """Return the gap with its drivers, groups, suspects and levers."""
    return {
        "kpi": found.kpi,
        "unit": found.unit,
        **({"currency": found.currency} if found.currency else {}),
        "first": found.period.first,
        "after": found.period.after,
        "against": found.against,
        "compared_with": {
            "first": found.reference_period.first,
            "after": found.reference_period.after,
        },
        "actual": found.actual,
        "reference": found.reference,
        "gap": found.amount,
        "convention": found.convention,
        "drivers": [_effect(one, lang) for one in found.effects],
        "residual": found.residual,
        "slices": [_slice(one, lang) for one in found.slices],
        "suspects": [_suspect(one) for one in found.suspects],
        "levers": _levers(found, lang),
        "snapshot": found.snapshot,
    }


def _effect(one: Effect, lang: str) -> dict[str, Any]:
    driver = drivers()[one.driver]
    return {
        "key": one.driver,
        "label": driver.label[lang],
        "was": one.was,
        "now": one.now,
        "amount": one.amount,
        "lever": driver.lever.key,
    }


def _slice(one: SliceGap, lang: str) -> dict[str, Any]:
    return {
        **one.labels,
        **one.keys,
        "actual": one.actual,
        "reference": one.reference,
        "gap": one.gap,
        "drivers": [_effect(each, lang) for each in one.effects],
    }


def _suspect(one: Slice) -> dict[str, Any]:
    return {
        "slice": dict(one.keys),
        "closed": one.tried,
        "won": one.won,
        "expected": one.expected,
        "lost": one.lost,
        "evidence": one.evidence,
        "chance": one.chance,
        "lever": lever_of_slice([name for name, _label in one.keys]).key,
    }


def _levers(found: Gap, lang: str) -> list[dict[str, Any]]:
    """Return the levers whose drivers take it the wrong way in all, heaviest first."""
    sums: dict[str, float] = {}
    for one in found.effects:
        lever = drivers()[one.driver].lever.key
        sums[lever] = sums.get(lever, 0.0) + one.amount
    sign = -1 if found.better == "up" else 1
    by_key = levers()
    return [
        {
            "key": key,
            "label": by_key[key].label[lang],
            "effect": amount,
            "action": by_key[key].action[lang],
        }
        for key, amount in sorted(sums.items(), key=lambda item: -abs(item[1]))
        if sign * amount > 0
    ]
