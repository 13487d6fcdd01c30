"""A forecast as machines read it: `jalon forecast --json`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from jalon.queries.landings import OwnerForecast


def row(
    one: OwnerForecast, target: Decimal | None, samples: int, *, up: bool
) -> dict[str, Any]:
    """Return where the figure of one owner will land, against its target."""
    level, _colon, key = one.owner.partition(":")
    named = {level: one.name, f"{level}_id": key} if key else {"company": True}
    outlook = one.outlook
    if outlook is None:
        empty = dict.fromkeys(("p10", "p50", "p90", "mean", "probability"))
        return {
            **named,
            "actual": one.actual,
            **empty,
            "target": target,
            "method": one.method or None,
            "enough_history": False,
            "reason": "not_enough_history" if one.method else "not_forecast",
        }
    landing = outlook.landing()
    drawn = (
        {"samples": [float(x) for x in _drawn(outlook.samples, samples)]}
        if samples
        else {}
    )
    return {
        **named,
        "actual": one.actual,
        "p10": landing.p10,
        "p50": landing.p50,
        "p90": landing.p90,
        "mean": round(float(outlook.samples.mean()), 4),
        **drawn,
        "target": target,
        "probability": None if target is None else outlook.probability(target, up=up),
        "method": one.method,
        "enough_history": True,
        "reason": None,
        **({"currency": one.currency} if one.currency else {}),
    }


def _drawn(samples: Sequence[float] | np.ndarray, count: int) -> Sequence[float]:
    """Return that many samples, evenly spread over the distribution."""
    places = (np.arange(count) + 0.5) / count
    found: Sequence[float] = np.quantile(np.asarray(samples), places).tolist()
    return found
