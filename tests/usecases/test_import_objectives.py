"""A file of objectives goes in: all its faults, all its good rows, once."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.queries.objectives import every
from jalon.reports.objectives_table import written
from jalon.usecases.acting import OPERATOR
from jalon.usecases.evaluate import evaluate
from jalon.usecases.import_objectives import (
    ObjectivesReport,
    UnreadableFileError,
    import_objectives,
)
from jalon.workspace.folder import Workspace

pytestmark = pytest.mark.django_db

ON = datetime.date(2025, 5, 15)
AT = datetime.datetime(2025, 5, 15, 9, tzinfo=datetime.UTC)
GOOD = """
[[objective]]
id = "T2-ca"
statement = "Vendre pour 80 000 € au deuxième trimestre"
kpi = "revenue"
owner = "company"
first = 2025-04-01
after = 2025-07-01
target = 80000

[[objective]]
id = "T2-ca-nouveaux"
kpi = "revenue"
owner = "Nouveaux clients"
first = 2025-04-01
after = 2025-07-01
target = 50000
bands = { minimum = 45000, excellent = 60000 }
where = ["segment=PME"]
parent = "T2-ca"
weight = 0.5
actions = [{ action = "Rappeler les devis", owner = "person:bob", due = 2025-05-30 }]
"""


def take(workspace: Workspace, text: str, on: datetime.date = ON) -> ObjectivesReport:
    path = workspace.folder / "objectives.toml"
    path.write_text(text, "utf-8")
    return import_objectives(workspace, path, on=on, at=AT, actor=OPERATOR)


def test_owners_may_be_written_by_name(company: Workspace) -> None:
    take(company, GOOD)

    owners = {one.id: one.owner for one in every(company)}
    assert owners == {"T2-ca": "company", "T2-ca-nouveaux": "team:nouveaux"}


def test_a_name_that_two_people_bear_is_refused_with_their_keys(
    company: Workspace,
) -> None:
    report = take(company, GOOD.replace('"company"', '"Bob Durand"'))

    (found,) = [one for one in report.faults if one.fault.field == "owner"]
    assert found.fault.code == "fault.owner_twice"
    assert found.fault.details["keys"] == "person:bob, person:bob2"


def test_a_name_that_fits_nobody_is_kept_and_told(company: Workspace) -> None:
    report = take(company, GOOD.replace('"company"', '"person:Zoé Neuve"'))

    assert report.unknown_owners == ("person:Zoé Neuve",)
    assert len(report.added) == 2


def test_the_same_file_twice_changes_nothing(company: Workspace) -> None:
    first = take(company, GOOD)
    before = every(company)

    again = take(company, GOOD)

    assert len(first.added) == 2
    assert again.unchanged == ("T2-ca", "T2-ca-nouveaux")
    assert (again.added, again.changed, again.retargeted) == ((), (), ())
    assert every(company) == before


def test_a_bad_row_hides_nothing_of_the_good_ones(company: Workspace) -> None:
    report = take(
        company, GOOD + '\n[[objective]]\nid = "bad"\nkpi = "win_rate"\nowner = "company"\n'
        'first = 2025-04-01\nafter = 2025-07-01\nbaseline = 0.22\nchange = "+15 %"\n'
    )  # fmt: skip

    assert report.added == ("T2-ca", "T2-ca-nouveaux")
    (found,) = report.faults
    assert (found.row, found.fault.code) == (3, "fault.percent_of_rate")


def test_another_target_is_a_revision_and_both_are_kept(company: Workspace) -> None:
    take(company, GOOD)

    report = take(company, GOOD.replace("80000", "70000"))

    assert report.retargeted == ("T2-ca",)
    found = next(one for one in every(company) if one.id == "T2-ca")
    (revision,) = found.revisions
    assert (found.original_target, found.target) == (Decimal(80000), Decimal(70000))
    assert (revision.former, revision.new) == (Decimal(80000), Decimal(70000))
    assert (revision.effective_on, revision.reason) == (ON, "import")


def test_children_that_ask_for_less_than_their_parent_are_told(
    company: Workspace,
) -> None:
    (found,) = take(company, GOOD).imbalances

    assert found.parent == "T2-ca"
    assert found.check.difference == Decimal(-30000)


def test_a_baseline_of_last_year_is_measured_and_kept_with_its_snapshot(
    company: Workspace,
) -> None:
    """Signed from April to June 2024: d05 4,000 and d07 20,000."""
    text = GOOD.replace("target = 80000", 'baseline = "N-1"\nchange = "+50 %"')

    take(company, text)

    found = next(one for one in every(company) if one.id == "T2-ca")
    assert found.baseline == Decimal(24000)
    assert found.original_target == Decimal(36000)
    assert found.baseline_snapshot == "g00000001"


def test_before_any_data_a_measured_baseline_stays_open(workspace: Workspace) -> None:
    text = GOOD.replace("target = 80000", 'baseline = "N-1"\nchange = "+50 %"')

    report = take(workspace, text.replace("Nouveaux clients", "team:nouveaux"))

    assert report.faults == ()
    found = next(one for one in every(workspace) if one.id == "T2-ca")
    assert (found.baseline, found.original_target) == (None, None)


@pytest.mark.parametrize("suffix", ["toml", "csv", "xlsx"])
def test_what_is_exported_is_imported_as_the_same(
    company: Workspace, tmp_path: Path, suffix: str
) -> None:
    take(company, GOOD)
    take(company, GOOD.replace("80000", "70000.25"))
    before = every(company)
    path = tmp_path / f"export.{suffix}"
    written(before, path)

    same = import_objectives(company, path, on=ON, at=AT, actor=OPERATOR)
    assert (same.faults, same.changed, same.retargeted) == ((), (), ())
    assert len(same.unchanged) == 2

    from jalon.records.objectives import Objective

    Objective.objects.all().delete()
    fresh = import_objectives(company, path, on=ON, at=AT, actor=OPERATOR)
    assert len(fresh.added) == 2
    assert every(company) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("x.toml", b"[[objective", id="no TOML"),
        pytest.param("x.toml", b"title = 1", id="no objective"),
        pytest.param("x.pdf", b"%PDF", id="another format"),
        pytest.param("x.xlsx", b"nothing", id="no spreadsheet"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    workspace: Workspace, name: str, content: bytes
) -> None:
    path = workspace.folder / name
    path.write_bytes(content)

    with pytest.raises(UnreadableFileError, match="expected"):
        import_objectives(workspace, path, on=ON, at=AT, actor=OPERATOR)


def test_a_spreadsheet_in_french_dress_is_read(company: Workspace) -> None:
    path = company.folder / "objectifs.csv"
    path.write_bytes(
        "id;kpi;owner;first;after;target;where\n"
        "a;revenue;Équipe:Fidélisation;01/04/2025;01/07/2025;12 500,50;segment=PME\n".encode(
            "cp1252"
        )
    )

    report = import_objectives(company, path, on=ON, at=AT, actor=OPERATOR)

    assert report.faults == ()
    (found,) = every(company)
    assert found.owner == "team:fidelite"
    assert found.original_target == Decimal("12500.5")


def test_the_period_before_is_measured_when_it_is_over(company: Workspace) -> None:
    """Signed in the first quarter of 2025: 62,100 (see the evaluation's tests)."""
    text = GOOD.replace("target = 80000", 'baseline = "previous"\nchange = "+10 %"')

    take(company, text, on=datetime.date(2025, 3, 20))
    running = next(one for one in every(company) if one.id == "T2-ca")
    evaluate(company, on=datetime.date(2025, 4, 1))
    over = next(one for one in every(company) if one.id == "T2-ca")

    assert (running.baseline, running.target) == (None, None)
    assert (over.baseline, over.target) == (Decimal(62100), Decimal(68310))


def test_a_filter_the_facts_do_not_carry_is_told_each_time(company: Workspace) -> None:
    text = GOOD.replace("segment=PME", "couleur=rouge")

    for _ in range(2):
        (found,) = take(company, text).faults
        assert (found.id, found.fault.code) == ("T2-ca-nouveaux", "fault.not_carried")
        assert found.row == 2


def test_the_example_of_the_doors_is_kept_while_its_parent_is_awaited(
    company: Workspace,
) -> None:
    text = GOOD.partition('[[objective]]\nid = "T2-ca-nouveaux"')[2]

    report = take(company, '[[objective]]\nid = "T2-ca-nouveaux"' + text)

    assert report.added == ("T2-ca-nouveaux",)
    (found,) = report.faults
    assert (found.fault.code, found.fault.found) == ("fault.parent", "T2-ca")


def test_occurrences_hang_under_the_occurrence_of_the_same_month(
    company: Workspace,
) -> None:
    block = """
[[objective]]
id = "{id}"
kpi = "revenue"
owner = "{owner}"
first = 2025-01-01
after = 2025-04-01
every = "month"
target = 10000
{parent}
"""
    text = block.format(id="equipe", owner="team:nouveaux", parent="") + block.format(
        id="bob", owner="person:bob", parent='parent = "equipe"'
    )

    first = take(company, text)
    again = take(company, text)

    assert (len(first.added), len(again.unchanged)) == (6, 6)
    parents = {one.id: one.parent for one in every(company) if one.series == "bob"}
    assert parents["bob-2025-02"] == "equipe-2025-02"
