"""`jalon kpi list | show KEY | value KEY`: the catalogue and its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

import click

from jalon.cli.door import Day, Door, UserError, light_door, set_up
from jalon.domain.kpis.algebra import Kpi
from jalon.domain.kpis.question import Answer, Question
from jalon.domain.periods import Period
from jalon.queries.kpi_document import document


@click.group()
def group() -> None:
    """List, show and compute KPIs."""


@group.command("list")
@light_door
def list_(door: Door) -> None:
    """List the KPIs of the catalogue, the company's own included."""
    from jalon.queries.kpi_values import catalogue  # noqa: PLC0415 - engine on demand

    kpis = catalogue(door.workspace).values()
    if door.json:
        door.emit([_summary(kpi, door.lang) for kpi in kpis])
        return
    for line in _table([[kpi.key, kpi.label[door.lang], kpi.unit] for kpi in kpis]):
        door.echo(line)


@group.command()
@click.argument("key")
@light_door
def show(door: Door, key: str) -> None:
    """Show one KPI: what it answers, its formula, what it leaves out."""
    from jalon.queries.formula_words import (  # noqa: PLC0415 - once Django is set up
        formula_said,
        reference_said,
    )
    from jalon.queries.kpi_values import catalogue  # noqa: PLC0415 - engine on demand

    kpis = catalogue(door.workspace)
    kpi = kpis[key]
    set_up(door.lang)
    details = {
        **_summary(kpi, door.lang),
        "question": kpi.question[door.lang],
        "formula": kpi.formula_text,
        "formula_words": formula_said(kpi, kpis),
        "excluded": kpi.excluded.get(door.lang, ""),
        "caution": kpi.caution.get(door.lang, ""),
        "reference": reference_said(kpi),
        "parameters": dict(kpi.parameters),
        "components": _components(kpi, door.lang),
    }
    if door.json:
        door.emit(details)
        return
    for line in _shown(kpi, details, door.lang):
        door.echo(line)


def _shown(kpi: Kpi, details: Mapping[str, object], lang: str) -> Iterator[str]:
    """Yield a definition as people read it, line by line."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 - for people only

    from jalon.domain.kpis.explain import words  # noqa: PLC0415 - only to show
    from jalon.queries.formula_words import term, worded  # noqa: PLC0415 - as above
    from jalon.queries.plainly import plainly  # noqa: PLC0415 - as above

    yield f"{kpi.label[lang]} ({kpi.key})"
    yield str(details["question"])
    yield ""
    told = {
        _("Formula"): details["formula_words"],
        _("Unit"): worded(f"kpi.unit.{kpi.unit.value}", kpi.unit.value),
        _("Better when"): worded(f"direction.{kpi.better}", kpi.better),
        _("How it rolls up"): worded(f"kpi.kind.{kpi.kind.value}", kpi.kind.value),
        _("Left out"): details["excluded"],
        _("Take care"): details["caution"],
        _("Reference"): details["reference"],
        _("Parameters"): ", ".join(f"{k}={v}" for k, v in kpi.parameters.items()),
    }
    colon = "\u202f:" if lang == "fr" else ":"
    yield from (f"{name}{colon} {text}" for name, text in told.items() if text)
    for basis, parts in {"": kpi.components, **kpi.by_basis}.items():
        for name, component in parts.items():
            of = f" ({basis})" if basis else ""
            yield f"  {term(name)}{of}{colon} {plainly(words(component, lang))}"


@group.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@click.option("--from", "first", type=Day(), metavar="DATE", help="First day.")
@click.option("--to", "after", type=Day(), metavar="DATE", help="First day after.")
@click.option("--by", multiple=True, metavar="DIMENSION", help="Cut by; repeatable.")
@click.option(
    "--where", multiple=True, metavar="FILTER", help="segment=PME; repeatable."
)
@click.option("--basis", default="", metavar="deals|orders", help="Revenue's basis.")
@light_door
def value(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    door: Door,
    keys: tuple[str, ...],
    first: date | None,
    after: date | None,
    by: tuple[str, ...],
    where: tuple[str, ...],
    basis: str,
) -> None:
    """Compute a KPI over a period, cut by dimensions and filtered.

    Several KPIs are read together; with --json they make a list. Without dates, over
    the running fiscal year.
    """
    from jalon.queries import kpi_values  # noqa: PLC0415 - engine on demand

    running = kpi_values.running_period(door.workspace, on=door.on)
    period = _period(first or running.first, after or running.after)
    cut = tuple(dict.fromkeys(by))
    questions = [Question(key, period, cut, where, basis) for key in keys]
    answers = kpi_values.values(door.workspace, questions, on=door.on)
    if door.json:
        told = _trust(door, answers[0].snapshot)
        documents = [document(one) | {"trust": told} for one in answers]
        door.emit(documents if len(documents) > 1 else documents[0])
        return
    for answer, question in zip(answers, questions, strict=True):
        for line in _answer_lines(answer, question, door.lang):
            door.echo(line)


def _trust(door: Door, snapshot: str) -> dict[str, object]:
    """Return how far the facts can be trusted, and which sources are late."""
    from jalon.queries.trust import is_connected, trust  # noqa: PLC0415 - engine

    told = trust(door.workspace, on=door.on, snapshot=snapshot or None)
    if not is_connected(door.workspace):
        return {**told, "late_sources": []}
    set_up(door.lang)
    from jalon.queries.sources import trusted  # noqa: PLC0415 - needs Django
    from jalon.usecases.prepare_database import prepare_database  # noqa: PLC0415

    prepare_database(door.workspace)
    return trusted(told, at=datetime.now(UTC))


def _period(first: date, after: date) -> Period:
    if after <= first:
        message = (
            "No day between {first} and {after}: --to is the first day after the "
            "period, e.g. --from 2017-04-01 --to 2017-07-01."
        )
        raise UserError(message, first=first, after=after)
    return Period(first, after)


def _summary(kpi: Kpi, lang: str) -> dict[str, object]:
    return {
        "key": kpi.key,
        "label": kpi.label[lang],
        "unit": kpi.unit.value,
        "better": kpi.better,
        "kind": kpi.kind.value,
        "own": kpi.own,
    }


def _components(kpi: Kpi, lang: str) -> dict[str, str]:
    from jalon.domain.kpis.explain import words  # noqa: PLC0415 - only to show

    parts = {"": kpi.components, **kpi.by_basis}
    return {
        f"{name} ({basis})" if basis else name: words(component, lang)
        for basis, components in parts.items()
        for name, component in components.items()
    }


def _answer_lines(answer: Answer, question: Question, lang: str) -> list[str]:
    from django.utils.translation import gettext as _  # noqa: PLC0415 - for people only

    from jalon.queries.kpi_words import shown, why_not  # noqa: PLC0415

    named = [_dimension(name, lang) for name in question.by]
    heads = [*named, _("value"), _("numerator"), _("denominator"), ""]
    rows = [
        [
            *(label or _("(unknown)") for label in row.labels.values()),
            shown(row.value, answer.unit, row.currency, lang),
            shown(row.numerator, "", None, lang),
            shown(row.denominator, "", None, lang),
            why_not(row.reason),
        ]
        for row in answer.rows
    ]
    title = _("{kpi} from {first} to {last}, snapshot {snapshot}").format(
        kpi=answer.kpi,
        first=answer.period.first,
        last=answer.period.after,
        snapshot=answer.snapshot,
    )
    basis = _("Basis: {basis}.").format(basis=answer.basis) if answer.basis else ""
    return [title, *_table([heads, *rows]), *([basis] if basis else [])]


def _dimension(name: str, lang: str) -> str:
    """Return what a dimension is called; an attribute keeps its own name."""
    from jalon.locale.sentences import look_up  # noqa: PLC0415 - for people only

    plain, _, level = name.partition(":")
    told = look_up(lang)(code := f"dimension.{plain}")
    return name if told == code else f"{told} {level}".rstrip()


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
