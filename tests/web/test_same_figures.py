"""The figures on the pages are those the command line tells, objective by objective."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.paginator import Page
from django.test import Client

from jalon.cli.main import main
from jalon.queries.pages import Line
from jalon.workspace.folder import Workspace
from tests.worlds import followed

Reader = Callable[[str], Client]
Told = dict[str, dict[str, Any]]
PAGES = (
    "/",
    "/objectives/?when=all",
    "/objectives/ca-t2/",
    "/objectives/closing-bob/",
    "/objectives/cycle-nouveaux/",
    "/team/?team=nouveaux",
    "/team/?team=company",
    "/direction/",
    "/pacing/",
    "/pacing/?owner=person:bob",
)
FIGURES = {  # a line of a page, the same figure of the command line
    "target": "target",
    "baseline": "baseline",
    "actual": "actual",
    "expected": "expected_to_date",
    "attainment": "attainment",
    "gap": "gap",
    "probability": "probability",
}


@pytest.fixture
def told(company: Workspace, capsys: pytest.CaptureFixture[str]) -> Told:
    """Return what `jalon objectives status --json` says, by id."""
    lines = _jalon(company, capsys, "objectives", "status")
    return {one["id"]: one for one in lines}


def _jalon(company: Workspace, capsys: pytest.CaptureFixture[str], *asked: str) -> Any:
    with pytest.raises(SystemExit) as left:
        main(
            [
                *("--workspace", str(company.folder)),
                *asked,
                *("--on", followed.ON.isoformat(), "--json"),
            ]
        )
    assert not left.value.code
    return json.loads(capsys.readouterr().out)


def _lines(value: object, depth: int = 0) -> Iterator[Line]:
    """Yield the lines held in what a page is made of."""
    if isinstance(value, Line):
        yield value
    elif isinstance(value, Page | tuple | list):
        for one in value:
            yield from _lines(one, depth + 1)
    elif isinstance(value, dict):
        yield from _lines(list(value.values()), depth + 1)
    elif dataclasses.is_dataclass(value) and depth < 12:
        held = [getattr(value, one.name) for one in dataclasses.fields(value)]
        yield from _lines(held, depth + 1)


def _same(shown: Decimal | None, said: float | None, unit: str) -> bool:
    if shown is None or said is None:
        return shown is None and said is None
    return abs(shown - Decimal(str(said))) <= Decimal(
        "0.005" if unit == "money" else "1e-9"
    )


@pytest.mark.parametrize("address", PAGES)
def test_every_line_of_a_page_says_what_the_command_says(
    reader: Reader, told: Told, address: str
) -> None:
    answer = reader("alice").get(address)

    found = {
        line.id: line
        for names in answer.context
        for held in (names.dicts if hasattr(names, "dicts") else [names])
        for line in _lines({k: v for k, v in held.items() if k != "block"})
    }
    assert found
    for name, line in found.items():
        if line.state == "proposed":  # not followed yet: the command has no figure
            assert name not in told
            continue
        said = told[name]
        assert line.status == said["status"], name
        assert line.state == said["state"], name
        for shown, key in FIGURES.items():
            unit = "money" if line.unit == "money" and key != "attainment" else ""
            same = _same(getattr(line, shown), said[key], unit)
            assert same, f"{name}: {shown} {getattr(line, shown)} but {said[key]}"


@pytest.mark.parametrize(
    ("objective", "asked", "label"),
    [
        pytest.param("ca-t2-bob", ("revenue", "--by", "person"), "bob", id="a person"),
        pytest.param(
            "ca-t2-nouveaux", ("revenue", "--by", "team"), "nouveaux", id="a team"
        ),
        pytest.param("ca-t2", ("revenue",), "", id="the company"),
        pytest.param(
            "closing-bob", ("win_rate", "--by", "person"), "bob", id="a share"
        ),
        pytest.param(
            "cycle-nouveaux",
            ("sales_cycle_days", "--by", "team"),
            "nouveaux",
            id="a mean",
        ),
    ],
)
def test_the_page_of_an_objective_says_what_the_kpi_says(
    reader: Reader,
    company: Workspace,
    capsys: pytest.CaptureFixture[str],
    objective: str,
    asked: tuple[str, ...],
    label: str,
) -> None:
    line = reader("alice").get(f"/objectives/{objective}/").context["line"]
    period = ("--from", "2025-04-01", "--to", "2025-07-01")
    rows = _jalon(company, capsys, "kpi", "value", *asked, *period)["rows"]

    (row,) = [
        one
        for one in rows
        if not label or label in {one.get("person_id"), one.get("team_id")}
    ]
    assert line.actual is not None
    assert _same(line.actual, row["value"], line.unit)
