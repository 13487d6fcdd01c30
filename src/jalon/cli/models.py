"""`jalon models`: the ten models of objectives, summed up on three axes."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, UserError, light_door
from jalon.domain.objectives.models import Lists, Model, models

Row = tuple[str, ...]


@click.command("models")
@click.argument("key", required=False)
@light_door
def command(door: Door, key: str | None) -> None:
    """List the ten models of objectives, or show one by its key.

    Raises:
        UserError: If no model has that key.
    """
    found = [model for model in models() if key in {None, model.key, str(model.number)}]
    if not found:
        known = ", ".join(model.key for model in models())
        message = "No model is called {key}. Expected one of: {known}."
        raise UserError(message, key=key, known=known)
    if door.json:
        listed = [_document(model) for model in found]
        door.emit({"models": listed} if key is None else listed[0])
    elif key is None:
        for line in _aligned(_summary(door.lang)):
            door.echo(line)
    else:
        for line in _page(found[0], door.lang):
            door.echo(line)


def _document(model: Model) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(model).items()}


def _plain(value: object) -> object:
    """Return numbers as JSON numbers, whole ones without a decimal point."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _summary(lang: str) -> list[Row]:
    heads = (
        _("No."),
        _("Model"),
        _("KPI"),
        _("Nature"),
        _("Horizon"),
        _("Customer cycle"),
    )
    return [heads, *(_row(model, lang) for model in models())]


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
        _("Break down by: {dimensions}").format(dimensions=", ".join(model.breakdowns)),
        *_block(_("Typical actions"), model.actions, lang),
        *_block(_("Levers"), model.levers, lang),
        *_block(_("Questions to ask before signing"), model.questions, lang),
    ]


def _block(title: str, texts: Lists, lang: str) -> list[str]:
    return ["", title, *(f"  - {text}" for text in texts[lang])]
