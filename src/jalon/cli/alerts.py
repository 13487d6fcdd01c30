"""`jalon alerts`: every alert, who saw it, what was done; or tell people of them."""

from __future__ import annotations

from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import Door, door
from jalon.locale.figures import day
from jalon.notifications import alert_words
from jalon.queries.alerts import ALL, WAITING, AlertLine, Wanted, alerts
from jalon.usecases.acting import OPERATOR
from jalon.usecases.tell_alerts import tell_alerts

ADDRESS = "http://127.0.0.1:8000"


@click.command("alerts")
@click.option("--waiting", is_flag=True, help="Only what nobody has taken note of.")
@click.option("--owner", default="", help="person:…, team:… or company.")
@click.option("--tell", is_flag=True, help="Send what is due by mail and chat, now.")
@click.option(
    "--address", default=ADDRESS, show_default=True, help="Of Jalon, for the links."
)
@door
def command(door: Door, *, waiting: bool, owner: str, tell: bool, address: str) -> None:
    """List the alerts said when an objective or a funnel changed state.

    With --tell, send those that are due to each person, by the ways and at the hours
    they chose; run again, nothing goes twice.
    """
    if tell:
        link = f"{address.rstrip('/')}/alerts/"
        told = tell_alerts(door.workspace, at=timezone.now(), link=link)
        if door.json:
            door.emit(
                {
                    "messages": told.messages,
                    "alerts": told.alerts,
                    "unsent": told.unsent,
                }
            )
            return
        door.echo(
            _("{messages} messages sent, {unsent} not sent").format(
                messages=told.messages, unsent=told.unsent
            )
        )
        return
    wanted = Wanted(show=WAITING if waiting else ALL, owner=owner)
    found = alerts(door.workspace, wanted, viewer=OPERATOR.viewer, on=door.on)
    if door.json:
        door.emit({"alerts": [_document(one, door.lang) for one in found.lines]})
        return
    for one in found.lines:
        door.echo(f"{day(one.fired_on, lang=door.lang)}  {_said(one, door.lang)}")
    if not found.lines:
        door.echo(_("No alert."))


def _document(one: AlertLine, lang: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "fired_on": one.fired_on,
        "owner": one.owner,
        "objective": one.objective or None,
        "state": one.state,
        "former": one.former,
        "change": "worsening" if one.worsening else "recovering",
        "since": one.since,
        "probability": one.probability,
        "sure": one.sure,
        "drivers": [each.key for each in one.drivers],
        "told_for": list(one.carried),
        "said": _said(one, lang),
        "seen_by": [deed.by for deed in one.seen],
        "noted_by": [deed.by for deed in one.noted],
        "actions": [deed.text for deed in one.actions],
        "waiting": one.latest and one.worsening and not one.handled,
    }


def _said(one: AlertLine, lang: str) -> str:
    return alert_words.headline(one, lang=lang)
