"""`jalon import`: files, folders and zips into the warehouse; what became of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Door, UserError, making_door
from jalon.cli.guesses_text import guess_lines
from jalon.usecases.acting import OPERATOR
from jalon.usecases.import_data import import_data
from jalon.usecases.import_file import (
    ImportRefusedError,
    ImportReport,
    as_document,
)
from jalon.usecases.prepare_database import prepare_database

SHOWN_REJECTS, SHOWN_NAMES = 10, 8
FINDINGS = 1


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="Which column goes where (TOML); recognised otherwise.",
)
@click.option("--dry-run", is_flag=True, help="Read and count, keep nothing.")
@making_door
def command(
    door: Door, files: tuple[Path, ...], mapping: Path | None, *, dry_run: bool
) -> int:
    """Read CSV, TSV, XLSX, Parquet or JSON files, folders or zips of them.

    Raises:
        UserError: If a file or the mapping cannot be used; nothing was written.
    """
    if not dry_run:
        prepare_database(door.workspace)
    bar = Bar()
    try:
        report = import_data(
            door.workspace,
            files,
            mapping=mapping,
            actor=OPERATOR,
            at=datetime.now().astimezone(),
            dry_run=dry_run,
            progress=bar.show,
        )
    except ImportRefusedError as error:
        bar.clear()
        raise UserError(sentence(error)) from error
    bar.clear()
    if door.json:
        door.emit(as_document(report))
    else:
        for line in lines(report):
            door.echo(line)
    return FINDINGS if report.rejected else 0


def sentence(error: ImportRefusedError) -> str:
    """Return a refusal in words."""
    return _("import.refused." + error.code).format(**error.parameters)


class Bar:
    """A progress bar on standard error, drawn only for a person at a terminal."""

    WIDTH = 24

    def __init__(self) -> None:
        self.drawn = sys.stderr.isatty()

    def show(self, step: str, name: str, done: float) -> None:
        """Draw how far the import is, and what it is at."""
        if not self.drawn:
            return
        full = round(self.WIDTH * done)
        bar = "█" * full + "░" * (self.WIDTH - full)
        label = _("import.step." + step).format(name=name)[:60]
        click.echo(f"\r\x1b[K{bar} {done:4.0%}  {label}", nl=False, err=True)

    def clear(self) -> None:
        """Remove the bar."""
        if self.drawn:
            click.echo("\r\x1b[K", nl=False, err=True)


def lines(report: ImportReport) -> Iterator[str]:
    """Yield the report in words, line by line."""
    yield from _guesses(report)
    yield from _counts(report)
    yield from _created(report)
    yield from _joined(report)
    yield from _assumptions(report)
    yield from _rejected(report)
    yield from _skipped(report)
    yield _conclusion(report)


def _guesses(report: ImportReport) -> Iterator[str]:
    for one, path in report.guessed:
        tables = ", ".join(table.into for table in one.mapping.tables)
        if one.recognition is None:
            yield _("{file}: read with the mapping saved for these headers.").format(
                file=one.file
            )
            continue
        yield _("{file}: recognised as {tables}.").format(file=one.file, tables=tables)
        yield from guess_lines(one.recognition)
        if path:
            yield _("  Saved in {path}: correct it there if a guess is wrong.").format(
                path=path
            )


def _counts(report: ImportReport) -> Iterator[str]:
    rows = [
        (
            part.file + (f" · {part.sheet}" if part.sheet else ""),
            _("beside {table}").format(table=part.table) if part.joined else part.table,
            *_numbers(part),
        )
        for part in report.parts
    ]
    heads = (
        _("File"),
        _("Table"),
        _("Read"),
        _("Accepted"),
        _("Rejected"),
        _("Duplicate"),
        _("Filtered"),
    )
    total = (_("Total"), "", *_numbers(report))
    yield from _aligned([heads, *rows, total])


def _numbers(counts: object) -> tuple[str, ...]:
    names = ("read", "accepted", "rejected", "duplicate", "filtered")
    return tuple(f"{getattr(counts, name):,}".replace(",", "\u202f") for name in names)


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if place < 2 else cell.rjust(width)  # noqa: PLR2004
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _created(report: ImportReport) -> Iterator[str]:
    for kind, names in report.made.items():
        shown = ", ".join(names[:SHOWN_NAMES])
        more = "…" if len(names) > SHOWN_NAMES else ""
        sentence = {
            "people": _("{count} people known only by their name were added: {names}"),
            "teams": _("{count} teams known only by their name were added: {names}"),
        }[kind]
        yield sentence.format(count=len(names), names=shown + more)


def _joined(report: ImportReport) -> Iterator[str]:
    for one in report.joins:
        yield _(
            "{name}, known only by name until now, has the key {key}: one person, "
            "history kept."
        ).format(name=one.name, key=one.key)


def _assumptions(report: ImportReport) -> Iterator[str]:
    for part in report.parts:
        for name in part.assumed:
            yield _(
                "{table}.{column}: nothing tells the day from the month; the day was "
                "taken first. Say otherwise in [table.formats] of a mapping file."
            ).format(table=part.table, column=name)


def _rejected(report: ImportReport) -> Iterator[str]:
    for one in report.rejects[:SHOWN_REJECTS]:
        reason = _("import.reason." + one.reason)
        where = _("{file}, line {line}").format(file=one.file, line=one.line)
        what = f"{one.column} = {one.value!r}" if one.column else one.value[:60]
        yield f"  {where}: {reason} ({what})"
    left = report.rejected - min(SHOWN_REJECTS, len(report.rejects))
    if left > 0:
        yield _("  … and {count} more in the quarantine.").format(count=left)


def _skipped(report: ImportReport) -> Iterator[str]:
    if report.skipped:
        shown = ", ".join(report.skipped[:SHOWN_NAMES])
        more = "…" if len(report.skipped) > SHOWN_NAMES else ""
        yield _("Not used: {files}").format(files=shown + more)


def _conclusion(report: ImportReport) -> str:
    if report.dry_run:
        return _("Dry run: nothing was kept.")
    if not report.generation:
        return _("Nothing new: the warehouse stays as it is.")
    return _("Published as {name}.").format(name=report.generation)
