"""A worker of Spark dies while a company's KPIs are counted: the figures are the same.

Only with `make test-engines`: it starts a master and two workers.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import by_engine, by_hand, sample
from jalon.warehouse.engines.chosen import engine_of
from jalon.warehouse.engines.spark import Spark
from jalon.workspace.folder import Workspace
from tests.warehouse.engines.spark_cluster import Cluster, kill

SCALE = 0.02  # twenty thousand deals: each KPI takes a second or two


@pytest.mark.skipif(
    "spark" not in os.environ.get("JALON_ENGINES", ""), reason="make test-engines"
)
def test_a_worker_killed_during_a_run_changes_no_figure(tmp_path: Path) -> None:
    company = sample.made(tmp_path / "company", SCALE)
    expected = {kpi: _sides(company, kpi) for kpi in by_hand.QUERIES}
    with Cluster(tmp_path) as cluster, ThreadPoolExecutor(1) as aside:
        settings = replace(company.settings, engine=cluster.address)
        elsewhere = replace(company, settings=settings)
        first, *others = by_hand.QUERIES
        assert _sides(elsewhere, first) == expected[first]
        asked = aside.submit(lambda: {kpi: _sides(elsewhere, kpi) for kpi in others})
        kill(cluster.workers[0])
        still_asking = not asked.done()
        found = asked.result(timeout=300)
        assert cluster.workers[1].poll() is None
        spark = engine_of(cluster.address)
        assert isinstance(spark, Spark)
        spark.close()
    assert still_asking
    assert found == {kpi: expected[kpi] for kpi in others}


def _sides(company: Workspace, kpi: str) -> object:
    return by_engine.sides(by_engine.answered(company, kpi))
