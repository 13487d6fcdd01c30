"""What a source's pieces amount to: a little warehouse of dictionaries, on their order.

As `usecases/refresh` does: what is gone is removed first, then the rows are merged by
key, then a sweep. A run that raises leaves everything as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jalon.connectors.contract import (
    Account,
    Choices,
    Finding,
    Gone,
    Living,
    Reached,
    Rows,
    Said,
    Source,
)
from jalon.domain.facts.tables import TABLES

AT = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)


@dataclass
class Ledger:
    source: Source
    account: Account
    room: Path
    state: Any = field(default_factory=dict)
    tables: dict[str, dict[tuple[str, ...], dict[str, Any]]] = field(
        default_factory=dict
    )
    said: list[Finding] = field(default_factory=list)
    read: int = 0

    def refresh(self, *, sweep: bool = False) -> None:
        """Read once; on an error nothing is kept."""
        pieces = list(
            self.source.refresh(self.account, self.state, at=AT, room=self.room)
        )
        living = list(self.source.living(self.account, at=AT)) if sweep else []
        for piece in (one for one in pieces if isinstance(one, Gone)):
            for one in piece.ids:
                self.tables.get(piece.table, {}).pop((one,), None)
        self.read = 0
        for piece in pieces:
            if isinstance(piece, Rows):
                self._merge(piece)
            elif isinstance(piece, Reached):
                self.state = piece.state
            elif isinstance(piece, Said):
                self.said.append(piece.finding)
        self._sweep(living)

    def _sweep(self, living: list[Living]) -> None:
        for table in {one.table for one in living}:
            alive = {i for one in living if one.table == table for i in one.ids}
            held = self.tables.setdefault(table, {})
            self.tables[table] = {k: v for k, v in held.items() if k[0] in alive}

    def _merge(self, piece: Rows) -> None:
        mapping = {
            one.file.removesuffix(".parquet"): one
            for one in self.source.mapping(self.account).tables
        }[piece.stream]
        table = TABLES[mapping.into]
        for payload in piece.payloads:
            self.read += 1
            flat = self.source.flat(piece.stream, payload, self.account)
            if flat is None:
                continue
            row = {to: flat[of] for to, of in mapping.columns.items()}
            named = {to: flat[of] for to, of in (mapping.attributes or {}).items()}
            key = tuple(str(row[name]) for name in table.keys)
            self.tables.setdefault(mapping.into, {})[key] = {**row, "_": named}

    def deals(self) -> dict[str, tuple[object, ...]]:
        """Return what each deal is, as `World.truth` tells it."""
        return {
            key[0]: (
                row["name"],
                Decimal(str(row["amount"])),
                row["owner_id"],
                row["account_id"],
                row["stage"],
                row["outcome"],
            )
            for key, row in self.tables.get("deals", {}).items()
        }

    def moves(self) -> set[tuple[str, datetime, str]]:
        """Return (deal, moment, stage) of the deals there are, when the stage moved."""
        found: set[tuple[str, datetime, str]] = set()
        before: dict[str, str] = {}
        for key, row in sorted(self.tables.get("stage_changes", {}).items()):
            if (key[0],) in self.tables["deals"] and before.get(key[0]) != row["stage"]:
                found.add((key[0], datetime.fromisoformat(row["at"]), row["stage"]))
                before[key[0]] = row["stage"]
        return found


def account(url: str, **settings: str) -> Account:
    chosen = Choices(stages={"11": "opportunity", "12": "opportunity"})
    return Account("crm", {"url": url, **settings}, chosen, "Europe/Paris", "EUR")
