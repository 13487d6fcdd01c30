"""A database's mapping: the file named at set-up, else what is recognised."""

from __future__ import annotations

from pathlib import Path

from jalon.connectors.contract import Account
from jalon.connectors.files.mapping import FileMapping, TableMapping, covers, loaded
from jalon.domain.facts.tables import TABLES

RECOGNISED = FileMapping(())


def mapping(account: Account) -> FileMapping:
    """Return the mapping of the tables; empty where they are recognised.

    Raises:
        ImportRefusedError: If the file is not there or is no mapping.
    """
    named = account.setting("mapping")
    return loaded(Path(named)) if named else RECOGNISED


def keys(found: FileMapping, table: str) -> tuple[tuple[str, str], ...]:
    """Return (canonical table, column of its key) for what one table fills.

    Only where one column is the whole key, as it is: what a mapping corrects, filters
    or repeats does not tell which rows are no more.
    """
    return tuple(
        (one.into, one.columns[TABLES[one.into].keys[0]])
        for one in found.tables
        if covers(one.file, table) and _tells(one)
    )


def _tells(one: TableMapping) -> bool:
    own = TABLES[one.into].keys
    key = own[0]
    plain = key in one.columns and key not in one.values and key not in one.computed
    return plain and len(own) == 1 and not one.where and not one.distinct
