"""What a person changes of a guessed mapping, column by column, word by word.

A choice is a header of the file, nothing (the column stays empty), or `KEEP`: what the
mapping says already, be it a header, a formula or a constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from jalon.connectors.files.guesses import Draft, with_values
from jalon.connectors.files.mapping import SourceShape, TableMapping
from jalon.domain.facts.tables import TABLES

KEEP = "=keep"


@dataclass(frozen=True, slots=True)
class Correction:
    """Choices by canonical column, and what words of the file mean, by column."""

    choices: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def corrected(
    table: TableMapping, shape: SourceShape, correction: Correction
) -> TableMapping:
    """Return the mapping as a person corrected it.

    A header the file has not is no choice; the words of a column read from another
    header are guessed anew, then the meanings given for words it holds apply.
    """
    known = {column.name: column for column in TABLES[table.into].columns}
    for name, choice in correction.choices.items():
        unchanged = choice in {KEEP, table.columns.get(name, "")}
        if name not in known or (unchanged and choice):
            continue
        if choice and choice not in shape.headers:
            continue
        table = _without(table, name)
        if not choice:
            continue
        table = replace(table, columns={**table.columns, name: choice})
        if known[name].allowed:
            table = with_values(Draft(table), shape, known[name]).mapping
    return _with_meanings(table, correction.meanings)


def _without(table: TableMapping, name: str) -> TableMapping:
    """Return the mapping as if it said nothing of a canonical column."""
    return replace(
        table,
        columns={k: v for k, v in table.columns.items() if k != name},
        computed={k: v for k, v in table.computed.items() if k != name},
        constants={k: v for k, v in table.constants.items() if k != name},
        formats={k: v for k, v in table.formats.items() if k != name},
        values={k: v for k, v in table.values.items() if k != name},
    )


def _with_meanings(
    table: TableMapping, meanings: Mapping[str, Mapping[str, str]]
) -> TableMapping:
    values = {name: dict(words) for name, words in table.values.items()}
    for name, words in meanings.items():
        allowed = TABLES[table.into].column(name).allowed if name in values else ()
        for word, meaning in words.items():
            if word in values.get(name, {}) and meaning in (*allowed, ""):
                values[name][word] = meaning
    return replace(table, values=values)
