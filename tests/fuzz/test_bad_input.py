"""A few of the cases of `make fuzz`, always the same ones, and those that once broke.

Each door answers or refuses in one clear line; no traceback, no answer beside a refusal.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from jalon.cli.main import main
from tests.fuzz import inputs
from tests.fuzz.doors import Door, doors, tried

CASES = 3
DOORS = list(doors())


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workspace; nothing of what is tried is kept."""
    folder = tmp_path_factory.mktemp("fuzz") / "company"
    (folder / "warehouse").mkdir(parents=True)
    return folder


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_bad_input_is_answered_or_refused_in_one_line(
    door: Door, company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(company))
    dice = random.Random(f"{door.name} 2026")
    faults = [tried(door, company, tmp_path, dice)[0].fault for _ in range(CASES)]
    assert [fault for fault in faults if fault] == []


def part_before_the_file() -> bytes:
    """An archive whose directory says that a part begins before the file."""
    held = bytearray(inputs.bundle())
    at = held.rindex(b"PK\x01\x02")
    struct.pack_into("<I", held, at + 42, 0xFFFFFFF0)
    return bytes(held)


def part_that_does_not_inflate() -> bytes:
    """A workbook with a part whose compressed bytes mean nothing."""
    held = bytearray(inputs.workbook())
    name = b"xl/worksheets/sheet1.xml"
    at = held.index(name) + len(name) + 2
    held[at : at + 24] = b"\xff" * 24
    return bytes(held)


def version_to_come() -> bytes:
    """An archive that asks for a ZIP of a version to come."""
    held = bytearray(inputs.bundle())
    at = held.index(b"PK\x01\x02")
    struct.pack_into("<H", held, at + 6, 181)
    return bytes(held)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("crm.zip", part_before_the_file()),
        ("crm.zip", version_to_come()),
        ("deals.xlsx", part_that_does_not_inflate()),
    ],
    ids=["begins before the file", "of a version to come", "does not inflate"],
)
def test_a_damaged_archive_is_said_to_be_damaged(
    name: str,
    held: bytes,
    company: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(company))
    (tmp_path / name).write_bytes(held)

    with pytest.raises(SystemExit) as left:
        main(
            [
                "import",
                str(tmp_path / name),
                "--workspace",
                str(company),
                "--lang",
                "en",
            ]
        )

    said = capsys.readouterr().err.strip().splitlines()
    assert left.value.code == 2
    assert name in said[-1]
    assert "Expected an intact file" in said[-1]


def test_a_refusal_quotes_no_more_of_a_value_than_one_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(f"[{'A' * 50_000}]\n", "utf-8")
    (tmp_path / "company").mkdir()

    with pytest.raises(SystemExit):
        main(["payout", str(file), "--workspace", str(tmp_path / "company")])

    assert len(capsys.readouterr().err) < 2_000


def test_an_attainment_beyond_reason_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`1e400` once left the rounding of figures with a traceback."""
    plan, results = tmp_path / "plan.toml", tmp_path / "results.csv"
    plan.write_text(inputs.PLAN, "utf-8")
    results.write_text("person,measure,attainment\nAnn,sales,1e400\n", "utf-8")
    (tmp_path / "company").mkdir()
    told = ["payout", str(plan), str(results), "--lang", "en"]
    told += ["--workspace", str(tmp_path / "company")]

    with pytest.raises(SystemExit) as left:
        main(told)

    assert left.value.code == 2
    assert "1e400 is no number" in capsys.readouterr().err.replace('"', "")


@pytest.mark.parametrize(
    "point", ["[1.5, 2]", "[1, 1]"], ids=["at its end", "before it"]
)
def test_a_pay_beyond_reason_is_told_all_the_same(
    point: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A curve up to 10^30 once left the rounding of its sentence with a traceback."""
    plan, results = tmp_path / "plan.toml", tmp_path / "results.csv"
    assert point in inputs.PLAN
    beyond = point.replace(point.split(", ")[1], f"{'9' * 30}]")
    plan.write_text(inputs.PLAN.replace(point, beyond), "utf-8")
    results.write_text(inputs.RESULTS, "utf-8")
    (tmp_path / "company").mkdir()

    with contextlib.suppress(SystemExit):
        told = ["payout", str(plan), str(results), "--json"]
        main([*told, "--workspace", str(tmp_path / "company")])

    assert json.loads(capsys.readouterr().out)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "said"),
    [("1e400;", "1e400"), (";+99999999999 %", "+99999999999 %")],
    ids=["a target", "a change"],
)
def test_an_objective_beyond_reason_is_refused_and_spoils_no_other(
    cells: str, said: str, company: Path, tmp_path: Path, capsys: Any
) -> None:
    """`1e400` was once kept, and nothing could be read of the objectives any more."""
    file = tmp_path / "objectives.csv"
    head = "id;statement;kpi;owner;first;after;baseline_value;target;change\n"
    file.write_text(
        f"{head}a;Trop;deals_won;company;2025-01-01;2025-04-01;10;{cells}\n"
        "b;Signer 30 affaires;deals_won;company;2025-01-01;2025-04-01;;30;\n",
        "utf-8",
    )
    place = ["--workspace", str(company), "--lang", "en"]

    with pytest.raises(SystemExit):
        main(["objectives", "import", str(file), *place])
    refused = capsys.readouterr()
    with contextlib.suppress(SystemExit):
        main(["objectives", "list", "--json", *place])

    assert said in refused.out + refused.err
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == ["b"]


def test_a_cascade_beyond_reason_is_refused_in_one_line(
    company: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A target of 10^30 once left the splitting with a traceback."""
    file = tmp_path / "tree.json"
    nodes = [{"id": "company", "parent": None}, {"id": "ann", "parent": "company"}]
    told = {"kpi": "revenue", "target": 10**30, "step": 100, "nodes": nodes}
    file.write_text(json.dumps(told), "utf-8")

    with pytest.raises(SystemExit) as left:
        main(["cascade", str(file), "--workspace", str(company), "--lang", "en"])

    assert left.value.code == 2
    assert "Expected a number" in capsys.readouterr().err


def test_the_inputs_are_good_before_they_are_made_bad() -> None:
    assert zipfile.is_zipfile(io.BytesIO(inputs.bundle()))
    assert len(DOORS) == 10
