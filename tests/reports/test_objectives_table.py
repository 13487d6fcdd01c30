"""Objectives as a file say everything, in a form people can edit."""

from __future__ import annotations

import datetime
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.domain.objectives.objective import Direction, Objective
from jalon.domain.periods import Period
from jalon.reports.objectives_table import UnknownFormatError, as_csv, toml, written

QUOTED = Objective(
    id='le "quart"',
    statement="Ligne 1\nLigne 2 : « à 100 % » \\ fin",
    kpi="revenue",
    owner="person:é;t",
    period=Period(datetime.date(2026, 1, 1), datetime.date(2026, 4, 1)),
    direction=Direction.UP,
    original_target=Decimal("0.1"),
    where=("segment=PME",),
)


def test_toml_keeps_quotes_line_ends_and_decimals() -> None:
    (found,) = tomllib.loads(toml([QUOTED]), parse_float=Decimal)["objective"]

    assert found["id"] == QUOTED.id
    assert found["statement"] == QUOTED.statement
    assert found["target"] == Decimal("0.1")
    assert found["first"] == datetime.date(2026, 1, 1)


def test_what_is_not_said_is_not_written() -> None:
    assert "parent" not in toml([QUOTED])


def test_csv_has_one_line_an_objective_under_one_head() -> None:
    head, *_ = as_csv([QUOTED]).splitlines()

    assert head.startswith("id,series,statement")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match=r"\.xlsx"):
        written([QUOTED], tmp_path / "objectives.doc")
