"""`jalon points`: ask by mail for the points of the week that are due and missing."""

from __future__ import annotations

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import Door, door
from jalon.usecases.points_by_mail import linking, remind
from jalon.workspace.address import read_at


@click.command("points")
@click.option("--address", metavar="URL", help="Where Jalon is read, for the links.")
@door
def command(door: Door, *, address: str | None) -> None:
    """Write to those who have not taken the week's point: Friday, then once more.

    Each mail holds a link that opens that point without logging in. Run it every day;
    run again, nobody hears twice.
    """
    link = linking(read_at(address))
    asked = remind(door.workspace, link=link, on=door.on, at=timezone.now())
    if door.json:
        door.emit({"sent": asked.sent, "unsent": list(asked.unsent)})
        return
    door.echo(
        _("{messages} messages sent, {unsent} not sent").format(
            messages=asked.sent, unsent=len(asked.unsent)
        )
    )
