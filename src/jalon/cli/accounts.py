"""`jalon invite` and `jalon accounts`: who comes in, from the terminal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
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
from jalon.usecases.erase_person import erase_person
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_accounts import Done, import_accounts, plan_accounts
from jalon.usecases.prepare_database import prepare_database
from jalon.workspace.address import read_at

FINDINGS = 1


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
    link = read_at(url) + reverse("invitation", args=[token])
    if found.json:
        found.emit({"email": invited.email, "role": invited.role, "link": link})
        return
    found.echo(_("Hand this link over; it works once, for seven days:"))
    found.echo(f"  {link}")


@click.group("accounts", invoke_without_command=True)
@door
def group(found: Door) -> None:
    """List the accounts; import a list of them; erase somebody."""
    if click.get_current_context().invoked_subcommand is None:
        _list(found)


@group.command("list")
@door
def list_(found: Door) -> None:
    """List the accounts: role, person, last visit."""
    _list(found)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--close-missing", is_flag=True, help="Close accounts not in the list.")
@click.option("--url", metavar="URL", help="Where Jalon is read, for the links.")
@door
def import_(
    found: Door,
    /,
    file: Path,
    *,
    dry_run: bool,
    close_missing: bool,
    url: str | None,
) -> int:
    """Invite, change and close accounts as a list says: e-mail, name, role, person."""
    prepare_database(found.workspace)
    text = file.read_text("utf-8-sig", "replace")
    plan = plan_accounts(text, close_missing=close_missing)
    done = (
        Done(plan)
        if dry_run
        else import_accounts(plan, actor=OPERATOR, at=timezone.now())
    )
    root = read_at(url)
    links = {
        email: root + reverse("invitation", args=[token])
        for email, token in done.tokens.items()
    }
    faults = [one.told(_) for one in (*plan.faults, *done.refused)]
    steps = [(step.deed, step.wished.email, step.wished.role) for step in plan.steps]
    if found.json:
        told = [
            {"do": deed, "email": email, "role": role, "link": links.get(email)}
            for deed, email, role in steps
        ]
        found.emit({"steps": told, "faults": faults, "written": not dry_run})
    else:
        for deed, email, role in steps:
            found.echo(
                f"{_deed_word(deed):<12} {email:<34} {role} {links.get(email, '')}"
            )
        for fault in faults:
            found.say(fault)
        if dry_run:
            found.echo(_("Nothing was written: --dry-run."))
    return FINDINGS if faults else 0


@group.command("erase")
@click.argument("person", metavar="PERSON")
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be undone.")
@door
def erase(found: Door, /, person: str, *, yes: bool) -> None:
    """Erase somebody's personal data; every figure stays, under a pseudonym."""
    prepare_database(found.workspace)
    if not yes:
        question = _("Erase {person} for ever?").format(person=person)
        click.confirm(question, abort=True, err=True)
    done = erase_person(found.workspace, person, actor=OPERATOR, at=timezone.now())
    evaluate(found.workspace, on=found.on)
    if found.json:
        found.emit(asdict(done))
        return
    found.echo(
        _("It is done. Every figure stays, under the name {pseudonym}.").format(
            pseudonym=done.pseudonym
        )
    )
    if done.files:
        found.echo(_("These files still name them; remove or replace them:"))
        for file in done.files:
            found.echo(f"  {file}")


def _deed_word(deed: str) -> str:
    return {
        "invite": _("invited"),
        "change": _("changed"),
        "close": _("closed"),
        "open": _("open again"),
        "same": _("same"),
    }[deed]


def _list(found: Door) -> None:
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
