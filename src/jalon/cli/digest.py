"""`jalon report digest`: somebody's week as their mail says it, or the mails sent."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import Door, UserError, door, reason
from jalon.usecases.acting import OPERATOR
from jalon.usecases.prepare_database import prepare_database
from jalon.usecases.send_digests import Sent, links, page_of, send_digests
from jalon.workspace.address import read_at

FINDINGS = 1
_WHOSE = "Whose week? Expected --email of an account, e.g. --email lea@exemple.fr."
_UNREADABLE = "Cannot use {file}: {why}."


@click.command("digest")
@click.option("--email", metavar="E-MAIL", help="Whose week to show.")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE.html",
    help="Write this file.",
)
@click.option("--send", is_flag=True, help="Mail it to all, once a week each.")
@click.option("--address", metavar="URL", help="Where Jalon is read, for the links.")
@door
def command(
    found: Door,
    *,
    email: str | None,
    to: Path | None,
    send: bool,
    address: str | None,
) -> None:
    """Show or send each person's week: theirs, what they lead, what waits for them.

    The worker sends it by itself on Monday morning.

    Raises:
        UserError: If nobody has that e-mail, or the file cannot be written.
    """
    prepare_database(found.workspace)
    where = links(read_at(address))
    if send:
        at = timezone.now()
        done = send_digests(found.workspace, where, actor=OPERATOR, on=found.on, at=at)
        _sent(found, done)
        return
    if not email:
        raise UserError(_WHOSE)
    page = page_of(found.workspace, email, where, on=found.on)
    if to is not None:
        _write(to, page.html)
    if found.json:
        found.emit({"to": page.to, "subject": page.subject, "text": page.text})
    elif to is not None:
        found.echo(_("Written: {file}").format(file=to))
    else:
        found.echo(f"{page.subject}\n\n{page.text}")


def _sent(found: Door, done: Sent) -> None:
    if found.json:
        found.emit({"sent": done.sent, "unsent": done.unsent, "empty": done.empty})
    else:
        found.echo(
            _(
                "Mails sent: {sent}; not sent: {unsent}; with nothing to say: {empty}."
            ).format(sent=done.sent, unsent=done.unsent, empty=done.empty)
        )
    if done.unsent:
        click.get_current_context().exit(FINDINGS)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(_UNREADABLE, file=file, why=reason(error)) from None
