"""`jalon forecast`: where a KPI will land, and how good forecasts were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click
import numpy as np
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, door
from jalon.domain.forecast.track_record import Score
from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.locale.figures import figure
from jalon.queries import kpi_values, objectives
from jalon.queries.backtest import backtest
from jalon.queries.landings import OwnerForecast, by_owner
from jalon.usecases.keep_track_record import keep_track_record

_NO_DAY = "No day between {first} and {after}."
LEVELS = ("company", "team", "person")


@click.group("forecast", invoke_without_command=True)
@click.option("--kpi", metavar="KEY", help="The KPI.")
@click.option("--by", type=click.Choice(LEVELS), default="company")
@click.option("--first", type=Day(), metavar="DATE", help="First day.")
@click.option("--after", type=Day(), metavar="DATE", help="First day after.")
@click.option("--where", multiple=True, metavar="FILTER", help="segment=PME.")
@click.option("--samples", type=click.IntRange(0, 10_000), default=0, metavar="N")
@click.pass_context
@door
def group(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    door: Door,
    ctx: click.Context,
    kpi: str | None,
    by: str,
    first: date | None,
    after: date | None,
    where: tuple[str, ...],
    samples: int,
) -> None:
    """Forecast a KPI to the end of a period; `backtest` scores the forecasts.

    Without dates, over the running fiscal quarter.
    """
    if ctx.invoked_subcommand is not None:
        return
    period = _period(door, first, after)
    key = kpi or "revenue"
    found = by_owner(door.workspace, key, period, by=by, where=tuple(where), on=door.on)
    targets = _targets(door, Question(key, period, where=tuple(where)))
    unit = kpi_values.catalogue(door.workspace)[key]
    rows = [
        _row(one, targets.get(one.owner), samples, up=unit.better == "up")
        for one in found
    ]
    if door.json:
        door.emit(
            {
                "kpi": key,
                "unit": unit.unit.value,
                "first": period.first,
                "after": period.after,
                "on": door.on,
                "rows": rows,
            }
        )
        return
    for one, row in zip(found, rows, strict=True):
        door.echo(_line(one, row, unit.unit.value, door.lang))


@group.command("backtest")
@click.option("--kpi", default="revenue", metavar="KEY", help="The KPI.")
@click.option("--by", type=click.Choice(LEVELS), default="company")
@click.option(
    "--cutoffs", type=click.IntRange(1, 24), default=6, help="How many past quarters."
)
@click.option("--keep", is_flag=True, help="Keep them for the page, every KPI.")
@door
def score(door: Door, *, kpi: str, by: str, cutoffs: int, keep: bool) -> None:
    """Score past forecasts against run rate and stage-weighted pipeline.

    With --keep, all KPIs that objectives follow, at every level, for the page of the
    track record; what is kept of this quarter already is not computed again.
    """
    if keep:
        kept = keep_track_record(door.workspace, on=door.on)
        if door.json:
            door.emit({"kept": [{"kpi": one, "by": level} for one, level in kept]})
        else:
            door.echo(_("{count} records kept").format(count=len(kept)))
        return
    scores = backtest(door.workspace, kpi, by=by, cutoffs=cutoffs, on=door.on)
    if door.json:
        door.emit({"kpi": kpi, "by": by, "scores": [_score(one) for one in scores]})
        return
    for one in scores:
        door.echo(
            _(
                "{name}: CRPS {crps}, Brier {brier}, coverage of 80 % {coverage}, "
                "{count} forecasts"
            ).format(
                name=one.name,
                crps=_rounded(one.crps),
                brier=_rounded(one.brier),
                coverage=_rounded(one.coverage),
                count=one.count,
            )
        )


def _period(door: Door, first: date | None, after: date | None) -> Period:
    month = door.workspace.settings.fiscal_first_month
    running = containing(door.on, Grain.QUARTER, first_month=month)
    begin, end = first or running.first, after or running.after
    if end <= begin:
        raise UserError(_NO_DAY, first=begin, after=end)
    return Period(begin, end)


def _targets(door: Door, question: Question) -> dict[str, Decimal]:
    """Return the target of each owner who has an objective on the same figure."""
    period = question.period
    return {
        one.owner: one.target
        for one in objectives.status(door.workspace, on=door.on)
        if one.kpi == question.kpi
        and (one.first, one.after) == (period.first, period.after)
        and one.where == question.where
        and one.target is not None
    }


def _row(
    one: OwnerForecast, target: Decimal | None, samples: int, *, up: bool
) -> dict[str, Any]:
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


def _line(one: OwnerForecast, row: dict[str, Any], unit: str, lang: str) -> str:
    name = one.name or _("Company")
    if one.outlook is None:
        return _("{name}: not enough history").format(name=name)
    currency = one.currency or "EUR"

    def told(value: Decimal) -> str:
        return figure(value, unit, lang=lang, currency=currency)

    return _("{name}: {middle}, between {low} and {high} eight times in ten").format(
        name=name, middle=told(row["p50"]), low=told(row["p10"]), high=told(row["p90"])
    )


def _score(one: Score) -> dict[str, Any]:
    return {
        "name": one.name,
        "crps": one.crps,
        "brier": one.brier,
        "coverage_80": one.coverage,
        "forecasts": one.count,
    }


def _rounded(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"
