"""`jalon surveys`: make and send surveys, bring answers, read mails that came back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, door, reason
from jalon.domain.feedback.asking import QUIET_DAYS, Kind, Nps, Trigger
from jalon.domain.feedback.surveys import INTERVAL_UNDER
from jalon.domain.periods import Period
from jalon.queries.survey_answers import answers
from jalon.queries.survey_status import sendings
from jalon.usecases import surveys as use_case
from jalon.usecases.acting import OPERATOR
from jalon.usecases.answer_survey import deliver, settle
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_data import import_data
from jalon.usecases.import_file import as_document
from jalon.usecases.prepare_database import prepare_database
from jalon.usecases.send_surveys import Asked, linking, send_due, send_to
from jalon.workspace.address import read_at

_UNREADABLE = "Cannot use {file}: {why}."
_NO_ANSWERS = "{file} holds no answers of surveys. Expected columns such as {columns}."
COLUMNS = "answer_id, survey, score, comment, answered_at, account_id"


@click.group("surveys")
def group() -> None:
    """Ask customers and the team; bring their answers to the KPIs."""


@group.command("list")
@door
def list_(found: Door) -> None:
    """List the surveys and how far each went."""
    prepare_database(found.workspace)
    every = sendings()
    if found.json:
        names = ("key", "name", "kind", "trigger", "delay_days", "quiet_days")
        counts = ("active", "sent", "answered", "clicked", "bounced")
        found.emit(
            [{name: getattr(one, name) for name in names + counts} for one in every]
        )
        return
    if not every:
        found.echo(_("No survey yet. Make one: jalon surveys create NAME --kind nps"))
    for one in every:
        found.echo(
            _(
                "{key}: {kind}, {sent} asked, {answered} answered, {back} came back"
            ).format(
                key=one.key,
                kind=one.kind,
                sent=one.sent,
                answered=one.answered,
                back=one.bounced,
            )
        )


@group.command("create")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([one.value for one in Kind]),
    default="nps",
    help="Asks what.",
)
@click.option(
    "--after",
    type=click.Choice([one.value for one in Trigger]),
    default="hand",
    help="Sent after what.",
)
@click.option("--delay", type=int, default=7, metavar="DAYS", help="Days after it.")
@click.option(
    "--rest", type=int, default=QUIET_DAYS, metavar="DAYS", help="An address rests."
)
@door
def create(
    found: Door, name: str, kind: str, after: str, delay: int, rest: int
) -> None:
    """Make a survey: nps, csat, or engagement (anonymous)."""
    prepare_database(found.workspace)
    made = use_case.make_survey(
        name,
        kind=Kind(kind),
        trigger=Trigger(after),
        delay_days=delay,
        quiet_days=rest,
        actor=OPERATOR,
        on=found.on,
        at=timezone.now(),
    )
    found.emit({"key": made.key}) if found.json else found.echo(made.key)


@group.command("send")
@click.argument("key", required=False)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Whom: email, name, account_id, lang.",
)
@click.option("--address", metavar="URL", help="Where Jalon is read, for the links.")
@door
def send(found: Door, key: str | None, to: Path | None, address: str | None) -> None:
    """Ask those who are due after a sale or a ticket; or KEY to a list, or the team.

    Run it every day: nobody is asked twice about the same thing, and an address rests.
    """
    prepare_database(found.workspace)
    link, at = linking(read_at(address)), timezone.now()
    if key is None:
        asked = send_due(found.workspace, link=link, on=found.on, at=at)
    else:
        text = _text(to) if to else None
        survey = use_case.survey_named(key)
        asked = send_to(
            found.workspace,
            survey,
            text,
            link=link,
            actor=OPERATOR,
            on=found.on,
            at=at,
        )
    _told(found, asked)


@group.command("settle")
@door
def settle_(found: Door) -> None:
    """Turn a person's clicks into answers, and bring answers to the warehouse."""
    prepare_database(found.workspace)
    at = timezone.now()
    clicked = settle(at=at)
    brought = deliver(found.workspace, on=found.on, at=at)
    if found.json:
        found.emit({"settled": clicked, "brought": brought})
        return
    found.echo(
        _("{clicked} clicks settled, {brought} answers brought to the figures").format(
            clicked=clicked, brought=brought
        )
    )


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="FILE", help="Which columns."
)
@door
def import_(found: Door, file: Path, mapping: Path | None) -> None:
    """Read the answers of another tool from a file.

    Raises:
        UserError: If the file holds none.
    """
    prepare_database(found.workspace)
    how: dict[str, Any] = {
        "mapping": mapping,
        "actor": OPERATOR,
        "at": timezone.now(),
    }
    look = import_data(found.workspace, [file], dry_run=True, **how)
    if {one.table for one in look.parts} != {"answers"}:
        raise UserError(_NO_ANSWERS, file=file, columns=COLUMNS)
    report = import_data(found.workspace, [file], **how)
    if report.generation:
        evaluate(found.workspace, on=found.on)
    if found.json:
        found.emit(as_document(report))
        return
    found.echo(
        _(
            "{accepted} answers read, {rejected} not usable, {known} known already"
        ).format(
            accepted=report.accepted,
            rejected=report.rejected,
            known=report.duplicate,
        )
    )


@group.command("returned")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@door
def returned(found: Door, files: tuple[Path, ...]) -> None:
    """Read mails that came back (.eml): addresses that fail for good rest for ever."""
    prepare_database(found.workspace)
    gone: list[str] = []
    for file in files:
        gone += use_case.returned(_bytes(file), actor=OPERATOR, at=timezone.now())
    if found.json:
        found.emit({"left_alone": gone})
        return
    found.echo(_("{count} addresses left alone").format(count=len(gone)))


@group.command("leave")
@click.argument("address")
@door
def leave(found: Door, address: str) -> None:
    """Never write to an address again, as its owner asked otherwise."""
    prepare_database(found.workspace)
    use_case.leave_alone_by_hand(address, actor=OPERATOR, at=timezone.now())
    if found.json:
        found.emit({"left_alone": [address.strip().lower()]})
        return
    found.echo(_("{count} addresses left alone").format(count=1))


@group.command("show")
@click.option("--first", type=Day(), metavar="DATE", help="First day.")
@click.option("--after", type=Day(), metavar="DATE", help="First day outside.")
@door
def show(found: Door, first: datetime.date | None, after: datetime.date | None) -> None:
    """Show the NPS with its interval, by segment and by who keeps the customer."""
    prepare_database(found.workspace)
    end = after or found.on + datetime.timedelta(days=1)
    begin = first or end - datetime.timedelta(days=365)
    said = answers(found.workspace, OPERATOR.viewer, Period(begin, end), on=found.on)
    cuts = (("segment", said.segments), ("owner", said.owners))
    if found.json:
        found.emit(
            {
                "first": begin,
                "after": end,
                "nps": _counted(said.nps),
                "csat": {"satisfied": said.csat.satisfied, "n": said.csat.answers},
                **{
                    f"by_{name}": {one.name: _counted(one.nps) for one in some}
                    for name, some in cuts
                },
            }
        )
        return
    found.echo(f"NPS {_line(said.nps)}")
    for _cut, some in cuts:
        found.echo()
        for one in some:
            found.echo(f"{one.name or '–'}: {_line(one.nps)}")


def _told(found: Door, asked: Asked) -> None:
    if found.json:
        found.emit(
            {
                "sent": asked.sent,
                "rested": asked.rested,
                "unsent": asked.unsent,
                "unread": list(asked.unread),
            }
        )
        return
    found.echo(
        _(
            "Mails sent: {sent}; left in peace: {rested}; not sent: {unsent}; "
            "unread lines: {unread}."
        ).format(
            sent=asked.sent,
            rested=asked.rested,
            unsent=asked.unsent,
            unread=len(asked.unread),
        )
    )


def _counted(nps: Nps) -> dict[str, object]:
    return {
        "n": nps.answers,
        "promoters": nps.promoters,
        "passives": nps.passives,
        "detractors": nps.detractors,
        "nps": nps.value,
        "margin": nps.margin,
    }


def _line(nps: Nps) -> str:
    if nps.value is None or nps.margin is None:
        return "–"
    told = f"± {nps.margin:.0f} (n = {nps.answers})"
    if nps.answers < INTERVAL_UNDER:
        low = max(nps.value - nps.margin, Decimal(-100))
        high = min(nps.value + nps.margin, Decimal(100))
        return f"{low:+.0f} … {high:+.0f} (n = {nps.answers})"
    return f"{nps.value:+.1f} {told}"


def _text(file: Path) -> str:
    try:
        return _bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        return _bytes(file).decode("cp1252", "replace")


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(_UNREADABLE, file=file, why=reason(error)) from error
