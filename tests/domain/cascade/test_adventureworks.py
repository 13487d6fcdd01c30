"""AdventureWorks: the VP's target split to 3 teams and 17 people, met with proposals.

The same walk-through is told in `docs/guide/*/` with these figures.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jalon.cli.main import main
from tests.truth.desk import SHARED

DW = SHARED / "adventureworks" / "dw"
pytestmark = [
    pytest.mark.truth,
    pytest.mark.skipif(not DW.exists(), reason="no ../shared/data here"),
]
TARGET = 36_000_000
LOCKED = ("Tsvi Reiter", 2_300_000)
ON_RAMP = "Lynn Tsoflias"
PROPOSED = {
    "Linda Mitchell": (3_800_000, 0.9),
    "Jillian Carson": (3_400_000, 0.7),
    "Jae Pak": (4_300_000, 0.9),
    "Rachel Valdez": (2_100_000, 0.6),
    "Lynn Tsoflias": (900_000, 0.5),
}
HISTORY = """
SELECT e.FirstName || ' ' || e.LastName AS name,
       m.FirstName || ' ' || m.LastName AS manager, e.Title LIKE '%Manager' AS leads,
       (sum(SalesAmount::DECIMAL(18, 4)) / count(DISTINCT
            CASE WHEN OrderDate < '2012-12-01' THEN 1 ELSE 2 END))::DECIMAL(18, 2)
FROM read_csv('{dw}/FactResellerSales.csv.gz') AS s
JOIN read_csv('{dw}/DimEmployee.csv') AS e USING (EmployeeKey)
JOIN read_csv('{dw}/DimEmployee.csv') AS m ON m.EmployeeKey = e.ParentEmployeeKey
WHERE OrderDate >= '2011-12-01' AND OrderDate < '2013-12-01'
GROUP BY ALL ORDER BY ALL
"""


def _document(*, proposals: bool) -> dict[str, Any]:
    """Return the plan: a team for each manager, who carries accounts of their own."""
    rows = duckdb.sql(HISTORY.format(dw=DW)).fetchall()
    managers = [name for name, _, leads, _ in rows if leads]
    nodes: list[dict[str, Any]] = [{"id": "Brian Welcker"}]
    nodes += [{"id": f"team {name}", "parent": "Brian Welcker"} for name in managers]
    for name, manager, leads, yearly in rows:
        node: dict[str, Any] = {
            "id": name,
            "parent": f"team {name if leads else manager}",
            "history": float(yearly),
        }
        if name == LOCKED[0]:
            node["locked"] = LOCKED[1]
        if name == ON_RAMP:
            node["ramp"] = 0.5
        if proposals and name in PROPOSED:
            node["proposed"], node["confidence"] = PROPOSED[name]
        nodes.append(node)
    return {"kpi": "revenue", "target": TARGET, "nodes": nodes}


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def ask(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(document), "utf-8")
        with pytest.raises(SystemExit) as exit_:
            main(["--workspace", str(tmp_path), "cascade", str(file), "--json"])
        assert exit_.value.code == 0
        answer = json.loads(capsys.readouterr().out, parse_float=Decimal)
        return {node["id"]: node for node in answer["nodes"]}

    return ask


def _exact(found: dict[str, dict[str, Any]]) -> None:
    """Assert that every parent is the sum of its parts, to the cent."""
    for key, node in found.items():
        parts = [n["target"] for n in found.values() if n["parent"] == key]
        assert not parts or sum(map(Decimal, parts)) == node["target"]


def test_the_target_goes_down_to_seventeen_people(asked: Any) -> None:
    document = _document(proposals=False)
    found = asked(document)

    people = [node for node in document["nodes"] if "history" in node]
    assert len(people) == 17
    assert len([n for n in found.values() if n["parent"] == "Brian Welcker"]) == 3
    _exact(found)
    assert found[LOCKED[0]]["target"] == LOCKED[1]
    weight = {n["id"]: n["history"] * n.get("ramp", 1) for n in people}
    north = found["team Stephen Jiang"]
    free = [n["id"] for n in people if n["parent"] == north["id"] and "locked" not in n]
    rest = float(north["target"]) - LOCKED[1]
    for name in free:
        share = weight[name] / sum(weight[each] for each in free)
        assert float(found[name]["target"]) == pytest.approx(rest * share, abs=0.011)


def test_proposals_from_below_are_met_and_the_sum_stays(asked: Any) -> None:
    split = asked(_document(proposals=False))
    found = asked(_document(proposals=True))

    _exact(found)
    assert found["Brian Welcker"]["target"] == TARGET
    assert found[LOCKED[0]]["target"] == LOCKED[1]
    # Each is moved from what they said by their variance times one common level.
    deviation = {
        name: (1 - PROPOSED[name][1]) * PROPOSED[name][0]
        if name in PROPOSED
        else 0.2 * float(split[name]["target"])
        for name in (n["id"] for n in found.values())
        if "team" not in name and name not in {"Brian Welcker", LOCKED[0]}
    }
    base = {
        name: PROPOSED[name][0] if name in PROPOSED else float(split[name]["target"])
        for name in deviation
    }
    levels = [
        (float(found[name]["target"]) - base[name]) / deviation[name] ** 2
        for name in deviation
    ]
    assert levels == pytest.approx([levels[0]] * len(levels), rel=1e-5)
