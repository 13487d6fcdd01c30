"""`jalon drift`: what left its path, since when, how sure, which driver."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, door
from jalon.domain.drift.watch import ALLOWED, COMPANY, Drift, Moved
from jalon.domain.gaps.funnel import drivers
from jalon.locale.figures import day, figure
from jalon.queries.drift import UNITS, Warned, warned


@click.command("drift")
@door
def command(door: Door) -> None:
    """Say what has left its usual path, week by week, up to the last complete week.

    Leads, qualified leads, deals closed, win rate, decision cycle and basket are
    watched for the company, and for teams and people where enough happens each week.
    """
    found = warned(door.workspace, on=door.on)
    if door.json:
        door.emit(_document(found, door.lang))
        return
    currency = door.workspace.settings.currency
    for line in _lines(found, lang=door.lang, currency=currency):
        door.echo(line)


def _document(found: Warned, lang: str) -> dict[str, Any]:
    return {
        "last_week_ends": found.last,
        "watched": found.watched,
        "too_rare_to_watch": found.too_rare,
        "false_alarms_a_quarter": ALLOWED,
        "drifts": [_drift(one, found, lang) for one in found.drifts],
        "objectives": [
            {
                "objective": one.objective,
                "state": one.standing.state.value,
                "since": one.standing.since,
                "former": one.standing.former,
            }
            for one in found.doubts
        ],
        "snapshot": found.snapshot,
    }


def _drift(one: Drift, found: Warned, lang: str) -> dict[str, Any]:
    return {
        "owner": one.owner,
        "name": found.names.get(one.owner),
        "since": found.opening(one.since),
        "alarm_in_the_week_of": found.opening(one.at),
        "sure": round(one.sure, 4),
        "drivers": [_moved(each, found, lang) for each in one.drivers],
    }


def _moved(one: Moved, found: Warned, lang: str) -> dict[str, Any]:
    driver = drivers()[one.driver]
    return {
        "key": one.driver,
        "label": driver.label[lang],
        "unit": UNITS[one.driver],
        "since": found.opening(one.since),
        "expected": one.was,
        "observed": one.now,
        "sure": round(one.sure, 4),
        "state": "left" if one.alarm else "suspected",
        "lever": driver.lever.key,
    }


def _lines(found: Warned, *, lang: str, currency: str) -> list[str]:
    def value(number: float, driver: str) -> str:
        exact = Decimal(str(round(number, 4)))
        return figure(exact, UNITS[driver], lang=lang, currency=currency)

    lines = []
    for one in found.drifts:
        company = _("Company")
        name = company if one.owner == COMPANY else found.names.get(one.owner)
        lines.append(
            _("{name}: off its path since the week of {since}").format(
                name=name or one.owner, since=day(found.opening(one.since), lang=lang)
            )
        )
        for each in one.drivers:
            said = (
                _("  {driver}: {now} instead of {was}, {sure} % sure")
                if each.alarm
                else _("  {driver}, perhaps: {now} instead of {was}, {sure} % sure")
            )
            lines.append(
                said.format(
                    driver=drivers()[each.driver].label[lang],
                    now=value(each.now, each.driver),
                    was=value(each.was, each.driver),
                    sure=int(100 * each.sure),
                )
            )
    if not lines:
        last = day(found.last, lang=lang)
        lines = [_("Nothing has left its path up to {last}.").format(last=last)]
    return lines
