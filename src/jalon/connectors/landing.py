"""Rows as they came, then as tables: payloads in JSON lines, cells in Parquet.

Payloads are kept before anything is made of them, a compressed file a stream and run,
so that a mapping can be made again without asking the vendor. Cells are all texts: the
readers of `files` give them their types, as to any file.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from jalon.connectors.contract import Flat, Payload
from jalon.connectors.files.encoding import LONGEST_LINE

MEMORY = "500MB"
NONE = "\\N"  # what stands for no value: an empty text is a text


class Landing:
    """The streams of one run, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, stream: str, payloads: Iterable[Payload]) -> None:
        """Add payloads to a stream's file, as they came."""
        path = self.folder / f"{stream}.jsonl.gz"
        with gzip.open(path, "at", compresslevel=3, encoding="utf-8") as out:
            for payload in payloads:
                out.write(json.dumps(payload, ensure_ascii=False, default=str) + "\n")


class Cells:
    """The flat rows of one stream on their way to a Parquet file."""

    def __init__(self, stream: str, folder: Path) -> None:
        self.stream = stream
        plain = re.sub(r"[^\w-]", "_", stream)
        self.path = folder / f"{plain}.parquet"
        self.rows = 0
        self._aside = folder / f"{plain}.cells"
        self._columns: list[str] = []
        self._ragged = False
        self._out = self._aside.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._out, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def add(self, rows: Iterable[Flat]) -> None:
        """Add rows; a column first met later is empty in the rows before."""
        for row in rows:
            new = [name for name in row if name not in self._columns]
            self._ragged = self._ragged or bool(new and self.rows)
            self._columns += new
            self._writer.writerow([_text(row.get(name)) for name in self._columns])
            self.rows += 1

    def add_rows(
        self, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Add rows of a known shape, quicker."""
        self._columns = list(columns)
        for row in rows:
            self._writer.writerow([_text(value) for value in row])
            self.rows += 1

    def close(self) -> None:
        """Give up the rows that are not written yet."""
        self._out.close()

    def written(self) -> Path:
        """Write the Parquet file and return it."""
        self._out.close()
        kinds = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(self._columns)))
        shown = ", ".join(
            f'c{n} AS "{name.replace(chr(34), chr(34) * 2)}"'
            for n, name in enumerate(self._columns)
        )
        ragged = "null_padding=true, parallel=false," if self._ragged else ""
        with duckdb.connect() as connection:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.sql(
                f"SELECT {shown} FROM read_csv(?, delim=',', quote='\"', escape='\"', "  # noqa: S608 - our own names
                f"header=false, columns={{{kinds}}}, auto_detect=false, {ragged} "
                f"nullstr='{NONE}', max_line_size={LONGEST_LINE * 2})",
                params=[str(self._aside)],
            ).write_parquet(str(self.path))
        self._aside.unlink()
        return self.path


def ids_file(path: Path, ids: Iterable[str]) -> Path:
    """Write ids to a Parquet file of one column `id`."""
    cells = Cells(path.stem, path.parent)
    cells.add_rows(("id",), ((one,) for one in ids))
    return cells.written()


def _text(value: object) -> str:
    if type(value) is str:  # most are: told first
        return value.replace("\x00", "") if "\x00" in value else value
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value).replace("\x00", "")
