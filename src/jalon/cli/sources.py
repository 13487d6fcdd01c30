"""`jalon sources`: connect, check, map, schedule, refresh, write back, disconnect."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.cli.door import Door, UserError, door
from jalon.cli.import_files import Bar, sentence
from jalon.queries import sources as told
from jalon.queries.sources import SourceView
from jalon.usecases import runs, sources, write_back
from jalon.usecases.acting import OPERATOR
from jalon.usecases.import_file import ImportRefusedError
from jalon.usecases.prepare_database import prepare_database

FINDINGS, FAILED = 1, 2
_MARKS = {"fine": "✓", "warning": "◐", "refused": "✕"}


@click.group("sources")
def group() -> None:
    """Connect a CRM, a database or a folder, and refresh what they tell."""


@group.command("kinds")
@door
def kinds(door: Door) -> None:
    """List the kinds of sources and the settings each asks."""
    found = told.offered()
    if door.json:
        door.emit(
            [
                {
                    "kind": one.kind,
                    "title": one.title,
                    "settings": [
                        {
                            "name": setting.name,
                            "secret": setting.secret,
                            "required": setting.required,
                            "example": setting.example or None,
                        }
                        for setting in one.settings
                    ],
                }
                for one in found
            ]
        )
        return
    for one in found:
        door.echo(f"{one.kind}: {_(one.title)}")
        for setting in one.settings:
            need = "" if setting.required else " (" + _("optional") + ")"
            example = f" – {setting.name}={setting.example}" if setting.example else ""
            door.echo(f"  {setting.name}: {_(setting.label)}{need}{example}")


@group.command("list")
@door
def list_(door: Door) -> None:
    """List the sources, when they were read, how their last run ended."""
    prepare_database(door.workspace)
    found = told.sources()
    if door.json:
        door.emit([_document(one) for one in found])
        return
    if not found:
        door.echo(_("No source yet. Add one: jalon sources add KIND NAME SETTING=…"))
    for one in found:
        door.echo(_line(one))


@group.command("add")
@click.argument("kind")
@click.argument("name")
@click.argument("settings", nargs=-1, metavar="[SETTING=VALUE]…")
@click.option(
    "--secret",
    "asked",
    multiple=True,
    metavar="SETTING",
    help="Read this setting from standard input, so that no history keeps it.",
)
@click.option("--every", type=int, help="Minutes between two refreshes; 0 by hand.")
@door
def add(
    door: Door,
    kind: str,
    name: str,
    settings: tuple[str, ...],
    asked: tuple[str, ...],
    every: int | None,
) -> int:
    """Check a source with its settings, and keep it if it can be used."""
    prepare_database(door.workspace)
    values = _pairs(settings)
    for one in asked:
        values[one] = click.prompt(one, hide_input=True, err=True)
    given = sources.Given(kind, name, values)
    at = _now()
    try:
        checked = sources.connect(door.workspace, given, actor=OPERATOR, at=at)
    except ImportRefusedError as error:
        raise UserError(sentence(error)) from error
    if every is not None and checked.usable:
        sources.schedule(name, every, actor=OPERATOR, at=at)
    return _answered(
        door, name, list(_findings(checked.findings)), usable=checked.usable
    )


@group.command("test")
@click.argument("name")
@door
def test(door: Door, name: str) -> int:
    """Ask a source again what its key sees."""
    prepare_database(door.workspace)
    try:
        checked = sources.check(door.workspace, name, actor=OPERATOR, at=_now())
    except ImportRefusedError as error:
        raise UserError(sentence(error)) from error
    return _answered(
        door, name, list(_findings(checked.findings)), usable=checked.usable
    )


@group.command("map")
@click.argument("name")
@click.option(
    "--stage",
    "stages",
    multiple=True,
    metavar="STAGE=ROLE",
    help="What a stage is: opportunity, won, lost…; repeatable.",
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="TABLE.COLUMN=FIELD",
    help="Which field of the CRM fills a column; repeatable.",
)
@door
def map_(
    door: Door, name: str, stages: tuple[str, ...], fields: tuple[str, ...]
) -> None:
    """Say what a stage is, which field fills a column; without options, list them."""
    prepare_database(door.workspace)
    found = _found(name)
    if stages or fields:
        sources.choose(
            name,
            stages={**found.chosen_stages, **_pairs(stages)},
            fields={**found.chosen_fields, **_pairs(fields)},
            actor=OPERATOR,
            at=_now(),
        )
        found = _found(name)
    if door.json:
        door.emit(
            {"stages": dict(found.chosen_stages), "fields": dict(found.chosen_fields)}
        )
        return
    for stage in found.stages:
        role = found.chosen_stages.get(stage.key, "–")
        door.echo(f"{stage.key} ({stage.label}) = {role}")
    for target, name_ in found.chosen_fields.items():
        door.echo(f"{target} = {name_}")


@group.command("schedule")
@click.argument("name")
@click.argument("every", type=int)
@door
def schedule(door: Door, name: str, every: int) -> None:
    """Read a source every so many minutes (the worker does it); 0 only by hand."""
    prepare_database(door.workspace)
    sources.schedule(name, every, actor=OPERATOR, at=_now())
    if door.json:
        door.emit(_document(_found(name)))


@group.command("hook")
@click.argument("name")
@door
def hook(door: Door, name: str) -> None:
    """Make a new address that a CRM's webhook may post to, to ask for a refresh."""
    prepare_database(door.workspace)
    word = sources.open_hook(name, actor=OPERATOR, at=_now())
    path = f"/hooks/sources/{name}/{word}/"
    if door.json:
        door.emit({"source": name, "path": path})
    else:
        door.echo(path)


@group.command("refresh")
@click.argument("names", nargs=-1)
@click.option("--sweep", is_flag=True, help="Also look for what is deleted.")
@click.option("--force", is_flag=True, help="Remove even a great share of the rows.")
@door
def refresh(door: Door, names: tuple[str, ...], *, sweep: bool, force: bool) -> int:
    """Read what changed, of the sources named or of all of them."""
    prepare_database(door.workspace)
    wanted = names or tuple(one.name for one in told.sources())
    bar = Bar()
    done = []
    for name in wanted:
        done.append(
            runs.refresh(
                door.workspace,
                name,
                actor=OPERATOR,
                clock=_now,
                on=door.on,
                sweep=sweep,
                force=force,
                progress=bar.show,
            )
        )
        bar.clear()
    if door.json:
        door.emit([_run_document(one) for one in done])
    for one in done:
        if one.fault is not None:
            door.say(f"{one.source}: {fault_words(one.fault)}")
        elif not door.json:
            door.echo(_brought(one))
    if any(one.fault is not None for one in done):
        return FAILED
    return FINDINGS if any(one.counts.get("rejected") for one in done) else 0


@group.command("write-back")
@click.argument("name")
@click.option("--allow/--forbid", "allowed", default=None, help="Say if it may be.")
@click.option("--send", "mark", metavar="MARK", help="Write what the mark showed.")
@door
def write_back_(
    door: Door, name: str, *, allowed: bool | None, mark: str | None
) -> int:
    """Show which targets would be written into a CRM; with --send, write them.

    Nothing is written without --allow, once, and --send with the mark of what was
    shown: HubSpot's goal_targets, Odoo's gamification.goal.
    """
    prepare_database(door.workspace)
    if allowed is not None:
        write_back.allow(name, allowed=allowed, actor=OPERATOR, at=_now())
        if not allowed:
            return 0
    if mark:
        done = write_back.send(
            door.workspace, name, mark=mark, actor=OPERATOR, on=door.on, at=_now()
        )
        return _sent(door, done)
    found = write_back.plan(door.workspace, name, actor=OPERATOR, on=door.on)
    if door.json:
        door.emit(_plan_document(found))
        return 0
    for one in found.writes:
        door.echo(_write_line(one))
    if found.left_out:
        told = _("{count} running objectives are left out: {why}")
        door.say(told.format(count=found.left_out, why=_(write_back.LEFT_OUT)))
    if found.changes:
        told = _("Nothing is written yet. To write it: {command}")
        command = f"jalon sources write-back {name} --send {found.mark}"
        door.echo(told.format(command=command))
    else:
        door.echo(_("Nothing to write."))
    return 0


@group.command("remove")
@click.argument("name")
@door
def remove(door: Door, name: str) -> None:
    """Forget a source, its key and its log; the facts it brought stay."""
    prepare_database(door.workspace)
    sources.disconnect(door.workspace, name, actor=OPERATOR, at=_now())
    if door.json:
        door.emit({"removed": name})


def fault_words(fault: Mapping[str, Any]) -> str:
    """Return why a run failed, in words."""
    said, parameters = told.fault_message(fault)
    return _(said).format(**parameters)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _found(name: str) -> SourceView:
    sources.named(name)
    found = told.source(name)
    if found is None:  # gone between two queries
        raise sources.UnknownSourceError("There is no source {name}.", name=name)
    return found


def _pairs(words: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UserError(
                "{word} is no setting. Expected NAME=VALUE, e.g. path=/srv/inbox.",
                word=word,
            )
        found[name] = sys.stdin.readline().strip() if value == "-" else value
    return found


def _findings(found: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - of a check
    for one in found:
        yield {
            "level": str(one.level),
            "message": _(one.sentence).format(**_filled(one.parameters)),
        }


def _filled(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fills a sentence, the kind of rows in words."""
    code = f"{told.KIND}{parameters.get('kind', '')}"
    said = _(code)
    return dict(parameters) if said == code else {**parameters, "kind": said}


def _answered(
    door: Door, name: str, found: list[dict[str, Any]], *, usable: bool
) -> int:
    if door.json:
        door.emit({"source": name, "usable": usable, "findings": found})
    else:
        for one in found:
            door.echo(f"{_MARKS[one['level']]} {one['message']}")
    if not usable:
        if not door.json:
            door.say(_("It cannot be used so; nothing was kept."))
        return FAILED
    return FINDINGS if any(one["level"] == "warning" for one in found) else 0


def _plan_document(found: write_back.Plan) -> dict[str, Any]:
    return {
        "source": found.source,
        "mark": found.mark,
        "left_out": found.left_out,
        "writes": [
            {
                "objective": one.target.objective,
                "person": one.target.person,
                "name": one.target.name,
                "first": one.target.first,
                "last": one.target.last,
                "currency": one.target.currency,
                "before": one.before,
                "amount": one.target.amount,
                "deed": one.deed.value,
                "place": one.place,
                "id": one.remote or None,
                "values": dict(one.values),
                "why": _(one.why.sentence).format(**one.why.parameters)
                if one.why
                else None,
            }
            for one in found.writes
        ],
    }


def _write_line(one: write_back.Write) -> str:
    target = one.target
    told = f"{target.name}  {target.first} – {target.last}  "
    if one.why:
        return told + _(one.why.sentence).format(**one.why.parameters)
    former = "–" if one.before is None else f"{one.before:.2f}"
    amounts = f"{former} → {target.amount:.2f} {target.currency}"
    where = f"{one.place} {one.remote}".strip()
    values = ", ".join(f"{name}={value}" for name, value in one.values.items())
    return told + f"{amounts}  {_('deed.' + one.deed)}  {where}  {values}".rstrip()


def _sent(door: Door, done: write_back.Sent) -> int:
    if door.json:
        door.emit(
            {
                "written": [one.target.objective for one in done.written],
                "left": done.left,
                "fault": done.fault.told(_) if done.fault else None,
            }
        )
    else:
        count = len(done.written)
        told = ngettext("{count} target written.", "{count} targets written.", count)
        door.echo(told.format(count=count))
    if done.fault is not None:
        told = _("{count} left: {why} Run it again to go on.")
        door.say(told.format(count=done.left, why=done.fault.told(_)))
        return FAILED
    return 0


def _document(one: SourceView) -> dict[str, Any]:
    last = one.last
    return {
        "name": one.name,
        "kind": one.kind,
        "settings": dict(one.settings),
        "every_minutes": one.every,
        "read_at": one.read_at.isoformat() if one.read_at else None,
        "stages": dict(one.chosen_stages),
        "fields": dict(one.chosen_fields),
        "last_run": {
            "id": last.run_id,
            "state": last.state,
            "why": last.why,
            "at": last.at.isoformat(),
            "seconds": last.seconds,
            "counts": dict(last.counts),
            "snapshot": last.generation or None,
            "fault": fault_words(last.fault) if last.fault else None,
        }
        if last
        else None,
    }


def _run_document(one: runs.Done) -> dict[str, Any]:
    return {
        "source": one.source,
        "run": one.run_id,
        "state": one.state,
        "counts": dict(one.counts),
        "snapshot": one.generation or None,
        "fault": fault_words(one.fault) if one.fault else None,
        "said": [
            _(str(said["sentence"])).format(**said["parameters"])  # type: ignore[arg-type]
            for said in one.said
        ],
    }


def _line(one: SourceView) -> str:
    pace = (
        _("every {minutes} min").format(minutes=one.every)
        if one.every
        else _("by hand")
    )
    read = (
        one.read_at.astimezone().strftime("%Y-%m-%d %H:%M")
        if one.read_at
        else _("never read")
    )
    why = f" – {fault_words(one.last.fault)}" if one.last and one.last.fault else ""
    return f"{one.name}  {one.kind}  {pace}  {read}{why}"


def _brought(one: runs.Done) -> str:
    if not one.generation:
        return _("{name}: nothing new.").format(name=one.source)
    return _(
        "{name}: {accepted} rows new or changed, {removed} removed, {history} lines of "
        "history; published as {snapshot}."
    ).format(
        name=one.source,
        accepted=one.counts.get("accepted", 0),
        removed=one.counts.get("removed", 0),
        history=one.counts.get("history", 0),
        snapshot=one.generation,
    )
