# ruff: noqa: ARG002 -- a fake has the whole shape of the contract
"""A vendor's pieces, from payloads to facts: kept as they came, told history, deletions.

The source is a fake with the shape of a CRM: three deals, then a change, a deletion the
vendor lists, and a stage whose history it tells.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jalon.connectors import contract
from jalon.connectors.contract import (
    Account,
    Checked,
    Finding,
    Flat,
    Gone,
    Level,
    Living,
    Payload,
    Piece,
    Reached,
    Rows,
    Said,
    State,
    UnreadableAnswerError,
)
from jalon.connectors.files.mapping import FileMapping, TableMapping
from jalon.records.sources import ConnectedSource, RunState
from jalon.usecases import refresh as reading
from jalon.usecases import runs
from jalon.usecases.acting import OPERATOR
from jalon.workspace.folder import Workspace
from tests.worlds.crm_in_sql import AT, ON, query

pytestmark = pytest.mark.django_db
DEALS = {
    "1": {"id": 1, "properties": {"owner": "o1", "stage": "Devis", "won": False}},
    "2": {"id": 2, "properties": {"owner": "o1", "stage": "Devis", "won": False}},
    "3": {"id": 3, "properties": {"owner": "o2", "stage": "Gagné!", "won": True}},
}
SAID = Finding(Level.WARNING, "{count} deals cannot be read.", {"count": 2})


class Vendor:
    """A source that tells what the test says it has."""

    kind, title = "vendor", "Vendor"
    settings: tuple[contract.Setting, ...] = ()

    def __init__(self) -> None:
        self.turns: list[list[Piece | Exception]] = []

    def check(self, account: Account, *, at: datetime) -> Checked:
        return Checked(())

    def refresh(
        self, account: Account, state: State, *, at: datetime, room: Path
    ) -> Iterator[Piece]:
        for piece in self.turns.pop(0):
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def living(self, account: Account, *, at: datetime) -> Iterator[Living]:
        yield from ()

    def flat(self, stream: str, payload: Payload, account: Account) -> Flat | None:
        if stream == "stage_history":
            return {"id": str(payload["id"]), "at": payload["at"], "to": payload["to"]}
        told: Mapping[str, Any] = payload["properties"]
        won = "won" if told["won"] else "open"
        return {
            "id": str(payload["id"]),
            "who": told["owner"],
            "stage": told["stage"],
            "outcome": won,
        }

    def mapping(self, account: Account) -> FileMapping:
        columns = {
            "deal_id": "id",
            "owner_id": "who",
            "stage": "stage",
            "outcome": "outcome",
        }
        events = {"deal_id": "id", "at": "at", "stage": "to"}
        return FileMapping(
            (
                TableMapping("deals", "deals.parquet", columns=columns),
                TableMapping(
                    "stage_changes",
                    "stage_history.parquet",
                    columns=events,
                    constants={"origin": "observed"},
                ),
            )
        )

    def links(self, account: Account) -> Mapping[str, str]:
        return {}


@pytest.fixture
def vendor(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Vendor:
    found = Vendor()
    monkeypatch.setattr(reading, "source_of", lambda _kind: found)
    ConnectedSource.objects.create(
        name="crm", kind="vendor", made_at=AT, made_by="olga"
    )
    return found


def refreshed(workspace: Workspace, hours: int) -> runs.Done:
    at = AT + timedelta(hours=hours)
    return runs.refresh(workspace, "crm", actor=OPERATOR, clock=lambda: at, on=ON)


def test_pieces_become_facts_and_what_was_told_stays(
    workspace: Workspace, vendor: Vendor
) -> None:
    moved = {
        **DEALS["1"],
        "properties": {**DEALS["1"]["properties"], "stage": "Signature"},
    }
    event = {"id": 1, "at": "2026-03-02 09:30:00", "to": "Signature"}
    other = {**event, "to": "Autre"}
    vendor.turns = [
        [Rows("deals", list(DEALS.values())), Said(SAID), Reached({"deals": "a"})],
        [
            Rows("deals", [moved]),
            Rows("stage_history", [event]),
            Gone("deals", ["2"]),
            Reached({"deals": "b"}),
        ],
        [Rows("stage_history", [other]), Reached({"deals": "c"})],
    ]

    first, second, third = (refreshed(workspace, hours) for hours in (0, 1, 2))

    deals = query(workspace, "SELECT deal_id, stage, outcome FROM deals ORDER BY 1")
    assert deals == [("1", "Signature", "open"), ("3", "Gagné!", "won")]
    lines = query(workspace, "SELECT deal_id, stage, origin FROM stage_changes")
    assert lines == [("1", "Signature", "observed")], "told, so nothing is inferred"
    assert (second.counts["removed"], second.counts["history"]) == (1, 1)
    assert third.generation == "", "what was told is not rewritten"
    assert first.said[0]["parameters"] == {"count": "2"}
    assert ConnectedSource.objects.get().state == {"deals": "c"}
    kept = sorted((workspace.warehouse / "landing" / "crm").rglob("deals.jsonl.gz"))
    with gzip.open(kept[0], "rt", encoding="utf-8") as lines_kept:
        assert [json.loads(line) for line in lines_kept] == list(DEALS.values())


def test_an_answer_cut_short_leaves_everything_as_it_was(
    workspace: Workspace, vendor: Vendor
) -> None:
    vendor.turns = [
        [
            Rows("deals", list(DEALS.values())),
            Reached({"deals": "a"}),
            UnreadableAnswerError("The answer is cut short."),
        ]
    ]

    failed = refreshed(workspace, 0)

    assert failed.state == RunState.FAILED
    assert ConnectedSource.objects.get().state == {}
    assert not (workspace.warehouse / "CURRENT").exists()
    assert not list((workspace.warehouse / "landing" / "crm").glob("2026*"))
