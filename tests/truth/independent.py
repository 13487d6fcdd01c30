"""The same figures worked out from the raw files by hand-written SQL, without Jalon.

`truth.json` rounds its shares to six digits and its money to the cent: here sums are
exact decimals, so that a share can be checked to 1e-9.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.truth.desk import EXACT

SIX_DIGITS = 5.1e-7
HALF_CENT = 0.005001  # half a cent, and what a float adds to it


class Files:
    """Raw files as tables of texts, asked in SQL."""

    def __init__(self, **files: Path) -> None:
        self.connection = duckdb.connect()
        for name, path in files.items():
            self.connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM "
                f"read_csv('{path}', all_varchar = true, header = true)"
            )

    def one(self, query: str) -> Any:
        """Return the only figure of a query."""
        ((figure,),) = self.connection.execute(query).fetchall()
        return figure

    def sums(self, query: str) -> dict[str, Decimal]:
        """Return the last column keyed by the others, "a | b" where there are two."""
        rows = self.connection.execute(query).fetchall()
        return {" | ".join(map(str, row[:-1])): row[-1] for row in rows}

    def shares(self, query: str) -> dict[str, float]:
        """Return the share of two last columns, part then whole, keyed as `sums`."""
        rows = self.connection.execute(query).fetchall()
        return {
            " | ".join(map(str, row[:-2])): float(Decimal(row[-2]) / Decimal(row[-1]))
            for row in rows
        }


def plain(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table whose quarters are written as the truth writes them: 2017Q1."""
    return {key.replace("-Q", "Q"): value for key, value in table.items()}


def same_as_truth(
    found: Mapping[str, Any],
    truth: Mapping[str, float],
    within: float = HALF_CENT,
    exact: Mapping[str, Decimal] | None = None,
) -> None:
    """Assert two tables equal, key for key, to the precision of the truth.

    `exact` are the figures before rounding: half a cent may go either way.
    """
    assert found.keys() == truth.keys()
    for key, told in truth.items():
        if exact:
            same_cents(found[key], told, exact[key], key)
        else:
            assert found[key] == pytest.approx(told, abs=within), key


def same_cents(found: float, told: float, exact: Decimal, label: str) -> None:
    """Assert that both figures are the exact one, rounded to the cent."""
    assert found == pytest.approx(float(exact), abs=HALF_CENT), label
    assert told == pytest.approx(float(exact), abs=HALF_CENT), label


def same_exactly(found: Mapping[str, Any], exact: Mapping[str, float]) -> None:
    """Assert two tables of shares equal to 1e-9."""
    assert found.keys() == exact.keys()
    for key, expected in exact.items():
        assert found[key] == pytest.approx(float(expected), abs=EXACT), key
