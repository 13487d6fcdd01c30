"""`jalon models`: the ten models of objectives, the company's own, and their table.

One model by its key is also filled from the company's own data, where there are any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from gettext import gettext
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, light_door, set_up
from jalon.domain.objectives.models import Lists, Model
from jalon.locale import figures
from jalon.queries.models import model_named, models_of, own_models

Row = tuple[str, ...]


@click.command("models")
@click.argument("key", required=False)
@click.option(
    "--owner",
    default="company",
    show_default=True,
    metavar="OWNER",
    help="Whose data fill the model: company, team:ID or person:ID.",
)
@light_door
def command(door: Door, key: str | None, owner: str) -> None:
    """List the models of objectives, or fill one from the company's own data.

    Raises:
        UnknownModelError: If no model has that key or number.
        ModelFileError: If the company's own file of that key is no model.
    """
    if key is None:
        for error in own_models(door.workspace).broken:
            door.say(error.told(gettext))
        _list(door, models_of(door.workspace))
        return
    model = model_named(door.workspace, key)
    adapted = _adapted(door, model, owner)
    if door.json:
        door.emit({**_document(model), "adapted": adapted})
        return
    for line in [*_page(model, door.lang), *_told(adapted, door.lang)]:
        door.echo(line)


def _list(door: Door, models: Sequence[Model]) -> None:
    if door.json:
        door.emit({"models": [_document(model) for model in models]})
        return
    for line in _aligned(_summary(models, door.lang)):
        door.echo(line)


def _document(model: Model) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(model).items()}


def _adapted(door: Door, model: Model, owner: str) -> dict[str, Any] | None:
    """Return the model on the company's data, None before any were imported."""
    if not (door.workspace.warehouse / "CURRENT").exists():
        return None
    set_up(door.lang)
    from jalon.queries.model_adaptation import adapt  # noqa: PLC0415 - needs Django
    from jalon.usecases.prepare_database import prepare_database  # noqa: PLC0415

    prepare_database(door.workspace)
    found = adapt(door.workspace, model, on=door.on, owner=owner)
    usual = found.usual
    return {
        "owner": found.owner,
        "first": found.period.first,
        "after": found.period.after,
        "where": list(found.where),
        "unit": found.unit,
        "currency": found.currency if found.unit == "money" else None,
        "baseline": found.baseline,
        "baseline_rule": found.baseline_rule.value,
        "so_far": found.so_far,
        "asked": found.asked,
        "proposal": found.proposal,
        "place": found.place.value,
        "usual": asdict(usual) if usual else None,
        "season": {str(month): share for month, share in found.season.items()},
        "people": found.people,
        "statement": dict(found.statement),
        "reason": found.reason.rpartition(".")[2] or None,
        "snapshot": found.snapshot,
    }


def _told(adapted: dict[str, Any] | None, lang: str) -> list[str]:
    """Return the adaptation in words."""
    if adapted is None:
        text = _(
            "Import your data and this model is filled from them: jalon import FILE"
        )
        return ["", text]

    def said(value: Decimal | None) -> str:
        if value is None:
            return "—"
        currency = adapted["currency"] or "EUR"
        return figures.figure(value, adapted["unit"], lang=lang, currency=currency)

    usual = adapted["usual"]
    lines = [
        "",
        _("On your own data"),
        f"  {adapted['statement'][lang]}",
        _(
            "  Proposed target: {target}; compared with: {baseline}; so far: {so_far}"
        ).format(
            target=said(adapted["proposal"]),
            baseline=said(adapted["baseline"]),
            so_far=said(adapted["so_far"]),
        ),
    ]
    if usual:
        usually = _("  One period in two: {easy} to {ambitious}; best: {best}.")
        lines.append(
            usually.format(
                easy=said(usual["easy"]),
                ambitious=said(usual["ambitious"]),
                best=said(usual["best"]),
            )
        )
    code = f"model.place.{adapted['place']}"
    return [*lines, f"  {_(code)}"]


def _plain(value: object) -> object:
    """Return numbers as JSON numbers, whole ones without a decimal point."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _summary(models: Sequence[Model], lang: str) -> list[Row]:
    heads = (
        _("No."),
        _("Model"),
        _("KPI"),
        _("Nature"),
        _("Horizon"),
        _("Customer cycle"),
    )
    return [heads, *(_row(model, lang) for model in models)]


def _row(model: Model, lang: str) -> Row:
    return (
        str(model.number),
        model.label[lang],
        model.kpi,
        _word("nature", model.nature),
        _word("horizon", model.horizon),
        ", ".join(_word("stage", stage) for stage in model.stages),
    )


def _word(axis: str, value: str) -> str:
    """Return the word of an axis; the codes stand in `locale/*/models.po`."""
    code = f"model.{axis}.{value}"
    return _(code)


def _aligned(rows: list[Row]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _page(model: Model, lang: str) -> list[str]:
    return [
        f"{model.number}. {model.label[lang]}",
        model.statement[lang],
        "",
        _("KPIs: {kpis}").format(kpis=", ".join(model.kpis)),
        *_breakdowns(model),
        *_block(_("Typical actions"), model.actions, lang),
        *_block(_("Levers"), model.levers, lang),
        *_block(_("Questions to ask before signing"), model.questions, lang),
    ]


def _breakdowns(model: Model) -> list[str]:
    if not model.breakdowns:
        return []
    dimensions = ", ".join(model.breakdowns)
    return [_("Break down by: {dimensions}").format(dimensions=dimensions)]


def _block(title: str, texts: Lists, lang: str) -> list[str]:
    if not texts[lang]:
        return []
    return ["", title, *(f"  - {text}" for text in texts[lang])]
