"""Targets written into a CRM: off by default, shown first, then that and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jalon.connectors.hubspot.targets import HubSpotTargets
from jalon.connectors.odoo.targets import NAME, OdooTargets
from jalon.connectors.write_back import Deed
from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.people.permission import Viewer
from jalon.domain.people.roles import Role
from jalon.domain.periods import Period
from jalon.records import objective_rows
from jalon.records.audit import AuditLine
from jalon.records.sources import ConnectedSource, WrittenTarget
from jalon.usecases import write_back as writing
from jalon.usecases.acting import OPERATOR, Actor, ForbiddenError
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace, opened
from tests.connectors.sources import CASES, HASTY, Stand, stand
from tests.worlds.crm_in_sql import AT, ON

pytestmark = pytest.mark.django_db
WRITERS = {"hubspot": HubSpotTargets, "odoo": OdooTargets, "odoo 16": OdooTargets}
BOB = Actor(Viewer(Role.SALESPERSON, "2"), "bob@exemple.fr")


def objective(key: str, **changed: Any) -> Objective:
    made = Objective(
        id=key,
        kpi="revenue",
        owner="person:2",
        period=Period(datetime.date(2026, 1, 1), datetime.date(2026, 4, 1)),
        direction=Direction.UP,
        original_target=Decimal(120000),
        statement="Signer 120 000 € au premier trimestre",
    )
    return replace(made, **changed)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A warehouse that holds the people a first refresh told of."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "warehouse").mkdir()
    found = opened(folder)
    Generations(found.warehouse).publish(_told, at=AT.replace(tzinfo=None))
    return found


def _told(connection: duckdb.DuckDBPyConnection) -> bool:
    connection.execute(
        "INSERT INTO people (person_id, name, role, source) VALUES "
        "('1', 'Alice Martin', 'salesperson', 'crm/users.parquet'), "
        "('2', 'Bob Durand', 'salesperson', 'crm/users.parquet'), "
        "('9', 'Zoé, of a file', 'salesperson', 'people.csv')"
    )
    return True


@pytest.fixture
def workspace(facts: Workspace) -> Workspace:
    return facts


@pytest.fixture(params=WRITERS)
def crm(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stand]:
    """A CRM that is connected, and one objective it can hold."""
    kind = str(request.param)
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    with stand(kind, tmp_path, deals=4) as found:
        writer = WRITERS[kind](HASTY)
        monkeypatch.setattr(writing, "takes_targets", lambda _kind: writer)
        ConnectedSource.objects.create(
            name="crm",
            kind=found.ledger.source.kind,
            settings=dict(found.ledger.account.settings),
            made_at=AT,
            made_by="olga",
        )
        objective_rows.save([objective("T1-bob")])
        yield found


def goals(crm: Stand) -> list[tuple[str, str, str, Decimal]]:
    """Return (person, first day, last day, amount) of the goals the CRM holds."""
    held: Any = crm.simulator.goals  # type: ignore[attr-defined]
    if "gamification.goal" in held:
        return [
            (
                str(one["user_id"]),
                one["start_date"],
                one["end_date"],
                Decimal(str(one["target_goal"])),
            )
            for one in held["gamification.goal"]
        ]
    return [
        (
            one["hubspot_owner_id"],
            one["hs_start_datetime"][:10],
            one["hs_end_datetime"][:10],
            Decimal(one["hs_target_amount"]),
        )
        for one in held.values()
    ]


def planned(workspace: Workspace) -> writing.Plan:
    return writing.plan(workspace, "crm", actor=OPERATOR, on=ON)


@pytest.fixture
def sent(workspace: Workspace) -> Callable[[str], writing.Sent]:
    def send(mark: str) -> writing.Sent:
        return writing.send(workspace, "crm", mark=mark, actor=OPERATOR, on=ON, at=AT)

    return send


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(
    crm: Stand, workspace: Workspace
) -> None:
    crm.simulator.asked.clear()

    (one,) = planned(workspace).writes

    assert one.deed is Deed.CREATE
    assert (one.target.person, one.target.amount) == ("2", Decimal(120000))
    assert "2026-01-01" in " ".join(one.values.values())
    assert "2026-03-31" in " ".join(one.values.values()), "the last day, included"
    assert goals(crm) == []
    assert not [call for call in crm.simulator.asked if "create" in call]


def test_nothing_is_sent_until_somebody_allowed_it(
    crm: Stand, workspace: Workspace, sent: Callable[[str], writing.Sent]
) -> None:
    with pytest.raises(writing.UnableToWriteBackError, match="only read"):
        sent(planned(workspace).mark)

    assert goals(crm) == []


def test_what_was_shown_is_written_once_and_leaves_its_line(
    crm: Stand, workspace: Workspace, sent: Callable[[str], writing.Sent]
) -> None:
    writing.allow("crm", allowed=True, actor=OPERATOR, at=AT)

    done = sent(planned(workspace).mark)
    again = planned(workspace)

    assert len(done.written) == 1
    assert done.fault is None
    assert goals(crm) == [("2", "2026-01-01", "2026-03-31", Decimal(120000))]
    assert [one.deed for one in again.writes] == [Deed.SAME]
    assert sent(again.mark).written == ()
    line = AuditLine.objects.get(noun="objective", verb="write_back")
    assert (line.key, line.by) == ("T1-bob", "operator")
    assert line.details["after"] == "120000"


def test_a_new_target_changes_the_goal_that_is_there(
    crm: Stand, workspace: Workspace, sent: Callable[[str], writing.Sent]
) -> None:
    writing.allow("crm", allowed=True, actor=OPERATOR, at=AT)
    sent(planned(workspace).mark)
    objective_rows.save([objective("T1-bob", original_target=Decimal("99000.50"))])

    (one,) = planned(workspace).writes
    sent(planned(workspace).mark)

    assert (one.deed, one.before) == (Deed.UPDATE, Decimal(120000))
    assert goals(crm) == [("2", "2026-01-01", "2026-03-31", Decimal("99000.50"))]


def test_a_goal_whose_answer_was_lost_is_found_again_not_doubled(
    crm: Stand, workspace: Workspace, sent: Callable[[str], writing.Sent]
) -> None:
    writing.allow("crm", allowed=True, actor=OPERATOR, at=AT)
    sent(planned(workspace).mark)
    WrittenTarget.objects.all().delete()  # as if the answer never came

    assert [one.deed for one in planned(workspace).writes] == [Deed.SAME]
    assert len(goals(crm)) == 1


def test_what_changed_since_it_was_shown_is_not_sent(
    crm: Stand, workspace: Workspace, sent: Callable[[str], writing.Sent]
) -> None:
    writing.allow("crm", allowed=True, actor=OPERATOR, at=AT)
    shown = planned(workspace).mark
    objective_rows.save([objective("T1-bob", original_target=Decimal(1))])

    with pytest.raises(writing.UnableToWriteBackError, match="no longer"):
        sent(shown)

    assert goals(crm) == []


def test_what_a_crm_cannot_hold_is_left_out(crm: Stand, workspace: Workspace) -> None:
    del crm
    objective_rows.save(
        [
            objective("company", owner="company"),
            objective("segment", where=("segment=PME",)),
            objective("rate", kpi="win_rate", original_target=Decimal("0.3")),
            objective("of a file", owner="person:9"),
        ]
    )

    found = planned(workspace)

    assert [one.target.objective for one in found.writes] == ["T1-bob"]
    assert found.left_out == 4


def test_a_salesperson_may_not_even_look(crm: Stand, workspace: Workspace) -> None:
    del crm
    with pytest.raises(ForbiddenError):
        writing.plan(workspace, "crm", actor=BOB, on=ON)
    with pytest.raises(ForbiddenError):
        writing.allow("crm", allowed=True, actor=BOB, at=AT)


def test_only_hubspot_and_odoo_can_be_written_to() -> None:
    able = {kind for kind in CASES if writing.can_write_back(kind.partition(" ")[0])}

    assert able == {"hubspot", "odoo", "odoo 16"}


def test_the_definition_of_odoo_is_made_once(
    crm: Stand, workspace: Workspace, sent: Callable[[str], writing.Sent]
) -> None:
    held: Any = crm.simulator.goals  # type: ignore[attr-defined]
    if "gamification.goal" not in held:
        pytest.skip("only Odoo has definitions of goals")
    writing.allow("crm", allowed=True, actor=OPERATOR, at=AT)
    objective_rows.save([objective("T1-alice", owner="person:1")])

    sent(planned(workspace).mark)

    (definition,) = held["gamification.goal.definition"]
    assert definition["name"] == NAME
    assert {one["definition_id"] for one in held["gamification.goal"]} == {1}
