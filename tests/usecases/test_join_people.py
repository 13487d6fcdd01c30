"""Somebody known by name gets a key: objectives, snapshots and accounts follow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalon.queries.objectives import status
from jalon.records import objective_rows
from jalon.records.audit import AuditLine
from jalon.records.joining import follow
from jalon.usecases.acting import OPERATOR
from jalon.usecases.import_data import import_data
from jalon.usecases.import_file import ImportReport
from jalon.usecases.import_objectives import import_objectives
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace

ON = date(2025, 7, 15)
AT = datetime(2025, 7, 15, 9, tzinfo=UTC)
DEALS = (
    "Deal ID,Owner,Amount,Close Date,Stage\n"
    "1,Zoé Lund,100,2025-07-03,Closed Won\n"
    "2,Ann Roy,50,2025-07-04,Closed Won\n"
)
STAFF = (
    "person_id,name,email\n"
    "77,Zoe Lund,zoe@x.fr\n78,Other Person,o@x.fr\n79,Ann Roy,ann@x.fr\n"
)
OBJECTIVE = """
[[objective]]
id = "zoe"
statement = "Signer 200 € en juillet"
kpi = "revenue"
owner = "person:Zoé Lund"
first = 2025-07-01
after = 2025-08-01
target = 200
"""


@pytest.mark.django_db
def test_a_key_given_later_keeps_the_objective_and_its_figures(
    company: Workspace, tmp_path: Path
) -> None:
    def imported(name: str, text: str, minute: int) -> ImportReport:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        at = AT + timedelta(minutes=minute)
        return import_data(company, [path], actor=OPERATOR, at=at)

    imported("deals.csv", DEALS, 0)
    former = str(Generations(company.warehouse).current())
    objectives = tmp_path / "objectives.toml"
    objectives.write_text(OBJECTIVE, "utf-8")
    import_objectives(company, objectives, on=ON, at=AT, actor=OPERATOR)
    report = imported("people.csv", STAFF, 1)

    joins = [(one.former, one.key) for one in report.joins]
    assert joins == [("Ann Roy", "79"), ("Zoé Lund", "77")]
    assert objective_rows.load({"zoe"})["zoe"].owner == "person:77"
    (line,) = status(company, on=ON, ids={"zoe"})
    assert (line.actual, line.target) == (Decimal(100), Decimal(200))
    generations = Generations(company.warehouse)
    owners = "SELECT owner_id FROM deals WHERE deal_id IN ('1', '2') ORDER BY deal_id"
    for name in (former, None):
        found = generations.reader(name).execute(owners).fetchall()
        assert found == [("77",), ("79",)]
    assert generations.verify() == []
    told = AuditLine.objects.filter(verb="join").order_by("key")
    assert [(one.key, one.by) for one in told] == [
        ("77", "operator"),
        ("79", "operator"),
    ]


@pytest.mark.django_db
def test_following_many_reads_no_more_than_following_one() -> None:
    with CaptureQueriesContext(connection) as one:
        follow({"Zoé Lund": "77"})
    with CaptureQueriesContext(connection) as many:
        follow({f"Somebody {rank}": str(rank) for rank in range(40)})

    assert len(many) == len(one)
