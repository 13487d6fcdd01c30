"""`jalon territories`: who should hold which accounts, drawn up, shown, decided."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, door
from jalon.queries.territories import Asked
from jalon.queries.territory_plans import PersonSide, PlanPage, plan, plans
from jalon.reports.territory_moves import written
from jalon.usecases import territories
from jalon.usecases.acting import OPERATOR
from jalon.usecases.prepare_database import prepare_database

_NO_PLAN = "There is no distribution {plan}. Expected one of jalon territories list."
_REGION = (
    "{found} is no region of a person. Expected PERSON=REGION, e.g. anna=Bretagne."
)
TO = click.Path(path_type=Path, dir_okay=False)


@click.group("territories")
def group() -> None:
    """Share accounts out among people: balanced, near, with few moves."""


@group.command("propose")
@click.option("--scope", default="company", help="company or team:ID.")
@click.option("--moves", type=click.IntRange(0), metavar="N", help="At most so many.")
@click.option(
    "--tolerance",
    type=float,
    default=0.05,
    show_default=True,
    help="How far from equal is near enough: 0.05 is 5 %.",
)
@click.option("--lock", multiple=True, metavar="ACCOUNT", help="Stays where it is.")
@click.option("--lock-open", is_flag=True, help="Accounts with an open deal stay.")
@click.option("--region", multiple=True, metavar="PERSON=REGION", help="Covers it.")
@click.option("--title", default="", metavar="TEXT", help="What the draft is called.")
@click.option("--to", type=TO, metavar="FILE", help="Write the moves: .csv or .xlsx.")
@door
def propose(found: Door, *, to: Path | None, title: str, **told: Any) -> None:  # noqa: ANN401 - options vary
    """Draw up a distribution, kept as a draft; nothing changes hands yet."""
    prepare_database(found.workspace)
    asked = Asked(
        scope=told["scope"],
        most_moves=told["moves"],
        tolerance=told["tolerance"],
        locks=frozenset(told["lock"]),
        lock_open=told["lock_open"],
        regions=dict(_region(one) for one in told["region"]),
    )
    number = territories.draw_up(
        found.workspace, title, asked, actor=OPERATOR, on=found.on, at=timezone.now()
    )
    _shown(found, _page(found, number), to)


@group.command("list")
@door
def list_(found: Door) -> None:
    """List the distributions, the latest first."""
    prepare_database(found.workspace)
    pages = plans(found.workspace, OPERATOR.viewer, on=found.on)
    if found.json:
        found.emit([_head(one) for one in pages])
        return
    for one in pages:
        code = f"territory.{one.stage}"
        stage = _(code)
        count = len(one.moves)
        found.echo(f"{one.id:>4}  {stage:<12} {count:>5}  {one.scope:<22} {one.title}")
    if not pages:
        found.echo(_("None yet. Draw one up: jalon territories propose."))


@group.command("show")
@click.argument("plan", type=int)
@click.option("--to", type=TO, metavar="FILE", help="Write the moves: .csv or .xlsx.")
@door
def show(found: Door, *, plan: int, to: Path | None) -> None:
    """Show a distribution; `--to` writes its moves, to be carried out in the CRM."""
    prepare_database(found.workspace)
    _shown(found, _page(found, plan), to)


@group.command("apply")
@click.argument("plan", type=int)
@click.option("--from", "effective_on", type=Day(), metavar="DATE", help="The day.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in a sentence.")
@door
def apply(
    found: Door, *, plan: int, effective_on: datetime.date | None, reason: str
) -> None:
    """Make a draft the decision; the CRM is changed from its list of moves."""
    prepare_database(found.workspace)
    decision = territories.Decision(effective_on or found.on, reason)
    territories.apply(plan, decision, actor=OPERATOR, at=timezone.now())
    _shown(found, _page(found, plan), None)


@group.command("drop")
@click.argument("plan", type=int)
@door
def drop(found: Door, *, plan: int) -> None:
    """Give a draft up; it is kept."""
    prepare_database(found.workspace)
    territories.drop(plan, actor=OPERATOR, on=found.on, at=timezone.now())
    _shown(found, _page(found, plan), None)


def _page(found: Door, number: int) -> PlanPage:
    page = plan(found.workspace, number, OPERATOR.viewer, on=found.on)
    if page is None:
        raise UserError(_NO_PLAN, plan=number)
    return page


def _region(text: str) -> tuple[str, str]:
    person, sign, region = text.partition("=")
    if not sign or not person.strip():
        raise UserError(_REGION, found=text)
    return person.strip(), region.strip()


def _shown(found: Door, page: PlanPage, to: Path | None) -> None:
    if to is not None:
        kind = to.suffix.lower().removeprefix(".")
        to.write_bytes(written(page, kind=kind, name=to.name))
    if found.json:
        found.emit(_document(page))
        return
    for line in _lines(page):
        found.echo(line)
    if to is not None:
        found.say(
            _("{number} moves written to {file}.").format(
                number=len(page.moves), file=to
            )
        )


def _lines(page: PlanPage) -> list[str]:
    gap = (
        _("no bound was found in the time")
        if page.gap is None
        else _("at most {gap} % from the best").format(gap=f"{100 * page.gap:.1f}")
    )
    head = _("{id}  {title}: {taken} moves, {given} given, {gap}").format(
        id=page.id, title=page.title, taken=page.taken, given=page.given, gap=gap
    )
    titles = (_("Who"), _("Accounts"), _("Potential"), _("Workload"), _("Target"))
    return [head, _row(*titles), *(_person(one) for one in page.people)]


def _row(who: str, accounts: str, potential: str, workload: str, target: str) -> str:
    return f"{who:<24}{accounts:>14}{potential:>26}{workload:>18}{target:>14}"


def _person(one: PersonSide) -> str:
    return _row(
        one.name,
        f"{one.before.accounts} → {one.after.accounts}",
        f"{one.before.potential:,.0f} → {one.after.potential:,.0f}",
        f"{one.before.workload:,.0f} → {one.after.workload:,.0f}",
        f"{one.change:+,.0f}",
    )


def _head(page: PlanPage) -> dict[str, Any]:
    return {
        "id": page.id,
        "title": page.title,
        "scope": page.scope,
        "on": page.on,
        "state": page.stage.value,
        "accounts": page.accounts,
        "locked": page.locked,
        "moves": page.taken,
        "given": page.given,
        "gap": page.gap,
        "gap_reason": None if page.gap is not None else "no_bound_in_time",
        "effective_on": page.effective_on,
        "reason": page.reason or None,
    }


def _document(page: PlanPage) -> dict[str, Any]:
    return _head(page) | {
        "snapshot": page.snapshot,
        "first": page.period.first if page.period else None,
        "after": page.period.after if page.period else None,
        "people": [_side(one) for one in page.people],
        "list": [
            {
                "account": one.account,
                "name": one.name,
                "former": one.former or None,
                "new": one.new,
                "potential": one.potential,
                "workload": one.workload,
                "region": one.region or None,
                "target": one.target,
                "reason": one.reason or None,
            }
            for one in page.moves
        ],
    }


def _side(one: PersonSide) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    return {
        "person": one.name,
        "person_id": one.id,
        "region": one.region or None,
        **{
            name: {
                "accounts": load.accounts,
                "potential": load.potential,
                "workload": load.workload,
                "inside": load.inside,
            }
            for name, load in sides.items()
        },
        "target": one.target,
        "change": one.change,
        "new_target": one.new_target,
    }
