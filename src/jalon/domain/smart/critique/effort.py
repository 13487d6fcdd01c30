"""What a target asks more of plain drivers, at today's rates.

A gap in money is so many deals at the average basket, deals are so many opportunities at
the win rate, opportunities so many leads at the qualification rate; points of retention
are customers of the base. Rates that no data give end the chain.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from jalon.domain.smart.critique.evidence import Effort

Rate = Callable[[str], Decimal | None]

_MONEY = frozenset({"revenue", "mrr", "arr", "expansion_revenue"})
_DEALS = frozenset({"deals_won", "new_customers", "active_customers"})
_KEPT = frozenset({"retention_rate", "churn_rate"})
# what one of them takes: the KPI counted before it, over the same days
_TAKES = {"meetings": "calls", "proposals": "meetings", "calls": "prospects_contacted"}


def efforts(kpi: str, gap: Decimal, rate: Rate) -> tuple[Effort, ...]:
    """Return the drivers a gap takes, nearest first; none where nothing tells.

    `gap` is in the KPI's unit, a share as a fraction, upwards where better is up.
    """
    if kpi in _KEPT:
        return _told("active_customers", _times(gap, rate("active_customers")))
    if kpi in _TAKES:
        each = _over(rate(_TAKES[kpi]), rate(kpi))
        return _told(_TAKES[kpi], _times(gap, each))
    if kpi == "qualified_leads":
        return _told("leads", _over(gap, rate("qualification_rate")))
    if kpi == "pipeline_value":
        return _from_opportunities(_over(gap, rate("average_basket")), rate)
    deals = _deals(kpi, gap, rate)
    wanted = _over(deals, rate("win_rate"))
    named = () if kpi in {"deals_won", "new_customers"} else _told(_step(kpi), deals)
    return (*named, *_from_opportunities(wanted, rate))


def _deals(kpi: str, gap: Decimal, rate: Rate) -> Decimal | None:
    if kpi in _DEALS:
        return gap
    if kpi in _MONEY:
        return _over(gap, rate("average_basket"))
    if kpi == "gross_margin":
        return _over(_over(gap, rate("gross_margin_rate")), rate("average_basket"))
    if kpi == "units_sold":
        return _over(gap, _over(rate("units_sold"), rate("deals_won")))
    return None


def _step(kpi: str) -> str:
    return "new_customers" if kpi == "active_customers" else "deals_won"


def _from_opportunities(wanted: Decimal | None, rate: Rate) -> tuple[Effort, ...]:
    leads = _over(wanted, rate("qualification_rate")) if wanted is not None else None
    return (*_told("qualified_leads", wanted), *_told("leads", leads))


def _told(kpi: str, more: Decimal | None) -> tuple[Effort, ...]:
    return () if more is None else (Effort(kpi, float(more)),)


def _over(value: Decimal | None, by: Decimal | None) -> Decimal | None:
    return None if value is None or not by else value / by


def _times(value: Decimal, by: Decimal | None) -> Decimal | None:
    return None if by is None else value * by
