"""The words of `headers/*.toml`, read once: tables, vendors and the values of cells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

Wordings = Mapping[str, tuple[str, ...]]
_VALUES = "values.toml"


@dataclass(frozen=True, slots=True)
class TableWords:
    """How the columns of one canonical table are called.

    `needs` are groups of columns: one of them must be wholly filled. `inside` is what
    the file of another table must show for this table to be read from it as well;
    `missing` completes it for columns that the other table does not have. A file with
    one of the headers `never_with` is about something else.
    """

    table: str
    names: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    telling: tuple[str, ...]
    columns: Wordings
    parts: Wordings = field(default_factory=dict)
    inside: Wordings = field(default_factory=dict)
    inside_needs: tuple[tuple[str, ...], ...] = ()
    missing: Wordings = field(default_factory=dict)
    never_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorWords:
    """The headers of one kind of export of one vendor, and those that betray it.

    `either` lists, for a column, groups of headers of which a row fills only one.
    """

    vendor: str
    table: str
    marks: tuple[tuple[str, ...], ...]
    columns: Wordings
    flags: Wordings = field(default_factory=dict)
    either: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ValueWords:
    """The words of a column's canonical values, and what an unknown word means."""

    words: Wordings
    unknown: str = ""


@cache
def tables() -> tuple[TableWords, ...]:
    """Return the words of each canonical table."""
    documents = _documents()
    return tuple(_table(found) for found in documents.values() if "table" in found)


@cache
def vendors() -> tuple[VendorWords, ...]:
    """Return the exports known of each vendor."""
    return tuple(
        VendorWords(
            vendor=found["vendor"],
            table=table,
            marks=_groups(words["marks"]),
            columns=_wordings(words["columns"]),
            flags=_wordings(words.get("flags", {})),
            either={
                column: _groups(groups)
                for column, groups in words.get("either", {}).items()
            },
        )
        for found in _documents().values()
        if "vendor" in found
        for table, words in found.items()
        if table != "vendor"
    )


@cache
def values() -> Mapping[tuple[str, str], ValueWords]:
    """Return the words of the values of (table, column)."""
    return {
        (table, column): ValueWords(_wordings(found["words"]), found.get("unknown", ""))
        for table, columns in _documents()[_VALUES].items()
        for column, found in columns.items()
    }


def _documents() -> dict[str, dict[str, Any]]:
    folder = files("jalon.connectors.files.headers")
    return {
        entry.name: tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }


def _table(found: Mapping[str, Any]) -> TableWords:
    inside = found.get("inside", {})
    return TableWords(
        table=found["table"],
        names=tuple(found["names"]),
        needs=_groups(found["needs"]),
        telling=tuple(found["telling"]),
        columns=_wordings(found["columns"]),
        parts=_wordings(found.get("parts", {})),
        inside=_wordings(inside.get("columns", {})),
        inside_needs=_groups(inside.get("needs", [])),
        missing=_wordings(inside.get("missing", {})),
        never_with=tuple(found.get("never_with", ())),
    )


def _groups(found: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in found)


def _wordings(found: Mapping[str, Sequence[str]]) -> Wordings:
    return {column: tuple(words) for column, words in found.items()}
