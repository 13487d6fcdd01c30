"""`jalon doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, making_door
from jalon.usecases.check_up import Check, State, check_up, repair

FOUND = 1
MARKS = {State.OK: "✓", State.FINDING: "✗", State.NOTE: "·"}


@click.command("doctor")
@click.option("--repair", "mend", is_flag=True, help="Mend what needs no decision.")
@making_door
def command(door: Door, *, mend: bool) -> int:
    """Check the workspace; leave with 1 where something is to be done."""
    if mend:
        repair(door.workspace)
    checks = check_up(door.workspace)
    findings = sum(check.state is State.FINDING for check in checks)
    if door.json:
        door.emit(
            {
                "workspace": str(door.workspace.folder),
                "findings": findings,
                "checks": [_document(check) for check in checks],
            }
        )
        return FOUND if findings else 0
    for check in checks:
        door.echo(f"{MARKS[check.state]} {said(check)}")
        if advice(check):
            door.echo(f"  → {advice(check)}")
    door.echo(verdict(findings))
    return FOUND if findings else 0


def said(check: Check) -> str:
    """Return the sentence of a check."""
    return _(f"doctor.{check.code}").format(**check.facts)  # noqa: INT001 -- a code


def advice(check: Check) -> str:
    """Return what to do, nothing where all is well."""
    if check.state is State.OK:
        return ""
    return _(f"doctor.{check.code}.do").format(**check.facts)  # noqa: INT001 -- a code


def verdict(findings: int) -> str:
    """Return the last line."""
    if findings:
        return _("To be done: {count}.").format(count=findings)
    return _("All is well.")


def _document(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "state": check.state.value,
        "message": said(check),
        "advice": advice(check) or None,
        "facts": check.facts,
    }
