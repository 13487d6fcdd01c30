"""A watched folder's mapping: the file named at set-up, else what is recognised."""

from __future__ import annotations

from pathlib import Path

from jalon.connectors.contract import Account
from jalon.connectors.files.mapping import FileMapping, loaded


def mapping(account: Account) -> FileMapping:
    """Return the mapping of the files; empty where they are recognised.

    Raises:
        ImportRefusedError: If the file is not there or is no mapping.
    """
    named = account.setting("mapping")
    return loaded(Path(named)) if named else FileMapping(())
