"""`jalon invite` and `jalon accounts`: who comes in, from the terminal."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import LANGUAGES, Door, door
from jalon.domain.people.roles import Role
from jalon.queries.accounts import AccountLine, accounts
from jalon.usecases.accounts import Invited
from jalon.usecases.accounts import invite as invitation
from jalon.usecases.acting import OPERATOR
from jalon.usecases.prepare_database import prepare_database

HERE = "http://127.0.0.1:8000"


@click.command("invite")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.SALESPERSON.value,
    show_default=True,
    help="What they may do.",
)
@click.option("--name", default="", metavar="NAME", help="Name shown.")
@click.option("--person", default="", metavar="ID", help="Who they are in the facts.")
@click.option("--language", type=click.Choice(LANGUAGES), help="fr or en.")
@click.option("--url", metavar="URL", help="Where Jalon is read, for the link.")
@door
def invite(found: Door, *, url: str | None, email: str, **told: Any) -> None:  # noqa: ANN401 - options vary
    """Make an invitation; hand its link over. It works once, for seven days."""
    prepare_database(found.workspace)
    invited = Invited(
        email=email,
        role=told["role"],
        name=told["name"],
        person_id=told["person"],
        language=told["language"] or found.lang,
    )
    token = invitation(invited, actor=OPERATOR, at=timezone.now())
    link = _root(url) + reverse("invitation", args=[token])
    if found.json:
        found.emit({"email": invited.email, "role": invited.role, "link": link})
        return
    found.echo(_("Hand this link over; it works once, for seven days:"))
    found.echo(f"  {link}")


@click.command("accounts")
@door
def list_(found: Door) -> None:
    """List the accounts: role, person, last visit."""
    prepare_database(found.workspace)
    kept = accounts(
        found.workspace, viewer=OPERATOR.viewer, on=found.on, at=timezone.now()
    )
    if found.json:
        lines = [asdict(line) | {"seen_at": _iso(line.seen_at)} for line in kept.lines]
        found.emit(lines)
        return
    for line in kept.lines:
        found.echo(_told(line))
    if not kept.lines:
        found.echo(_("No account yet. Make one, e.g. jalon invite you@example.com."))


def _told(line: AccountLine) -> str:
    seen = line.seen_at
    last = timezone.localtime(seen).strftime("%Y-%m-%d %H:%M") if seen else "–"
    state = "" if line.is_active else " " + _("closed")
    return f"{line.email:<34} {line.role:<12} {last:<17} {line.name}{state}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _root(url: str | None) -> str:
    """Return where Jalon is read: as told, else JALON_ORIGINS, else this machine."""
    named = url or os.environ.get("JALON_ORIGINS", "").split(",")[0] or HERE
    return named.rstrip("/")
