"""`jalon forecast`: where a KPI will land, and how good forecasts were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, door
from jalon.domain.forecast.track_record import Score
from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.domain.periods.calendar import Grain, containing
from jalon.locale.figures import figure
from jalon.queries import kpi_values, objectives
from jalon.queries.backtest import backtest
from jalon.queries.forecast_document import row
from jalon.queries.landings import OwnerForecast, by_owner
from jalon.usecases.keep_track_record import keep_track_record

_NO_DAY = "No day between {first} and {after}."
LEVELS = ("company", "team", "person")


@click.group("forecast", invoke_without_command=True)
@click.option("--kpi", metavar="KEY", help="The KPI.")
@click.option(
    "--by", type=click.Choice(LEVELS), default="company", help="At which level."
)
@click.option("--first", type=Day(), metavar="DATE", help="First day.")
@click.option("--after", type=Day(), metavar="DATE", help="First day after.")
@click.option("--where", multiple=True, metavar="FILTER", help="segment=PME.")
@click.option(
    "--samples",
    type=click.IntRange(0, 10_000),
    default=0,
    metavar="N",
    help="Give that many of the landings simulated, with --json.",
)
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
        row(one, targets.get(one.owner), samples, up=unit.better == "up")
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
    for one, told in zip(found, rows, strict=True):
        door.echo(_line(one, told, unit.unit.value, door.lang))


@group.command("backtest")
@click.option("--kpi", default="revenue", metavar="KEY", help="The KPI.")
@click.option(
    "--by", type=click.Choice(LEVELS), default="company", help="At which level."
)
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
