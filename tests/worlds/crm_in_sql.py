"""A small CRM in a SQLite file: twelve deals of three people, changed as tests ask.

The rows are written here by hand; what the warehouse must hold is read back from this
very file by plain SQL.
"""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import duckdb

from jalon.usecases.acting import OPERATOR
from jalon.usecases.sources import Given, connect
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
ON = AT.date()
PASSWORD = "s3cret-of-the-base"
OWNERS = ("Alice", "Bob", "Chloé")
STAGES = ("Qualification", "Proposition", "Négociation")
MAPPING = """
[[table]]
into = "deals"
file = "affaires"
[table.columns]
deal_id = "id"
name = "nom"
owner_id = "proprietaire"
amount = "montant"
stage = "etape"
created_on = "cree"
closed_on = "clos"
outcome = "issue"
[table.constants]
currency = "EUR"
"""


class Crm:
    """The database, and the source that reads it into a workspace."""

    def __init__(self, folder: Path, deals: int = 12) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "crm.sqlite"
        self.mapping = folder / "crm.toml"
        self.mapping.write_text(MAPPING, "utf-8")
        with self.opened() as base:
            base.execute(
                "CREATE TABLE affaires (id TEXT, nom TEXT, proprietaire TEXT, "
                "montant NUMERIC, etape TEXT, cree TEXT, clos TEXT, issue TEXT, "
                "maj TEXT)"
            )
            base.executemany(
                "INSERT INTO affaires VALUES (?, ?, ?, ?, ?, ?, NULL, 'open', ?)",
                [
                    (
                        f"D{n:03d}",
                        f"Affaire {n}",
                        OWNERS[n % 3],
                        1000 + n,
                        STAGES[n % 3],
                        "2026-01-05",
                        "2026-02-01 10:00:00",
                    )
                    for n in range(deals)
                ],
            )

    def opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None)

    def do(self, statement: str, *values: object) -> None:
        with self.opened() as base:
            base.execute(statement, values)

    def settings(self) -> dict[str, str]:
        return {
            "url": f"sqlite:///{self.path}",
            "password": PASSWORD,
            "tables": "affaires:maj",
            "mapping": str(self.mapping),
        }

    def connected(self, workspace: Workspace, name: str = "crm") -> None:
        checked = connect(
            workspace, Given("sql", name, self.settings()), actor=OPERATOR, at=AT
        )
        assert checked.usable

    def truth(self) -> list[tuple[object, ...]]:
        """Return the deals as the database has them now."""
        with self.opened() as base:
            return base.execute(
                "SELECT id, proprietaire, CAST(montant AS INTEGER), etape, issue "
                "FROM affaires ORDER BY id"
            ).fetchall()


def clock() -> datetime.datetime:
    """Return the moment of these tests."""
    return AT


def held(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return the deals as the warehouse holds them, by plain SQL."""
    return query(
        workspace,
        "SELECT deal_id, owner_id, CAST(amount AS INTEGER), stage, outcome "
        "FROM deals ORDER BY deal_id",
    )


def query(workspace: Workspace, text: str) -> list[tuple[object, ...]]:
    name = Generations(workspace.warehouse).current()
    path = str(workspace.warehouse / f"{name}.duckdb")
    with duckdb.connect(path, read_only=True) as base:
        return base.execute(text).fetchall()
