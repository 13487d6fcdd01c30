"""`jalon gap`: why a figure is off, in drivers that add up to the gap, and levers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, door
from jalon.domain.gaps.funnel import drivers
from jalon.domain.kpis.question import Question
from jalon.domain.objectives.fields import plain_number
from jalon.domain.periods import Period
from jalon.locale.figures import bare, difference, figure
from jalon.locale.sentences import kpi_name
from jalon.queries import kpi_values, objectives
from jalon.queries.gap_analysis import AGAINST, SPLITS, Gap, explain_gap
from jalon.queries.gap_document import document

DEFAULT = "N-1"
_NO_TARGET = (
    "No objective of the company on {kpi} runs from {first} to {after}. Expected "
    "one, or its figure: --target 120000."
)
_NO_NUMBER = "--target {value} is no number. Expected e.g. --target 120000."
_NO_DAY = "No day between {first} and {after}."


@click.command("gap")
@click.option("--kpi", required=True, metavar="KEY", help="The KPI.")
@click.option("--first", type=Day(), metavar="DATE", help="First day.")
@click.option("--after", type=Day(), metavar="DATE", help="First day after.")
@click.option(
    "--against", type=click.Choice(AGAINST), default=DEFAULT, help="The gap to what."
)
@click.option("--target", metavar="NUMBER", help="The target, if no objective has it.")
@click.option("--by", multiple=True, metavar="DIMENSION", help="Cut by; repeatable.")
@click.option("--where", multiple=True, metavar="FILTER", help="segment=PME.")
@click.option(
    "--split", type=click.Choice(SPLITS), default=SPLITS[0], help="How it is split."
)
@click.option("--basis", default="", metavar="deals|orders", help="Revenue's basis.")
@door
def command(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    door: Door,
    kpi: str,
    first: date | None,
    after: date | None,
    against: str,
    target: str | None,
    by: tuple[str, ...],
    where: tuple[str, ...],
    basis: str,
    split: str,
) -> None:
    """Explain the gap of a KPI to its target, to a year earlier or to the one before.

    Without dates, over the running fiscal year.
    """
    running = kpi_values.running_period(door.workspace, on=door.on)
    first, after = first or running.first, after or running.after
    if after <= first:
        raise UserError(_NO_DAY, first=first, after=after)
    question = Question(kpi, Period(first, after), tuple(by), tuple(where), basis)
    asked = _target(door, question, target) if against == "target" else None
    found = explain_gap(
        door.workspace,
        question,
        against=against,
        on=door.on,
        target=asked,
        split=split,
    )
    if door.json:
        door.emit(document(found, door.lang))
        return
    for line in _lines(found, door.lang):
        door.echo(line)


def _target(door: Door, question: Question, given: str | None) -> Decimal:
    """Return the target given, or that of the company's objective of the period."""
    if given is not None:
        try:
            return plain_number(given)
        except InvalidOperation:
            raise UserError(_NO_NUMBER, value=given) from None
    for one in objectives.status(door.workspace, on=door.on):
        same = one.kpi == question.kpi and one.owner == "company"
        dated = (one.first, one.after) == (question.period.first, question.period.after)
        if same and dated and one.where == question.where and one.target is not None:
            return one.target
    raise UserError(
        _NO_TARGET,
        kpi=question.kpi,
        first=question.period.first,
        after=question.period.after,
    )


def _lines(found: Gap, lang: str) -> list[str]:
    currency = found.currency or "EUR"

    def value(number: Decimal) -> str:
        return figure(number, found.unit, lang=lang, currency=currency)

    def change(number: float) -> str:
        exact = Decimal(str(number))
        return difference(exact, found.unit, lang=lang, currency=currency, signed=True)

    name = kpi_name(found.kpi, lang)
    head = _("{kpi}: {actual} against {reference}, a gap of {gap}").format(
        kpi=name[:1].upper() + name[1:],
        actual=value(found.actual),
        reference=value(found.reference),
        gap=change(float(found.amount)),
    )
    lines = [head]
    for one in found.effects:
        driver = drivers()[one.driver]
        lever = driver.lever.label[lang]
        lines.append(f"  {driver.label[lang]}  {change(one.amount)}  ({lever})")
    for each in found.slices:
        name = " · ".join(label or _("(unknown)") for label in each.labels.values())
        lines.append(f"  {name}  {change(each.gap)}")
    for suspect in found.suspects:
        name = " · ".join(label for _name, label in suspect.keys)
        lines.append(
            _("  Win rate fell in {name}: {won} won of {expected} expected").format(
                name=name,
                won=round(suspect.won),
                expected=bare(Decimal(str(round(suspect.expected, 1))), "", lang=lang),
            )
        )
    return lines
