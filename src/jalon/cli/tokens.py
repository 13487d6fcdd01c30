"""`jalon tokens list | make | revoke`: keys to the API, from the terminal."""

from __future__ import annotations

from dataclasses import asdict

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import Door, door
from jalon.domain.people.roles import Role
from jalon.queries.tokens import tokens
from jalon.usecases import tokens as usecases
from jalon.usecases.acting import OPERATOR
from jalon.usecases.prepare_database import prepare_database
from jalon.usecases.tokens import Scope, Wanted


@click.group("tokens")
def group() -> None:
    """Make, list and take back tokens of the API."""


@group.command("list")
@door
def list_(found: Door) -> None:
    """List the tokens: whose, what for, until when."""
    prepare_database(found.workspace)
    lines = tokens(at=timezone.now())
    if found.json:
        found.emit([asdict(one) for one in lines])
        return
    for one in lines:
        scopes = ",".join(one.scopes)
        ends = timezone.localtime(one.expires_at).strftime("%Y-%m-%d")
        found.echo(
            f"{one.id:>4}  {one.account:<34} …{one.hint}  {ends}  {one.state:<8} "
            f"{scopes}  {one.name}"
        )
    if not lines:
        found.echo(_('No token yet. Make one, e.g. jalon tokens make "Power BI".'))


@group.command("make")
@click.argument("name")
@click.option("--account", default="", metavar="EMAIL", help="Whom it acts as.")
@click.option(
    "--service",
    type=click.Choice([role.value for role in Role]),
    help="As a service of its own, with this role.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may be used for; repeatable; read without.",
)
@click.option("--days", type=int, default=90, show_default=True, help="Until it ends.")
@door
def make(
    found: Door,
    name: str,
    account: str,
    service: str | None,
    scopes: tuple[str, ...],
    days: int,
) -> None:
    """Make a token; it is shown this once."""
    prepare_database(found.workspace)
    wanted = Wanted(name=name, scopes=scopes or (Scope.READ.value,), days=days)
    at = timezone.now()
    if service:
        account, token = usecases.make_service(
            wanted, role=service, actor=OPERATOR, at=at
        )
    else:
        whose = usecases.account_of(account)
        token = usecases.make(wanted, account=whose, actor=OPERATOR, at=at)
    if found.json:
        found.emit({"token": token, "account": account, "scopes": list(wanted.scopes)})
        return
    found.say(_("Copy it now: it is shown this once and kept nowhere."))
    found.echo(token)


@group.command("revoke")
@click.argument("token", type=int)
@door
def revoke(found: Door, token: int) -> None:
    """Take a token back, by its number in the list."""
    prepare_database(found.workspace)
    usecases.revoke(token, actor=OPERATOR, at=timezone.now())
    if found.json:
        found.emit({"revoked": token})
    else:
        found.echo(_("The token is taken back: it opens nothing any more."))
