"""How sure a survey's figure is: the half-width of its 95 % interval.

NPS: variance 100² (p + d − (p − d)²) ÷ n (cybaea, 2016), given beside the KPI. A share
of satisfied answers: Wilson (1927), which stays inside 0–1 and holds for few answers. A
mean score: the standard error of the mean, from the variance of the answers. Under 30
answers only the interval means something; under five an engagement survey says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

Z_95 = Decimal("1.96")
INTERVAL_UNDER = 30
ANONYMOUS_UNDER = 5
SHARES = frozenset({"csat", "recommendation_rate"})
SURVEYS = SHARES | {"nps", "team_engagement"}


def margin_of(
    kpi: str,
    *,
    numerator: Decimal | None,
    denominator: Decimal | None,
    beside: Mapping[str, Decimal | None],
) -> Decimal | None:
    """Return the half-width of a survey KPI's interval, None for another KPI."""
    if kpi not in SURVEYS or not denominator:
        return None
    if kpi in SHARES:
        low, high = share_interval(numerator or Decimal(0), denominator)
        return (high - low) / 2
    if kpi == "team_engagement":
        return mean_margin(beside.get("variance"), denominator)
    return beside.get("margin")


def share_interval(satisfied: Decimal, answers: Decimal) -> tuple[Decimal, Decimal]:
    """Return Wilson's interval of a share, both ends between 0 and 1."""
    share, z2 = satisfied / answers, Z_95**2
    middle = share + z2 / (2 * answers)
    spread = share * (1 - share) / answers + z2 / (4 * answers**2)
    half = Z_95 * spread.sqrt()
    whole = 1 + z2 / answers
    return max((middle - half) / whole, Decimal(0)), min(
        (middle + half) / whole, Decimal(1)
    )


def mean_margin(variance: Decimal | None, answers: Decimal) -> Decimal | None:
    """Return 1.96 standard errors of a mean; `variance` is that of the answers."""
    if variance is None or answers <= 1:
        return None
    return Z_95 * (max(variance, Decimal(0)) / (answers - 1)).sqrt()
