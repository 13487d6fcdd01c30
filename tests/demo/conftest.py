"""One sample company for all these tests: its rows, its generation, its folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from jalon.demo.load import load_rows
from jalon.demo.rows import Rows
from jalon.demo.sample import sample
from jalon.warehouse.generations import Generations
from tests.worlds import ardoise
from tests.worlds.ardoise import ON

SOURCES = Path(__file__).parents[2] / "src"
RunDemo = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def rows() -> Rows:
    return sample(ON)


@pytest.fixture(scope="session")
def generation(
    rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    warehouse = Generations(tmp_path_factory.mktemp("sample") / "warehouse")
    name = load_rows(warehouse, rows, on=ON)
    return duckdb.connect(str(warehouse.path(name)), read_only=True)


@pytest.fixture(scope="session")
def run_demo() -> RunDemo:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = "from jalon.cli.main import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, "demo", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": str(SOURCES)},
        )

    return run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that `jalon demo` made."""
    return ardoise.folder(tmp_path_factory)
