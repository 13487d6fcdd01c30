"""`jalon report`: an evidence file, each team's weekly reading, reviews."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import click
from django.utils.translation import gettext as _

from jalon.cli.digest import command as digest_command
from jalon.cli.door import Day, Door, UserError, door, reason
from jalon.cli.review import commands as review_commands
from jalon.cli.statement import in_lines, told_statement
from jalon.domain.periods import Period
from jalon.notifications.weekly_words import Speech, decision, text
from jalon.queries import weekly as queries
from jalon.queries.pay_statements import StatementPage, statement_of
from jalon.queries.weekly import Weekly
from jalon.usecases.acting import OPERATOR
from jalon.usecases.look_at_pay import look
from jalon.usecases.prepare_database import prepare_database
from jalon.usecases.print_evidence import (
    export_own_data,
    print_evidence,
    recognised,
)
from jalon.usecases.print_statement import print_statement
from jalon.usecases.send_weekly import send_weekly

FINDINGS = 1
_NO_PERSON = "Whose file? Expected --person ID, e.g. --person bob."
_NO_FILE = "Where to? Expected --to FILE.pdf, or FILE.json for all their data."
_NO_PERIOD = (
    "Over which period? Expected --first and --after, the first day outside, e.g."
    " --first 2026-01-01 --after 2027-01-01."
)
_NO_TEAM = "No team is called {team}. Expected one of: {known}."
_EMPTY = "The period is empty: --after {after} is not after --first {first}."
_ENDING = "Cannot write {file}: expected a name ending in .pdf or .json."
_ENDING_PDF = "Cannot write {file}: expected a name ending in .pdf."
_NO_STATEMENT = (
    "{person} has no statement for {period}. Expected the period of a run, e.g."
    " --period 2026-Q3."
)
_UNREADABLE = "Cannot use {file}: {why}."


@click.group("report")
def group() -> None:
    """Lay answers out as files."""


@group.command("evidence")
@click.option("--person", metavar="ID", help="Whose.")
@click.option("--first", type=Day(), metavar="DATE", help="First day.")
@click.option("--after", type=Day(), metavar="DATE", help="First day outside.")
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE", help="Write this file."
)
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Say whether a PDF is one that was printed here.",
)
@door
def evidence(
    found: Door,
    person: str | None,
    first: datetime.date | None,
    after: datetime.date | None,
    to: Path | None,
    verify: Path | None,
) -> None:
    """Write the evidence file of a person over a period, or know one again.

    Raises:
        UserError: If something is missing, or a file cannot be used.
    """
    prepare_database(found.workspace)
    if verify is not None:
        _verify(found, verify)
        return
    if not person:
        raise UserError(_NO_PERSON)
    if to is None:
        raise UserError(_NO_FILE)
    now = datetime.datetime.now().astimezone()
    owner = f"person:{person.removeprefix('person:')}"
    if to.suffix.lower() == ".json":
        document = export_own_data(
            found.workspace, owner, actor=OPERATOR, on=found.on, at=now
        )
        text = json.dumps(document, ensure_ascii=False, indent=2, default=_told)
        _write(to, f"{text}\n".encode())
        _say(found, to, {"file": str(to), "person": person})
        return
    if to.suffix.lower() != ".pdf":
        raise UserError(_ENDING, file=to.name)
    printed = print_evidence(
        found.workspace,
        owner,
        _period(first, after),
        actor=OPERATOR,
        on=found.on,
        at=now,
    )
    _write(to, printed.content)
    told = {
        "file": str(to),
        "person": person,
        "objectives": len(printed.evidence.proofs),
        "content_sha256": printed.evidence.digest,
        "file_sha256": printed.sha256,
    }
    _say(found, to, told)


@group.command("statement")
@click.option("--person", metavar="ID", help="Whose.")
@click.option("--period", metavar="NAME", default="", help="E.g. 2026-Q3; the last.")
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE.pdf", help="Write this file."
)
@door
def statement(found: Door, person: str | None, period: str, to: Path | None) -> None:
    """Tell somebody's pay statement, line by line, or print it as a PDF.

    Raises:
        UserError: If nobody is named, there is no statement, or no file can be written.
    """
    prepare_database(found.workspace)
    page = _statement_asked(person, period)
    now = datetime.datetime.now().astimezone()
    if to is not None:
        if to.suffix.lower() != ".pdf":
            raise UserError(_ENDING_PDF, file=to.name)
        _write(to, print_statement(page.id, actor=OPERATOR, at=now))
    else:
        look(f"person:{page.person}", "statement", actor=OPERATOR, at=now)
    document = told_statement(page, lang=found.lang, translated=_)
    if found.json:
        found.emit(document | ({"file": str(to)} if to else {}))
    elif to is not None:
        found.echo(_("Written: {file}").format(file=to))
    else:
        for line in in_lines(document):
            found.echo(line)


def _statement_asked(person: str | None, period: str) -> StatementPage:
    if not person:
        raise UserError(_NO_PERSON)
    key = person.removeprefix("person:")
    asked = period.strip().upper().replace("-T", "-Q")
    page = statement_of(key, period=asked, viewer=OPERATOR.viewer)
    if page is None:
        raise UserError(_NO_STATEMENT, person=key, period=period or "—")
    return page


def _period(first: datetime.date | None, after: datetime.date | None) -> Period:
    if first is None or after is None:
        raise UserError(_NO_PERIOD)
    if after <= first:
        raise UserError(_EMPTY, first=first, after=after)
    return Period(first, after)


def _verify(found: Door, path: Path) -> None:
    try:
        record = recognised(path.read_bytes())
    except OSError as error:
        raise UserError(_UNREADABLE, file=path.name, why=reason(error)) from error
    if found.json:
        found.emit(
            {
                "file": str(path),
                "known": record is not None,
                "printed_at": record.at.isoformat() if record else None,
                "by": record.by if record else None,
                "owner": record.owner if record else None,
                "content_sha256": record.content_digest if record else None,
            }
        )
    elif record:
        sentence = _(
            "{file} was printed here on {day} by {by}, for {owner}: unchanged."
        )
        told = {"day": record.at.date(), "by": record.by, "owner": record.owner}
        found.echo(sentence.format(file=path.name, **told))
    else:
        sentence = _("{file} was not printed here, or was changed since.")
        found.echo(sentence.format(file=path.name))
    if record is None:
        click.get_current_context().exit(FINDINGS)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        message = "Cannot write {file}: {why}."
        raise UserError(message, file=path, why=reason(error)) from error


@group.command("weekly")
@click.option("--team", metavar="ID", help="One team, else each.")
@click.option("--send", is_flag=True, help="Mail it, once a week to each team.")
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FILE.txt", help="Write this file."
)
@door
def weekly_command(
    found: Door,
    team: str | None,
    send: bool,  # noqa: FBT001 - a flag of the command
    to: Path | None,
) -> None:
    """Tell each team its week: what moved, drifted, is due, three decisions.

    Raises:
        UserError: If there is no such team, or the file cannot be written.
    """
    prepare_database(found.workspace)
    known = dict(queries.teams(found.workspace, on=found.on))
    wanted = [f"team:{team.removeprefix('team:')}"] if team else list(known)[1:]
    if not set(wanted) <= known.keys():
        names = ", ".join(key.removeprefix("team:") for key in list(known)[1:])
        raise UserError(_NO_TEAM, team=team, known=names)
    if send:
        _sent(found, wanted)
        return
    speech = Speech(found.lang, found.workspace.settings.currency)
    weeks = [queries.weekly(found.workspace, one, on=found.on) for one in wanted]
    if to is not None:
        body = "\n".join(text(one, speech) for one in weeks)
        _write(to, body.encode())
    if found.json:
        found.emit([_week(one, speech) for one in weeks])
    elif to is not None:
        found.echo(_("Written: {file}").format(file=to))
    else:
        for one in weeks:
            found.echo(text(one, speech))


def _sent(found: Door, teams: list[str]) -> None:
    now = datetime.datetime.now().astimezone()
    done = [
        send_weekly(found.workspace, one, actor=OPERATOR, on=found.on, at=now)
        for one in teams
    ]
    if found.json:
        found.emit(
            [
                {
                    "team": one.team,
                    "sent": one.sent,
                    "unsent": one.unsent,
                    "already": one.already,
                }
                for one in done
            ]
        )
    for one in done if not found.json else []:
        told = _("{team}: sent this week already, nothing sent again.")
        if not one.already:
            told = _("{team}: {sent} mails sent, {unsent} did not leave.")
        found.echo(told.format(team=one.team, sent=one.sent, unsent=one.unsent))
    if any(one.unsent for one in done):
        click.get_current_context().exit(FINDINGS)


def _week(one: Weekly, speech: Speech) -> dict[str, object]:
    return {
        "team": one.team,
        "name": one.name,
        "on": one.on,
        "moved": [
            {
                "objective": each.line.id,
                "gained": each.gained,
                "expected": each.expected,
                "status": each.line.status,
                "turned": each.turned,
            }
            for each in one.moved
        ],
        "due": [
            {
                "objective": each.objective,
                "action": each.text,
                "owner": each.owner_name,
                "due": each.due,
                "days_late": each.days_late,
            }
            for each in one.due
        ],
        "decisions": [
            {"kind": each.kind.value, "text": decision(each, speech)}
            for each in one.decisions
        ],
    }


def _say(found: Door, path: Path, document: dict[str, object]) -> None:
    if found.json:
        found.emit(document)
        return
    found.echo(_("Written: {file}").format(file=path))
    for name in ("content_sha256", "file_sha256"):
        if name in document:
            found.echo(f"{name}  {document[name]}")


def _told(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


group.add_command(digest_command)
for _one in review_commands():
    group.add_command(_one)
