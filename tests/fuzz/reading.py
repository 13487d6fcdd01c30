"""Files made bad, brought to the room that reads them: many a second, nothing is kept.

The whole of `jalon import` takes a tenth of a second a file; this is its first half,
where encodings, delimiters, archives and sheets are told, in a scratch that is shared by
some hundreds of files. What it cannot read it refuses, in one line.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import duckdb

from jalon.connectors.files.formats import tables_of
from jalon.connectors.files.raw import Scratch
from jalon.connectors.files.refusal import ImportRefusedError
from jalon.connectors.files.sources import expanded
from tests.fuzz import inputs
from tests.fuzz.doors import LONGEST_LINE, Outcome, TooSlowError
from tests.fuzz.mutate import mutated

SHARED = 300  # files of one scratch
REFUSED = 2
FILES: dict[str, tuple[bytes, bool]] = {
    "deals.csv": (inputs.DEALS.encode(), False),
    "leads.csv": (inputs.LEADS.encode(), False),
    "deals.xlsx": (inputs.workbook(), True),
    "crm.zip": (inputs.bundle(), True),
    "leads.jsonl": (inputs.lines(), False),
}


class Reader:
    """Reads one bad file after another; its scratch is made anew now and then."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="jalon-fuzz-read-"))
        self._scratch: Scratch | None = None
        self._read = 0

    def close(self) -> None:
        """Leave nothing."""
        if self._scratch:
            self._scratch.connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def tried(self, name: str, dice: random.Random) -> tuple[Outcome, dict[str, bytes]]:
        """Make a file bad, read its tables, and judge what came of it."""
        good, archive = FILES[name]
        held = mutated(good, dice, archive=archive)
        path = self._folder / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(held)
        return self._outcome(path), {name: held}

    def _outcome(self, path: Path) -> Outcome:
        scratch = self._fresh()
        try:
            for file in expanded((path,), scratch.folder / f"given{self._read}"):
                for table in tables_of(scratch, file):
                    scratch.connection.execute(
                        f'SELECT count(*) FROM "{table.relation}"'
                    ).fetchall()
        except ImportRefusedError as refusal:
            told = f"{refusal.code}: {refusal.parameters}"
            return Outcome(
                REFUSED, "a line too long" if len(told) > LONGEST_LINE else ""
            )
        except TooSlowError:
            raise
        except Exception as error:  # noqa: BLE001 - what is looked for
            return Outcome(99, f"{type(error).__name__}: {error}")
        return Outcome(0)

    def _fresh(self) -> Scratch:
        if self._scratch is None or self._read % SHARED == 0:
            if self._scratch:
                self._scratch.connection.close()
                shutil.rmtree(self._scratch.folder, ignore_errors=True)
            folder = self._folder / f"scratch{self._read}"
            folder.mkdir()
            connection = duckdb.connect(config={"threads": 1})
            connection.execute("SET TimeZone = 'UTC'")
            self._scratch = Scratch(connection, folder)
        self._read += 1
        return self._scratch
